-- migrations/20261123000301_search_term.sql for PostgreSQL; its comments are there.

create table search_term (
    day           text collate "C" not null,
    term          text collate "C" not null,
    typed         text collate "C" not null,
    searches      bigint not null,
    zero_results  bigint not null,
    primary key (day, term)
);
