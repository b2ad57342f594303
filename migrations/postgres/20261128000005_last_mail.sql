-- migrations/20261128000005_last_mail.sql for PostgreSQL; its comments are there.

alter table daily_mail add column sent_at bigint;
