//! Documents: what pages and FAQ items have in common. Saving, and the state in which a document is.
//! Where a document stands is the business of `page` and `faq`; making it public, of `publishing`.

use super::{
    audit_log::AuditEntry,
    revision::{self, Content},
    stored_content::RevisionRow,
    write::Write,
};
use crate::{
    db::conn::Conn,
    error::{Error, Result},
    text::{fold::fold, time::Timestamp},
};

/// The two kinds of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum DocumentKind {
    /// Has a place in the tree.
    Page,
    /// Has a place in a category of the FAQ.
    FaqItem,
}

impl DocumentKind {
    /// Name in the audit log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::FaqItem => "faq_item",
        }
    }

    /// The audit log's name for something done to a document of this kind.
    pub(super) const fn action(self, page: &'static str, item: &'static str) -> &'static str {
        match self {
            Self::Page => page,
            Self::FaqItem => item,
        }
    }
}

/// The state of a document.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Document {
    /// Its id; never used again.
    pub id: i64,
    /// Page or FAQ item.
    pub kind: DocumentKind,
    /// The newest revision.
    pub latest_revision_id: Option<i64>,
    /// The revision that visitors see.
    pub published_revision_id: Option<i64>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was deleted.
    pub trashed_at: Option<Timestamp>,
    /// The document whose deletion took it along; itself, if it was deleted by name.
    pub trashed_with_id: Option<i64>,
}

impl Document {
    /// Whether visitors see it.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.published_revision_id.is_some()
    }
}

/// The document with this id.
pub async fn find(db: &Conn, id: i64) -> Result<Option<Document>> {
    Ok(db.optional("select * from document where id = $1", (id,)).await?)
}

/// The document with this id if it is of this kind and not in the trash.
///
/// # Errors
/// `NotFound` otherwise.
pub async fn get(db: &Conn, id: i64, kind: DocumentKind) -> Result<Document> {
    let document = find(db, id).await?.ok_or(Error::NotFound)?;
    if document.kind != kind || document.trashed_at.is_some() {
        return Err(Error::NotFound);
    }
    Ok(document)
}

/// A new document without revisions; gives its id.
pub(super) async fn insert(write: &Write, kind: DocumentKind) -> Result<i64> {
    Ok(write.value("insert into document (kind, created_at) values ($1, $2) returning id", (kind, write.now)).await?)
}

/// Adds a revision; gives its version. A revision that says the same as the newest one is not stored again. Editors
/// come here through `saving`, which merges what was made from an older version.
///
/// # Errors
/// `Conflict` when the newest version is not `base` any more: somebody else saved in between.
pub(super) async fn save(write: &Write, id: i64, base: i64, content: &Content) -> Result<i64> {
    let latest = revision::latest(write, id).await?;
    let current = latest.as_ref().map_or(0, |revision| revision.version);
    if current != base {
        return Err(Error::Conflict(format!("version {current} was saved in the meantime")));
    }
    if latest.is_some_and(|revision| says_the_same(&revision.content, content)) {
        return Ok(current);
    }
    let version = next_version(write, id).await?;
    let stored: RevisionRow = write
        .one(
            "insert into revision (document_id, version, title, slug, category_id, number, menu_label, menu, layout, \
             summary, body, owner, review_by, note, author_id, author_name, created_at, search_text, \
             made_from) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) \
             returning *",
            (
                id,
                version,
                content.title.as_str(),
                content.slug.as_str(),
                content.category_id,
                content.number.as_str(),
                content.menu_label.as_str(),
                content.menu,
                content.layout,
                content.summary.as_str(),
                content.body.as_str(),
                content.owner.as_str(),
                content.review_by.as_deref(),
                content.note.as_str(),
                write.actor.id,
                write.actor.name.as_str(),
                write.now,
                fold(&format!("{}\n{}", content.title, content.number)),
                (current > 0).then_some(current),
            ),
        )
        .await?;
    write.stored(stored.content());
    write.execute("update document set latest_revision_id = $2 where id = $1", (id, stored.id())).await?;
    Ok(version)
}

/// The number of the next version: one more than the highest, discarded ones included.
pub async fn next_version(db: &Conn, id: i64) -> Result<i64> {
    Ok(db.value("select coalesce(max(version), 0) + 1 from revision where document_id = $1", (id,)).await?)
}

/// Nothing but the missing note on the change differs, so there is no change to note.
pub(super) fn says_the_same(stored: &Content, content: &Content) -> bool {
    let noted = Content { note: stored.note.clone(), ..content.clone() };
    *stored == *content || content.note.is_empty() && *stored == noted
}

/// An entry for the audit log about a document.
pub(super) fn entry(kind: DocumentKind, action: &'static str, id: i64, title: &str) -> AuditEntry {
    AuditEntry::new(action, kind.as_str(), Some(id), title)
}

/// A `like` pattern for "contains", to be compared with folded texts, with the wildcards in `text` made ordinary.
#[must_use]
pub fn like(text: &str) -> String {
    let plain = fold(text.trim()).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{plain}%")
}

/// A document with changes that visitors do not see, for the dashboard.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Unpublished {
    /// Its id.
    pub id: i64,
    /// Page or FAQ item.
    pub kind: DocumentKind,
    /// Title of the newest revision.
    pub title: String,
    /// Its version.
    pub version: i64,
    /// Who saved it.
    pub author_name: String,
    /// When.
    pub created_at: Timestamp,
    /// Whether an older version is public.
    pub live: bool,
}

/// What is saved but not public, the newest first.
pub async fn unpublished(db: &Conn, limit: i64) -> Result<Vec<Unpublished>> {
    Ok(db
        .all(
            "select d.id, d.kind, r.title, r.version, r.author_name, r.created_at, d.published_revision_id is not null as live \
             from document d join revision r on r.id = d.latest_revision_id \
             where d.trashed_at is null and d.published_revision_id is distinct from d.latest_revision_id \
             order by r.created_at desc, r.id desc limit $1",
            (limit,),
        )
        .await?)
}

/// A document that has to be looked at again, for the dashboard.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Due {
    /// Its id.
    pub id: i64,
    /// Page or FAQ item.
    pub kind: DocumentKind,
    /// Its title.
    pub title: String,
    /// By when, `YYYY-MM-DD`.
    pub review_by: String,
    /// Who keeps it right; may be empty.
    pub owner: String,
}

/// Documents whose review is due on the day `until` (`YYYY-MM-DD`) or before, the longest overdue first.
/// What visitors see decides; where they see nothing, the newest version.
pub async fn due_for_review(db: &Conn, until: &str, limit: i64) -> Result<Vec<Due>> {
    Ok(db
        .all(
            "select d.id, d.kind, r.title, r.review_by, r.owner \
             from revision r join document d on d.id = r.document_id \
             where r.review_by is not null and r.review_by <= $1 and d.trashed_at is null \
             and coalesce(d.published_revision_id, d.latest_revision_id) = r.id order by r.review_by, r.document_id limit $2",
            (until, limit),
        )
        .await?)
}
