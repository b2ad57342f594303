-- Marks the file as a database of Plinth ("Plnt"), so that no other program's file is taken for one.
pragma application_id = 1349283444;

-- Who may sign in, and how they get in the first time.
-- Times everywhere are UTC milliseconds, bound by the program; texts are UTF-8.

create table users (
    id            integer primary key autoincrement,
    email         text    not null unique,      -- in its normal form; the name to sign in with
    name          text    not null,
    role          text    not null check (role in ('administrator', 'editor')),
    password_hash text,                         -- argon2id; null until the invitation is accepted
    -- Grows with every change of password, role or activation; a session of an older version has ended.
    credential_version bigint not null default 1,
    active        boolean not null default true,
    created_at    bigint  not null,
    signed_in_at  bigint,
    search_text   text    not null              -- name and e-mail, folded by the program
);

-- Filters of lists that users have saved under a name.
create table saved_view (
    id         integer primary key autoincrement,
    user_id    bigint  not null references users (id) on delete cascade,
    list       text    not null,                -- its path
    name       text    not null,
    query      text    not null,
    created_at bigint  not null,
    unique (user_id, list, name)
);

-- The code app of a user. Its secret is made from the salt and a key of the program (app_key), so this table tells nobody.
create table code_app (
    user_id  bigint primary key references users (id) on delete cascade,
    salt     text not null,
    added_at bigint not null
);

-- The time steps whose code a user has used: none is taken twice.
create table code_step (
    user_id bigint not null references users (id) on delete cascade,
    step    bigint not null,
    primary key (user_id, step)
);

-- Codes for a user who has lost the app; each works once. They are random, so a plain hash keeps them secret.
create table recovery_code (
    code_hash text primary key,
    user_id   bigint not null references users (id) on delete cascade,
    used_at   bigint
);

create index recovery_code_user on recovery_code (user_id);

-- Users without their passwords: what nearly all of the program is given.
create view account as
select id, email, name, role, active, password_hash is not null as has_accepted, credential_version, created_at,
       signed_in_at, search_text, exists (select 1 from code_app c where c.user_id = users.id) as has_second_factor
from users;

-- One-time links: the first administrator, an invitation, a forgotten password.
-- Only the hash of the token is kept, so a stolen backup signs nobody in.
create table invitation (
    token_hash text   primary key,
    purpose    text   not null check (purpose in ('first_administrator', 'invitation', 'password')),
    user_id  bigint references users (id) on delete cascade,
    created_at bigint not null,
    expires_at bigint not null
);

create index invitation_user on invitation (user_id);

-- Sessions of the admin area; the id is kept hashed for the same reason.
create table session (
    id         integer primary key autoincrement, -- names it on screens; the id in the cookie is another
    id_hash    text   not null unique,
    user_id  bigint references users (id) on delete cascade,
    device     text   not null,                 -- browser and system, in words
    data       text   not null,                 -- JSON of the session's values
    created_at bigint not null,
    seen_at    bigint not null,
    expires_at bigint not null
);

create index session_owner on session (user_id);
create index session_expiry on session (expires_at);
