-- E-mails that tell users what was changed in how they sign in, and of a sign-in on a new device.

drop view mail_item;
drop index mail_due;
drop index mail_unsent;
drop index mail_message;
drop index mail_user;
drop index mail_schedule;
alter table mail rename to mail_before;

-- A row is written by the change that causes it, and taken by one node at a time.
create table mail (
    id             integer primary key autoincrement,
    kind           text   not null check (kind in ('answer', 'message', 'digest', 'invitation', 'password', 'review', 'schedule', 'address', 'new_address', 'new_password', 'added_passkey', 'removed_passkey', 'added_code_app', 'removed_code_app', 'new_recovery_codes', 'removed_factors', 'new_device')),
    state          text   not null check (state in ('waiting', 'failed', 'sent')),
    created_at     bigint not null,
    author_name    text   not null,             -- who caused it
    message_id     bigint references message (id) on delete cascade,    -- the message of a visitor that it answers
    token          text   not null unique,      -- its Message-ID before the @
    recipient      text   not null,             -- empty: the address of the user
    recipient_name text   not null,
    subject        text   not null,             -- from here on only of answers
    answer         text   not null,             -- what the author wrote; empty once it was sent
    quoted         text   not null,             -- what is quoted below; empty once it was sent
    attempts       bigint not null default 0,
    due_at         bigint not null default 0,   -- the next try, by the steady clock
    busy_until     bigint not null default 0,   -- a node is trying until then, by the same
    fault          text   not null default '',  -- what became of the last try
    sent_at        bigint,
    user_id        bigint references users (id) on delete cascade,      -- whom it is for, unless that is a visitor
    schedule_id    bigint references schedule (id) on delete cascade    -- the schedule that it is about
);

insert into mail (id, kind, state, created_at, author_name, message_id, token, recipient, recipient_name, subject, answer, quoted,
                  attempts, due_at, busy_until, fault, sent_at, user_id, schedule_id)
select id, kind, state, created_at, author_name, message_id, token, recipient, recipient_name, subject, answer, quoted, attempts,
       due_at, busy_until, fault, sent_at, user_id, schedule_id
from mail_before;
drop table mail_before;

create index mail_due on mail (state, due_at, id);
create index mail_unsent on mail (id) where state <> 'sent';
create index mail_message on mail (message_id, id);
create index mail_user on mail (user_id, kind);
create index mail_schedule on mail (schedule_id);

-- E-mails without what is written in them: what the screens are given. What a stranger typed to get a link is in none.
create view mail_item as
select m.id, m.kind, m.state, m.created_at, m.author_name, coalesce(nullif(m.recipient, ''), u.email, '') as recipient, m.user_id,
       m.message_id, coalesce(o.reference, '') as reference, m.attempts, m.due_at, m.busy_until, m.fault, m.sent_at
from mail m left join message o on o.id = m.message_id left join users u on u.id = m.user_id
where m.kind <> 'password' or m.user_id is not null;
