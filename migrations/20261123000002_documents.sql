-- Documents, their revisions, and where they are: pages in a tree, FAQ items in categories.

create table document (
    id                    integer primary key autoincrement,
    kind                  text    not null check (kind in ('page', 'faq_item')),
    latest_revision_id    bigint,                   -- newest revision
    published_revision_id bigint,                   -- revision that visitors see; null: not public
    created_at            bigint  not null,
    trashed_at            bigint,
    trashed_with_id       bigint                    -- the document whose deletion took this one along
);

create index document_trash on document (trashed_at, id);
create index document_trashed_with on document (trashed_with_id);

-- A revision is complete and never changes. Columns that a kind does not use stay empty.
create table revision (
    id          integer primary key autoincrement,
    document_id bigint  not null references document (id),
    version     bigint  not null,
    document_type text  not null,               -- key of its type; empty: none
    title       text    not null,
    slug        text    not null,
    category_id bigint,
    clause_number text  not null,
    menu_label  text    not null,
    menu        text    not null check (menu in ('main', 'footer', 'hidden')),
    layout      text    not null,
    summary     text    not null,
    body        text    not null,
    owner       text    not null,
    review_by   text,                           -- YYYY-MM-DD
    change_note text    not null,               -- what changed, in the author's words; public
    fields      text    not null default '{}',  -- all other values, a JSON object by the keys of the field table
    author_id   bigint,
    author_name text    not null,
    created_at  bigint  not null,
    search_text text    not null,               -- title and clause number, folded by the program
    made_from   bigint,                         -- the version that was the newest then; null for the first
    unique (document_id, version)
);

create index revision_created on revision (created_at, id);
create index revision_collection on revision (document_id) where layout in ('faq', 'glossary', 'practice');
create index revision_type on revision (document_type, document_id) where document_type <> '';

create trigger revision_keeps_rows before delete on revision
begin
    select raise(abort, 'a revision is never deleted');
end;

-- `insert or replace` deletes without the triggers of a deletion. An id that is still to be made is not above 0 here.
create trigger revision_keeps_ids before insert on revision
when new.id > 0 and exists (select 1 from revision where id = new.id)
    or exists (select 1 from revision where document_id = new.document_id and version = new.version)
begin
    select raise(abort, 'a revision is never replaced');
end;

create trigger revision_keeps_values before update on revision
begin
    select raise(abort, 'a revision never changes');
end;

-- Which revision was live from when until when, and who decided it. What was unpublished and is shown again as it was
-- is a row of its own, with the decision of the row before and the time from which it counts again.
create table publication (
    id             integer primary key autoincrement,
    document_id    bigint  not null references document (id),
    revision_id    bigint  not null references revision (id),
    published_at   bigint  not null,
    restored_at    bigint,                      -- null: live from published_at on
    ended_at       bigint,
    published_by   bigint,
    publisher_name text    not null,
    approved_by    bigint,
    approver_name  text    not null default '',
    note           text    not null             -- what changed since the publication before, in the authors' words; public
);

create index publication_document on publication (document_id, id);
create index publication_ended on publication (id) where ended_at is not null;
create index publication_live on publication (published_at, id) where ended_at is null;

create trigger publication_keeps_rows before delete on publication
begin
    select raise(abort, 'a publication is never deleted');
end;

create trigger publication_keeps_ids before insert on publication
when new.id > 0 and exists (select 1 from publication where id = new.id)
begin
    select raise(abort, 'a publication is never replaced');
end;

-- It ends once; nothing else of it changes.
create trigger publication_keeps_values before update on publication
when old.ended_at is not null or new.ended_at is null
    or new.id is not old.id or new.document_id is not old.document_id or new.revision_id is not old.revision_id
    or new.published_at is not old.published_at or new.restored_at is not old.restored_at or new.note is not old.note
    or new.published_by is not old.published_by or new.publisher_name is not old.publisher_name
    or new.approved_by is not old.approved_by or new.approver_name is not old.approver_name
