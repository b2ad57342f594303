-- What belongs to the site as a whole.

create table setting (
    name  text primary key,
    value text not null
);

-- What an administrator says is done before the site is opened, whether that list was put away, and the last backup.
create table opening_step (
    name    text primary key,
    done_at bigint not null,
    done_by text not null
);

-- What an administrator changed of the menus: entries in their order. A page of the uppermost level that has none is in the menu
-- that its version names, after these.
create table menu_entry (
    id          integer primary key autoincrement,
    menu        text    not null check (menu in ('main', 'footer')),
    position    bigint  not null,
    document_id bigint  references document (id),   -- null: an address elsewhere
    label       text    not null,                   -- empty: the label of the page
    target      text    not null,                   -- an https or mailto address; empty for a page
    is_hidden   boolean not null default false,
    is_added    boolean not null default false      -- otherwise it is there while the version of the page names this menu
);

create index menu_entry_order on menu_entry (menu, position, id);
create unique index menu_entry_document on menu_entry (document_id, menu);

-- What became of the last backup that was made by itself, and of the last restore drill.
create table backup_outcome (
    trial        text primary key check (trial in ('backup', 'drill')),
    at           bigint not null,
    milliseconds bigint not null,
    file         text not null,
    fault        text not null           -- what was wrong; empty: nothing
);

-- Keys that the program makes for itself, such as the one that signs the time in forms.
create table app_key (
    name  text primary key,
    value text not null
);

-- Who did what when: append-only, each entry bound to the one before it by its hash.
create table audit_log (
    id            integer primary key autoincrement,
    at            bigint  not null,
    actor_id      bigint,
    actor_name    text    not null,
    action        text    not null,
    subject_kind  text    not null,
    subject_id    bigint,
    subject       text    not null,
    detail        text    not null,
    contents      text    not null,             -- what was stored: a line for each, of kind, id and hash
    search_text   text    not null,             -- who, what and which, folded by the program; no part of the hash
    previous_hash text    not null,
    hash          text    not null
);

create trigger audit_log_keeps_rows before delete on audit_log
begin
    select raise(abort, 'the audit log is append-only');
end;

-- `insert or replace` deletes without the trigger above. An id that is still to be made is not above 0 here.
create trigger audit_log_keeps_ids before insert on audit_log
when new.id > 0 and exists (select 1 from audit_log where id = new.id)
begin
    select raise(abort, 'the audit log is append-only');
end;

create trigger audit_log_keeps_values before update on audit_log
begin
    select raise(abort, 'the audit log is append-only');
end;

-- What each change needs to be undone, for as long as that is offered, and the entries of the audit log about it.
create table undoable (
    id          integer primary key autoincrement,
    at          bigint  not null,
    steps       text    not null,               -- JSON
    first_entry bigint  not null default 0,
    last_entry  bigint  not null default 0
);

create index undoable_at on undoable (at);
create index undoable_entry on undoable (last_entry);

-- How long the program has run in all, in milliseconds, by a clock that nobody can set, and the latest plausible time
-- of the machine's own clock. Then what the clocks said when the program last wrote them down, each minute: the steady
-- one, the machine's, and the time since the start of the machine, with the name of that start.
create table running_time (
    id            bigint primary key check (id = 1),
    milliseconds  bigint not null,
    seen_at       bigint,                       -- null: the newest audit entry says it
    steady_at     bigint,                       -- null, as all below: never written down
    wall_at       bigint,
    machine       text,                         -- null, as the next: the machine does not tell
    machine_since bigint
);

insert into running_time (id, milliseconds) values (1, 0);

-- Grows by one with each committed change of anything public.
create table site (
    id      bigint primary key check (id = 1),
    version bigint not null
);

insert into site (id, version) values (1, 0);

-- The last check of the audit log that an administrator started, on whichever node.
create table audit_check (
    id       bigint primary key check (id = 1),
    begun_at bigint,
    seen_at  bigint,                            -- when it last said how many entries it has checked
    ended_at bigint,                            -- null while it is running
    entries  bigint not null,
    result   text                               -- JSON; null when it could not be finished
);

insert into audit_check (id, entries) values (1, 0);

-- Forms that were sent a moment ago, with the response to each: known to all nodes, so that a form that is sent twice is
-- handled once. Empty while one process serves the site.
create table submission (
    key       text   primary key,               -- a hash of the form, of who sent it and where to
    owner     text   not null,                  -- a hash of the session
    target    text   not null,                  -- a hash of path and query
    response  text,                             -- encrypted; null while the form is being handled
    keep_till bigint not null
);

create index submission_by_owner on submission (owner, target);

create index submission_by_end on submission (keep_till);

-- One row that the readiness check writes, to see whether writing works.
create table write_check (
    id    bigint primary key check (id = 1),
    count bigint not null
);

insert into write_check (id, count) values (1, 0);
