-- The terms that texts link to are items now, and found by the layout of their page.
drop table glossary_revision;