begin
    select raise(abort, 'a publication does not change but for its end');
end;

-- What will be published or unpublished at a time that a user decided on.
create table schedule (
    id           integer primary key autoincrement,
    document_id  bigint  not null references document (id),
    revision_id  bigint  references revision (id),  -- what is published; null: the document is unpublished
    due_at       bigint  not null,
    created_by   bigint,
    creator_name text    not null,
    created_at   bigint  not null,
    ended_at     bigint,                            -- null: still to come
    outcome      text    not null default ''        -- why it was not carried out
);

create unique index schedule_document on schedule (document_id, due_at) where ended_at is null;
create index schedule_due on schedule (due_at, id) where ended_at is null;
create index schedule_failed on schedule (ended_at) where outcome <> '';

-- Links that show one revision to someone without an account.
create table preview_link (
    id           integer primary key autoincrement,
    token_hash   text    not null unique,
    document_id  bigint  not null references document (id),
    revision_id  bigint  not null references revision (id),
    created_by   bigint,
    creator_name text    not null,
    created_at   bigint  not null,
    expires_at   bigint  not null
);

create index preview_link_document on preview_link (document_id, expires_at);
create index preview_link_expires on preview_link (expires_at);

-- The latest review of each document: someone looked at it and found it still right, which makes no version. While the version
-- that counts (what visitors see, or else the newest) gives the date that the review replaced, the next date is that of the review.
create table document_review (
    document_id    bigint  primary key references document (id),
    reviewed_at    bigint  not null,
    reviewer_id    bigint,
    reviewer_name  text    not null,
    next_review_on text    not null,            -- YYYY-MM-DD
    replaces       text                         -- the date in the version that was reviewed
);

create index document_review_next on document_review (next_review_on, document_id);

-- Who takes care of each document and is told when it is due: a user, or all with a role; no row: nobody.
create table document_owner (
    document_id bigint primary key references document (id),
    user_id     bigint references users (id),
    role        text check (role in ('administrator', 'editor')),
    check ((user_id is null) <> (role is null))
);

create index document_owner_user on document_owner (user_id);

-- What users say to one another about a document: a thread is a comment with its replies, which name it. A thread is about the
-- passage that its first comment quotes, or about the whole. Visitors never see any of it.
create table comment (
    id            integer primary key autoincrement,
    document_id   bigint  not null references document (id),
    reply_to      bigint  references comment (id),  -- the first of its thread; null: it is the first
    author_id     bigint,
    author_name   text not null,
    created_at    bigint  not null,
    quote         text not null,                    -- a passage of the text; empty: the whole
    body          text not null,
    resolved_at   bigint,                           -- of the first of a thread; null: it is open
    resolver_name text not null default ''
);

create index comment_document on comment (document_id, id);
create index comment_reply on comment (reply_to, author_id, id);
create index comment_open on comment (id) where reply_to is null and resolved_at is null;

-- Who is named in a comment.
create table comment_mention (
    comment_id bigint not null references comment (id),
    user_id    bigint not null references users (id),
    primary key (comment_id, user_id)
);

create index comment_mention_user on comment_mention (user_id, comment_id);

create table page (
    document_id bigint primary key references document (id),
    parent_id   bigint references page (document_id),
    slug        text   not null,                -- the one in force; a changed one waits in the revision
    path        text   unique,                  -- the whole address; null while in the trash
    position    bigint not null
);

create index page_parent on page (parent_id, position, document_id);
create index page_siblings on page (coalesce(parent_id, 0), position, document_id);

-- What is on the pages that show items: items in categories, each with a name of its own on its page. Pages are never deleted.
create table faq_category (
    id         integer primary key autoincrement,
    page_id    bigint  not null,                -- the page that shows it; 0: none
    slug       text    not null,
    title      text    not null,
    position   bigint  not null,
    created_at bigint  not null,
    unique (page_id, slug)
);

