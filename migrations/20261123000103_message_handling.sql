-- So that two people at one message notice each other, and a search finds Öztürk as well as öztürk.

alter table message add column version     bigint not null default 1;   -- grows with each change at the desk
alter table message add column handled_by  text   not null default '';  -- who made the last one
alter table message add column search_text text   not null default '';  -- what a search looks through, lower case

-- The program folds the case of every script; for what is there already the database does what it can.
update message set search_text =
    lower(reference || ' ' || name || ' ' || email || ' ' || topic || ' ' || role || ' ' || country || ' ' || body);
