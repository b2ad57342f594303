-- The labels of each revision, made from its field: what counts as the same label, and how its author wrote it.
create table revision_label (
    revision_id bigint not null references revision (id),
    name        text   collate "C" not null, -- folded: small letters without accents
    label       text   collate "C" not null,
    primary key (revision_id, name)
);

create index revision_label_name on revision_label (name, revision_id);

-- Versions of pages whose terms the texts of other pages link to.
create table glossary_revision (
    revision_id bigint primary key references revision (id)
);