create table faq_item (
    document_id bigint primary key references document (id),
    category_id bigint not null references faq_category (id),
    page_id     bigint not null,                -- the page of its category
    slug        text,                           -- the fragment of its address on that page; null while in the trash
    position    bigint not null,
    unique (page_id, slug)
);

create index faq_item_category on faq_item (category_id, position, document_id);

-- Slugs that visitors knew and that others may link to; they lead to the item for good, also from the page that it left.
create table faq_former_slug (
    page_id     bigint not null,
    slug        text   not null,
    document_id bigint not null references document (id),
    created_at  bigint not null,
    primary key (page_id, slug)
);

create index faq_former_slug_document on faq_former_slug (document_id);

-- The same for categories: the slug of a heading that links may lead to.
create table faq_category_former_slug (
    page_id     bigint not null,
    slug        text not null,
    category_id bigint not null references faq_category (id),
    created_at  bigint not null,
    primary key (page_id, slug)
);

create index faq_category_former_slug_category on faq_category_former_slug (category_id);

-- Where an old path leads: to a document, wherever that is now, or else to an address. So there are no chains.
create table redirect (
    id           integer primary key autoincrement,
    path         text    not null unique,
    document_id  bigint  references document (id),
    target       text    not null default '',       -- of a document the part, with its #; of anything else the whole address
    covers_below boolean not null default false,    -- whether what is below the path leads to the same place below the target
    by_hand      boolean not null default false,    -- otherwise a page left it behind
    left_by_id   bigint  references document (id),  -- of what a user set for what is below: the page that left this very path
    created_at   bigint  not null,
    search_text  text    not null,                  -- the path and an address, folded by the program
    check (document_id is not null or target <> '')
);

create index redirect_document on redirect (document_id);
create index redirect_left_by on redirect (left_by_id) where left_by_id is not null;
create index redirect_covers on redirect (path) where covers_below;

-- How often visitors were sent on by each redirect.
create table redirect_use (
    redirect_id  bigint primary key references redirect (id) on delete cascade,
    hits         bigint not null,
    last_used_at bigint not null
);

-- Paths that visitors asked for in vain, without a query.
create table missing_path (
    path      text    primary key,
    hits      bigint  not null,
    last_at   bigint  not null,
    dismissed boolean not null default false    -- by a user who does not want to see it any more
);

create index missing_path_hits on missing_path (hits, path);
create index missing_path_last on missing_path (last_at);

-- What each revision links to, as it is written there and where that led from its page. A revision never changes. Which document
-- a link means is filled in once, before that leaves the path: then the link leads wherever the document is.
create table link (
    revision_id bigint not null references revision (id),
    url         text   not null,                -- as it is in the text
    origin      text   not null,                -- of another site; empty for this one
    path        text   not null,
    fragment    text   not null,                -- the part of the page, or what is behind the slug of the question that is meant; may be empty
    is_relative boolean not null,
    document_id bigint references document (id), -- null: whatever is at the path
    primary key (revision_id, url)
);

create index link_path on link (path, revision_id);
create index link_document on link (document_id, revision_id) where document_id is not null;
create index link_origin on link (origin, revision_id) where origin <> '';

-- What visitors see, with the id of the version that they see; null paths and slugs are in the trash.
create view live_page as
select p.document_id, p.parent_id, p.path, p.position, d.created_at, d.published_revision_id as revision_id
from page p join document d on d.id = p.document_id
where d.published_revision_id is not null;

-- What is public now, each document once.
create view live_publication as
select b.document_id, d.created_at, b.published_at, b.id as publication_id, b.note, r.document_type, r.title, r.clause_number, r.summary,
       substr(r.body, 1, 1200) as beginning,
       (select min(f.published_at) from publication f where f.document_id = b.document_id) as first_published_at
from publication b join document d on d.id = b.document_id join revision r on r.id = b.revision_id
where b.ended_at is null;

-- A version of a document outside the trash that counts: visitors see it, or it is the newest.
create view counted_version as
select r.id as revision_id, r.document_id, d.kind, r.title, r.version,
       d.published_revision_id is not null and d.published_revision_id = r.id as is_live
