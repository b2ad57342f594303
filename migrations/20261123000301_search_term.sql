-- What visitors searched, by day: counted, without anything that could name a visitor.

create table search_term (
    day           text   not null,              -- YYYY-MM-DD, UTC
    term          text   not null,              -- folded by the program
    typed         text   not null,              -- as it was typed first
    searches      bigint not null,
    zero_results  bigint not null,
    primary key (day, term)
);
