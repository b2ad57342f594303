-- Two more outcomes: of a restore drill with the key of a maintainer, and of putting backups into a bucket.
create table backup_outcome_of (
    trial        text primary key check (trial in ('backup', 'drill', 'key', 'upload')),
    at           bigint not null,
    milliseconds bigint not null,
    file         text not null,
    fault        text not null           -- what was wrong; empty: nothing
);
insert into backup_outcome_of (trial, at, milliseconds, file, fault)
    select trial, at, milliseconds, file, fault from backup_outcome;
drop table backup_outcome;
alter table backup_outcome_of rename to backup_outcome;