from revision r join document d on d.id = r.document_id
where d.trashed_at is null and (d.published_revision_id = r.id or d.latest_revision_id = r.id);

-- Redirects with where they lead; null paths are in the trash or no pages.
create view redirect_node as
select r.id, r.path, r.document_id, r.target, r.covers_below, r.by_hand, r.created_at, r.search_text, p.path as page_path,
       d.published_revision_id is not null as live, d.trashed_at is not null as trashed, coalesce(u.hits, 0) as hits,
       u.last_used_at, r.left_by_id, lp.path as left_path, ld.published_revision_id is not null as left_live
from redirect r left join document d on d.id = r.document_id left join page p on p.document_id = r.document_id
left join document ld on ld.id = r.left_by_id left join page lp on lp.document_id = r.left_by_id
left join redirect_use u on u.redirect_id = r.id;

-- When each document is to be looked at again; null: never.
create view review_date as
select d.id as document_id,
       case when v.document_id is not null and v.replaces is not distinct from r.review_by then v.next_review_on
            else r.review_by end as review_on
from document d join revision r on r.id = coalesce(d.published_revision_id, d.latest_revision_id)
left join document_review v on v.document_id = d.id;

-- As others list them: in menus, on cards.
create view nav_page as
select p.document_id as id, p.parent_id, p.path, p.position, r.title, r.menu_label, r.menu, r.clause_number, r.layout,
       r.summary, exists (select 1 from live_page c where c.parent_id = p.document_id) as has_children
from live_page p join revision r on r.id = p.revision_id;

-- What is outside the trash, as editors see it: in its newest version.
create view page_node as
select p.document_id as id, p.parent_id, p.path, p.position, r.title, r.clause_number, r.menu, r.search_text,
       d.published_revision_id is not null as live,
       d.published_revision_id is not null and d.published_revision_id <> d.latest_revision_id as changed,
       (select count(*) from page c where c.parent_id = p.document_id and c.path is not null) as children,
       r.fields like '%"template":"yes"%' as is_template, r.created_at as saved_at, r.author_name,
       (select y.review_on from review_date y where y.document_id = d.id) as review_on,
       o.user_id as owner_id, o.role as owner_role, u.name as owner_name,
       o.document_id is not null and coalesce(u.active, true) as has_owner
from page p join document d on d.id = p.document_id join revision r on r.id = d.latest_revision_id
left join document_owner o on o.document_id = d.id left join users u on u.id = o.user_id
where p.path is not null;

-- The pages that show items, as visitors see them, or else in their newest version; those in the trash are none.
create view collection as
select p.document_id as id, p.path, r.title, r.menu_label, r.layout, d.published_revision_id is not null as live
from revision r join document d on d.id = r.document_id join page p on p.document_id = d.id
where r.layout in ('faq', 'glossary', 'practice') and r.id = coalesce(d.published_revision_id, d.latest_revision_id)
and p.path is not null and r.fields not like '%"template":"yes"%';

-- The plus keeps SQLite from beginning with all that is published.
create view live_faq_item as
select i.document_id, i.page_id, i.category_id, c.title as category_title, c.position as category_position, i.slug, i.position,
       d.published_revision_id as revision_id
from faq_item i join faq_category c on c.id = i.category_id join document d on d.id = i.document_id
where i.slug is not null and +d.published_revision_id is not null;

create view faq_item_node as
select i.document_id as id, i.page_id, i.category_id, c.position as category_position, i.slug, i.position, r.title, r.search_text,
       d.published_revision_id is not null as live,
       d.published_revision_id is not null and d.published_revision_id <> d.latest_revision_id as changed,
       r.fields like '%"template":"yes"%' as is_template, r.created_at as saved_at, r.author_name,
       (select y.review_on from review_date y where y.document_id = d.id) as review_on,
       o.user_id as owner_id, o.role as owner_role, u.name as owner_name,
       o.document_id is not null and coalesce(u.active, true) as has_owner
