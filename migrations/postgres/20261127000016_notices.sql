-- migrations/20261127000016_notices.sql for PostgreSQL; its comments are there.

drop view mail_item;
drop index mail_due;

alter table mail drop constraint mail_kind_check;
alter table mail add constraint mail_kind_check check (kind in ('answer', 'message', 'digest', 'invitation', 'password', 'review', 'schedule', 'address', 'new_address'));
alter table mail rename column header_id to token;
alter table mail alter column due_at set default 0;
alter table mail add column user_id bigint references users (id) on delete cascade;
alter table mail add column schedule_id bigint references schedule (id) on delete cascade;
update mail set token = substr(token, 2, strpos(token, '@') - 2);

create index mail_due on mail (state, due_at, id);
create index mail_user on mail (user_id, kind);
create index mail_schedule on mail (schedule_id);

create view mail_item as
select m.id, m.kind, m.state, m.created_at, m.author_name, coalesce(nullif(m.recipient, ''), u.email, '') as recipient, m.user_id,
       m.message_id, coalesce(o.reference, '') as reference, m.attempts, m.due_at, m.busy_until, m.fault, m.sent_at
from mail m left join message o on o.id = m.message_id left join users u on u.id = m.user_id
where m.kind <> 'password' or m.user_id is not null;

create table notice_choice (
    user_id       bigint  primary key references users (id) on delete cascade,
    messages      text collate "C" not null check (messages in ('none', 'at_once', 'daily')),
    own_documents boolean not null,
    told_message  bigint  not null,
    next_at       bigint  not null default 0
);

create index notice_choice_messages on notice_choice (messages);

create table daily_mail (
    id  bigint primary key check (id = 1),
    day text collate "C" not null
);

insert into daily_mail (id, day) values (1, '');

create table review_notice (
    document_id bigint not null references document (id) on delete cascade,
    user_id     bigint not null references users (id) on delete cascade,
    review_on   text collate "C" not null,
    primary key (document_id, user_id)
);

create index review_notice_user on review_notice (user_id);

create table address_link (
    token_hash text collate "C" primary key,
    user_id    bigint not null references users (id) on delete cascade,
    email      text collate "C" not null,
    created_at bigint not null,
    expires_at bigint not null
);

create index address_link_user on address_link (user_id);
