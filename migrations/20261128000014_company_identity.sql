-- Whose account is whose at the provider of the company sign-in.
create table company_identity (
    issuer    text   not null,
    subject   text   not null,                  -- the account at the provider, by its own id
    user_id   bigint not null references users (id) on delete cascade,
    linked_at bigint not null,
    primary key (issuer, subject)
);

-- One account at each provider.
create unique index company_identity_user on company_identity (user_id, issuer);
