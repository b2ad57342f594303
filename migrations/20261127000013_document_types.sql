-- Types of document, which administrators make. A row is one version of a type and never changes; the newest of a key counts.

create table document_type_version (
    id          integer primary key autoincrement,
    key         text    not null,               -- its name in files and revisions
    version     bigint  not null,               -- 1, 2, 3 … of this key
    definition  text    not null,               -- what it is called, what it is used for, its fields, as JSON
    changes     text    not null,               -- what it changes, in a sentence
    author_id   bigint,
    author_name text    not null,
    created_at  bigint  not null,
    unique (key, version)
);

create trigger document_type_version_keeps_rows before delete on document_type_version
begin
    select raise(abort, 'a version of a type is never deleted');
end;

create trigger document_type_version_keeps_ids before insert on document_type_version
when new.id > 0 and exists (select 1 from document_type_version where id = new.id)
    or exists (select 1 from document_type_version where key = new.key and version = new.version)
begin
    select raise(abort, 'a version of a type is never replaced');
end;

create trigger document_type_version_keeps_values before update on document_type_version
begin
    select raise(abort, 'a version of a type never changes');
end;
