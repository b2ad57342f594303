-- What visitors sent through the contact form, and what became of it.

create table message (
    id           integer primary key autoincrement,
    reference    text    not null unique,       -- what the visitor was told
    received_at  bigint  not null,
    status       text    not null check (status in ('unread', 'open', 'answered', 'spam', 'archived')),
    topic        text    not null,
    name         text    not null,
    email        text    not null,              -- as it was typed
    sender       text    not null default '',   -- the same in its normal form
    role         text    not null,
    country      text    not null,
    body         text    not null,
    spam_score   bigint  not null,
    spam_reasons text    not null,
    assignee_id  bigint  references users (id),
    answer       text    not null default '',
    saved_at     bigint,                        -- the answer
    saved_by     text    not null default '',
    answered_at  bigint,                        -- when someone said that it was sent
    answered_by  text    not null default '',
    kept_from    bigint  not null,              -- when its time began: received_at, unless the clock was behind then
    delete_after bigint                         -- running time; null while it is not marked for deletion
);

create index message_status on message (status, id);
create index message_received on message (received_at, id);
create index message_due on message (delete_after, kept_from, status);
create index message_sender on message (sender, id);

create table message_note (
    id          integer primary key autoincrement,
    message_id  bigint  not null references message (id) on delete cascade,
    created_at  bigint  not null,
    author_id   bigint,
    author_name text    not null,
    body        text    not null
);

create index message_note_message on message_note (message_id, id);

-- What a user typed or chose at a message and has not saved.
create table message_draft (
    message_id bigint not null references message (id) on delete cascade,
    user_id  bigint not null references users (id) on delete cascade,
    answer     text,                            -- null: the saved one was not changed
    note       text   not null,
    assignee   text,                            -- id of a user, empty for nobody; null: not changed
    primary key (message_id, user_id)
);

create index message_draft_user on message_draft (user_id);

-- What is remembered about deleting messages whose time is over.
create table retention (
    id          bigint primary key check (id = 1),
    waits_until bigint not null,                -- running time before which no message is marked for deletion
    agreed      bigint not null,                -- how many an administrator agreed to delete at once
    paused      text   check (paused in ('clock', 'share'))
);

insert into retention (id, waits_until, agreed) values (1, 0, 0);

-- Texts that users put into answers.
create table answer_template (
    id         integer primary key autoincrement,
    name       text    not null unique,
    body       text    not null,
    created_at bigint  not null
);
