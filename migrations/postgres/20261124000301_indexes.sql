-- migrations/20261124000301_indexes.sql for PostgreSQL; its comments are there.

create index revision_layout on revision (layout);
create index document_published on document (published_revision_id);
create index document_unpublished on document (id)
    where trashed_at is null and published_revision_id is distinct from latest_revision_id;
create index revision_review on revision (review_by, document_id) where review_by is not null;
create index audit_log_change on audit_log (id)
    where action = 'site.import' or (actor_id is not null and subject_kind in ('page', 'faq_item', 'faq_category'));
create view content_change as
select * from audit_log
where action = 'site.import' or (actor_id is not null and subject_kind in ('page', 'faq_item', 'faq_category'));
create index audit_log_subject on audit_log (action, coalesce(subject_id, 0), id);
drop index document_trash;
create index document_trash on document (trashed_at, id) where trashed_at is not null;
create index audit_log_message on audit_log (subject_id) where subject_kind = 'message';
