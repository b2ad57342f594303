-- E-mails that are to be sent. A row is written by the change that causes it, and taken by one node at a time.

create table mail (
    id             integer primary key autoincrement,
    kind           text   not null check (kind in ('answer', 'message', 'digest', 'invitation', 'review', 'schedule')),
    state          text   not null check (state in ('waiting', 'failed', 'sent')),
    created_at     bigint not null,
    author_name    text   not null,             -- who caused it
    message_id     bigint references message (id) on delete cascade,    -- the message of a visitor that it is about
    header_id      text   not null unique,      -- its Message-ID
    recipient      text   not null,
    recipient_name text   not null,
    subject        text   not null,
    answer         text   not null,             -- what the author wrote; empty once it was sent
    quoted         text   not null,             -- what is quoted below; empty once it was sent
    attempts       bigint not null default 0,
    due_at         bigint not null,             -- the next try, by the steady clock
    busy_until     bigint not null default 0,   -- a node is trying until then, by the same
    fault          text   not null default '',  -- what became of the last try
    sent_at        bigint
);

create index mail_due on mail (state, due_at);
create index mail_unsent on mail (id) where state <> 'sent';
create index mail_message on mail (message_id, id);

-- E-mails without what is written in them: what the screens are given.
create view mail_item as
select m.id, m.kind, m.state, m.created_at, m.author_name, m.recipient, m.message_id, o.reference, m.attempts, m.due_at, m.busy_until,
       m.fault, m.sent_at
from mail m join message o on o.id = m.message_id;
