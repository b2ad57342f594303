-- So that two users at one message notice each other, and a search finds Öztürk by ozturk.

alter table message add column version     bigint not null default 1;   -- grows with each change in the admin area
alter table message add column handled_by  text   not null default '';  -- who made the last one
alter table message add column search_text text   not null default '';  -- what a search looks through, folded
