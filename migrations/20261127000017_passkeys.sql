-- Passkeys of users: keys that their devices keep. Only the public half is here, so this table lets nobody in.

create table passkey (
    id            integer primary key autoincrement,
    user_id       bigint  not null references users (id) on delete cascade,
    credential_id text    not null unique,      -- its own id, in Base64 for addresses
    name          text    not null,             -- as its user knows it
    credential    text    not null,             -- public key, counter, transports and flags, as the library writes them (JSON)
    backed_up     boolean not null,             -- whether it was copied to other devices of its user when it was last used
    added_at      bigint  not null,
    used_at       bigint
);

create index passkey_user on passkey (user_id);

-- Codes of the app that were wrong since the last right one; there is a limit that time does not lift.
alter table code_app add column wrong_codes bigint not null default 0;

-- Devices on which users have signed in. The id of one is in its cookie; a device that is not here is not known.
create table known_device (
    id            integer primary key autoincrement,
    user_id       bigint  not null references users (id) on delete cascade,
    device_hash   text    not null unique,      -- of its id
    device        text    not null,             -- browser and system, in words
    network       text    not null,             -- a part of the address of the last sign-in
    first_seen_at bigint  not null,
    last_seen_at  bigint  not null
);

create index known_device_user on known_device (user_id, last_seen_at);
create index known_device_seen on known_device (last_seen_at);

-- A passkey is a second factor too.
drop view account;
create view account as
select id, email, name, role, active, password_hash is not null as has_accepted, credential_version, created_at,
       signed_in_at, search_text,
       exists (select 1 from code_app c where c.user_id = users.id)
       or exists (select 1 from passkey p where p.user_id = users.id) as has_second_factor
from users;
