-- Whom administrators have told of what happens. The secret that signs follows from the salt and a key of the program.
create table webhook (
    id           integer primary key autoincrement,
    url          text   not null unique,
    salt         text   not null,
    events       text   not null,               -- names, with spaces between them
    created_at   bigint not null,
    creator_name text   not null,
    delivered_at bigint                         -- when one was taken last
);

-- What is to be told. A row is written by the change that it is about, taken by one node at a time, and deleted when it was taken.
create table webhook_delivery (
    id         integer primary key autoincrement,   -- the receiver is told it, and knows by it what is sent again
    webhook_id bigint not null references webhook (id) on delete cascade,
    event      text   not null,
    body       text   not null,                     -- JSON
    state      text   not null check (state in ('waiting', 'failed')),
    created_at bigint not null,
    attempts   bigint not null default 0,
    due_at     bigint not null,                     -- the next try, by the steady clock
    busy_until bigint not null default 0,           -- a node is trying until then, by the same
    fault      text   not null default ''           -- what became of the last try
);

create index webhook_delivery_due on webhook_delivery (state, due_at);
create index webhook_delivery_webhook on webhook_delivery (webhook_id);
