-- migrations/20261123000103_message_handling.sql for PostgreSQL; its comments are there.

alter table message add column version     bigint not null default 1;
alter table message add column handled_by  text collate "C" not null default '';
alter table message add column search_text text collate "C" not null default '';
