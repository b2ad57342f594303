-- The media library: files that texts show or link to. The files themselves lie in the data directory, by their hashes.

create table media (
    id            integer primary key autoincrement,
    path          text    not null unique,      -- its address, such as /media/name.jpg; never given to another one
    kind          text    not null check (kind in ('picture', 'file')),
    title         text    not null,
    labels        text    not null,             -- words to find it by, with commas between them
    focus         text    not null check (focus in ('left-top', 'top', 'right-top', 'left', 'centre', 'right',
                                                    'left-bottom', 'bottom', 'right-bottom')),
    hash          text    not null,             -- of the file that is shown or downloaded
    source_hash   text    not null,             -- of the file as it arrived, so that the same file twice is one
    previous_hash text    not null default '',  -- the same two of the file before it was replaced; empty: it was not
    previous_source_hash text not null default '',
    replaced_at   bigint,
    replacer_name text    not null default '',
    uploader_id   bigint,
    uploader_name text    not null,
    created_at    bigint  not null,
    deleted_at    bigint,                       -- null: it is there
    search_text   text    not null              -- title, labels and name, folded by the program
);

create index media_source on media (source_hash) where deleted_at is null;
create index media_hash on media (hash) where deleted_at is null;

-- Its files: the one that `media.hash` names, the one that `media.previous_hash` names, and what was made of them.
create table media_file (
    media_id     bigint not null references media (id),
    of_hash      text   not null,               -- the one of those two that it is, or was made of
    hash         text   not null,               -- SHA-256 of its bytes, which is its name in the store
    content_type text   not null,
    width        bigint not null,               -- in pixels; 0 for what is no picture
    height       bigint not null,
    bytes        bigint not null,
    primary key (media_id, of_hash, hash)
);

create index media_file_hash on media_file (hash);

-- Files that some node is putting or deleting at this moment, so that none is deleted that is about to be named.
create table media_claim (
    hash        text    not null,
    token       text    not null,               -- of all files that are claimed together
    is_deletion boolean not null,
    ends_at     bigint  not null,               -- when it counts no more, because its node is gone
    primary key (hash, token)
);

create index media_claim_token on media_claim (token);
create index media_claim_end on media_claim (ends_at);

-- What each revision shows or links to. A revision never changes, so neither does this.
create table revision_media (
    revision_id bigint not null references revision (id),
    path        text   not null,
    primary key (revision_id, path)
);

create index revision_media_path on revision_media (path, revision_id);

-- The revisions that show a picture without a description which is not decorative either. A revision never changes, so neither does
-- this.
create table undescribed_picture (
    revision_id bigint primary key references revision (id)
);

-- The same for what a user typed and has not saved.
create table draft_media (
    user_id bigint not null,
    key     text   not null,
    path    text   not null,
    primary key (user_id, key, path),
    foreign key (user_id, key) references document_draft (user_id, key) on delete cascade
);

create index draft_media_path on draft_media (path);

create index schedule_revision on schedule (revision_id) where ended_at is null;

-- Where files are used, in the revisions that count: what visitors see, what they find among the earlier versions of a live page,
-- the newest, and what is scheduled.
create view media_use as
select m.path, m.revision_id, d.id as document_id, d.kind, r.title, r.version,
       coalesce(d.published_revision_id, 0) = r.id as is_live, d.trashed_at is not null as is_trashed,
       coalesce(d.published_revision_id, r.id) <> r.id
       and exists (select 1 from page p where p.document_id = d.id)
       and exists (select 1 from publication b where b.document_id = d.id and b.revision_id = r.id) as is_earlier,
       exists (select 1 from schedule s where s.revision_id = r.id and s.ended_at is null) as is_scheduled
from revision_media m join revision r on r.id = m.revision_id join document d on d.id = r.document_id
where d.published_revision_id = r.id or d.latest_revision_id = r.id
   or exists (select 1 from schedule s where s.revision_id = r.id and s.ended_at is null)
   or (d.published_revision_id is not null
       and exists (select 1 from page p where p.document_id = d.id)
       and exists (select 1 from publication b where b.document_id = d.id and b.revision_id = r.id));

-- The same in texts that are not saved.
create view media_draft_use as
select m.path, t.user_id, t.key, u.name as user_name, t.kind, t.document_id
from draft_media m join document_draft t on t.user_id = m.user_id and t.key = m.key join users u on u.id = t.user_id
where t.state = 'open';

-- What is there, with its file.
create view media_item as
select m.id, m.path, m.kind, m.title, m.labels, m.focus, m.hash, m.source_hash, m.uploader_name, m.created_at,
       m.search_text, m.previous_hash, m.previous_source_hash, m.replaced_at, m.replacer_name,
       f.content_type, f.width, f.height, f.bytes,
       (select s.hash from media_file s where s.media_id = m.id and s.of_hash = m.hash order by s.width, s.bytes limit 1)
       as small_hash,
       exists (select 1 from media_use u where u.path = m.path)
       or exists (select 1 from media_draft_use t where t.path = m.path)
       or exists (select 1 from setting s where s.name = 'footer' and s.value like '%' || m.path || '%') as is_used
from media m join media_file f on f.media_id = m.id and f.of_hash = m.hash and f.hash = m.hash
where m.deleted_at is null;