from faq_item i join faq_category c on c.id = i.category_id join document d on d.id = i.document_id
join revision r on r.id = d.latest_revision_id
left join document_owner o on o.document_id = d.id left join users u on u.id = o.user_id
where i.slug is not null;

-- The same for those that have such a day and are outside the trash, each half found by an index of these days.
create view due_review as
select r.document_id as id, d.kind, r.title, r.version, d.published_revision_id is not null as live,
       r.review_by as review_on, o.user_id as owner_id, o.role as owner_role, u.name as owner_name,
       o.document_id is not null and coalesce(u.active, true) as has_owner
from revision r join document d on d.id = r.document_id
left join document_owner o on o.document_id = r.document_id left join users u on u.id = o.user_id
where r.review_by is not null and d.trashed_at is null and coalesce(d.published_revision_id, d.latest_revision_id) = r.id
and not exists (select 1 from document_review v
                where v.document_id = r.document_id and v.replaces is not distinct from r.review_by)
union all
select v.document_id, d.kind, r.title, r.version, d.published_revision_id is not null, v.next_review_on,
       o.user_id, o.role, u.name, o.document_id is not null and coalesce(u.active, true)
from document_review v join document d on d.id = v.document_id
join revision r on r.id = coalesce(d.published_revision_id, d.latest_revision_id)
left join document_owner o on o.document_id = v.document_id left join users u on u.id = o.user_id
where d.trashed_at is null and v.replaces is not distinct from r.review_by;

-- Mentions that wait for those they name: the thread is open, and they have not answered since.
create view waiting_mention as
select m.user_id, m.comment_id as id, c.document_id, d.kind, r.title, c.author_name, c.created_at, c.body
from comment_mention m join comment c on c.id = m.comment_id join comment t on t.id = coalesce(c.reply_to, c.id)
join document d on d.id = c.document_id join revision r on r.id = d.latest_revision_id
where t.resolved_at is null and d.trashed_at is null
and not exists (select 1 from comment a where a.reply_to = t.id and a.author_id = m.user_id and a.id > m.comment_id);

create view open_thread as
select t.id, t.document_id, d.kind, r.title, t.author_name, t.created_at, t.body
from comment t join document d on d.id = t.document_id join revision r on r.id = d.latest_revision_id
where t.reply_to is null and t.resolved_at is null and d.trashed_at is null;

-- What was deleted itself, with the number of documents that went along.
create view trashed_document as
select d.id, d.kind, r.title, d.trashed_at,
       (select count(*) - 1 from document w where w.trashed_with_id = d.id) as along
from document d join revision r on r.id = d.latest_revision_id
where d.trashed_with_id = d.id;

-- What a user typed into the form of a document and has not saved as a revision. Rows of ended drafts stay for a day, so that
-- a request that was sent before the end and arrives after it brings nothing back.
create table document_draft (
    user_id     bigint not null references users (id) on delete cascade,
    key         text   not null,                -- id of the document, or a random one of the form of a new document
    kind        text   not null,
    document_id bigint references document (id) on delete cascade, -- null while there is no document
    parent      text   not null,                -- for a new page: which page above was chosen
    base        bigint not null,                -- the version that the text was made from; 0 for a new document
    fields      text   not null,                -- what was typed, a JSON object by the keys of the field table
    sequence    bigint not null,                -- grows with each change of the draft
    tab         text   not null,                -- the tab of the browser that sent it; empty for one without scripts
    state       text   not null check (state in ('open', 'saved', 'discarded')),
    saved_at    bigint not null,
    primary key (user_id, key)
);

create index document_draft_document on document_draft (document_id);
create index document_draft_age on document_draft (state, saved_at);

-- Who has the form of a document open. Times are of the steady clock.
create table document_presence (
    document_id bigint not null references document (id) on delete cascade,
    user_id     bigint not null references users (id) on delete cascade,
    seen_at     bigint not null,
    primary key (document_id, user_id)
);

create index document_presence_user on document_presence (user_id);
create index document_presence_age on document_presence (seen_at);
