-- migrations/20261128000014_company_identity.sql for PostgreSQL; its comments are there.

create table company_identity (
    issuer    text collate "C" not null,
    subject   text collate "C" not null,
    user_id   bigint not null references users (id) on delete cascade,
    linked_at bigint not null,
    primary key (issuer, subject)
);

create unique index company_identity_user on company_identity (user_id, issuer);
