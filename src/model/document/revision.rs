//! Revisions: immutable, numbered, complete versions of a document.

use super::{content::Content, label, linked_text, record::Document};
use crate::{
    clock::Timestamp,
    db::conn::Conn,
    error::{Error, Result},
    model::{cursor::Cursor, link::keeping, media::usage, stored_content::RevisionRow, write::Write},
    text::fold::fold,
};

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Revision {
    pub id: i64,
    /// The document it is a version of.
    pub document_id: i64,
    /// 1, 2, 3 … within the document.
    pub version: i64,
    #[sqlx(flatten)]
    pub content: Content,
    /// Who saved it, by id; none for the program itself.
    pub author_id: Option<i64>,
    pub author_name: String,
    pub created_at: Timestamp,
    /// The version that was the newest then; none for the first.
    pub made_from: Option<i64>,
}

pub(crate) async fn find(db: &Conn, id: i64) -> Result<Option<Revision>> {
    Ok(db.optional("select * from revision where id = $1", (id,)).await?)
}

pub async fn version(db: &Conn, document_id: i64, version: i64) -> Result<Option<Revision>> {
    Ok(db.optional("select * from revision where document_id = $1 and version = $2", (document_id, version)).await?)
}

/// The version of a document that the next one is made from: the newest that was not discarded.
/// `NotFound` when there is no such document.
pub async fn latest(db: &Conn, id: i64) -> Result<Revision> {
    let sql = "select r.* from document d join revision r on r.id = d.latest_revision_id where d.id = $1";
    db.optional(sql, (id,)).await?.ok_or(Error::NotFound)
}

/// The number of the next version: one more than the highest, discarded ones included.
pub(crate) async fn next_version(db: &Conn, id: i64) -> Result<i64> {
    Ok(db.value("select coalesce(max(version), 0) + 1 from revision where document_id = $1", (id,)).await?)
}

/// Adds a revision made from `newest`, and makes it the newest one of `document`.
/// `Validation` on a field that documents of this kind do not have.
pub(in crate::model) async fn add(
    write: &Write,
    document: &mut Document,
    newest: Option<&Revision>,
    content: Content,
) -> Result<Revision> {
    content.check_extra(&write.rules.fields.of(document.kind, &content.document_type))?;
    let version = next_version(write, document.id).await?;
    let made_from = newest.map(|newest| newest.version);
    let stored = insert(write, (document.id, version), &content, made_from).await?;
    write.record_content(stored.content());
    let texts = linked_text::of(&write.rules.fields.of(document.kind, &content.document_type), &content);
    usage::keep_of_revision(write, stored.id(), &texts).await?;
    usage::keep_undescribed(write, stored.id(), &texts).await?;
    keeping::keep(write, (document.id, stored.id()), &texts, newest.map(|newest| newest.id)).await?;
    label::keep(write, stored.id(), &content).await?;
    set_latest(write, document.id, stored.id()).await?;
    document.latest_revision_id = Some(stored.id());
    Ok(Revision {
        id: stored.id(),
        document_id: document.id,
        version,
        content,
        author_id: write.actor.id,
        author_name: write.actor.name.clone(),
        created_at: write.now,
        made_from,
    })
}

/// Makes a revision the one that the next is made from.
pub(super) async fn set_latest(write: &Write, id: i64, revision_id: i64) -> Result<()> {
    write.execute("update document set latest_revision_id = $2 where id = $1", (id, revision_id)).await?;
    Ok(())
}

async fn insert(
    write: &Write,
    (document_id, version): (i64, i64),
    content: &Content,
    made_from: Option<i64>,
) -> Result<RevisionRow> {
    Ok(write
        .one(
            "insert into revision (document_id, version, document_type, title, slug, category_id, clause_number, menu_label, menu, \
             layout, summary, body, owner, review_by, change_note, fields, author_id, author_name, created_at, \
             search_text, made_from) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) \
             returning *",
            (
                document_id,
                version,
                content.document_type.as_str(),
                content.title.as_str(),
                content.slug.as_str(),
                content.category_id,
                content.clause_number.as_str(),
                content.menu_label.as_str(),
                content.menu,
                content.layout,
                content.summary.as_str(),
                content.body.as_str(),
                content.owner.as_str(),
                content.review_by.as_deref(),
                content.change_note.as_str(),
                content.extra.to_json(),
                write.actor.id,
                write.actor.name.as_str(),
                write.now,
                fold(&format!("{}\n{}", content.title, content.clause_number)),
                made_from,
            ),
        )
        .await?)
}

/// Versions of a document, the newest first; the key is the version.
pub async fn history(db: &Conn, document_id: i64, cursor: Cursor, limit: i64) -> Result<Vec<Revision>> {
    match cursor {
        Cursor::Before(version) => Ok(db
            .all(
                "select * from revision where document_id = $1 and version < $2 order by version desc limit $3",
                (document_id, version, limit),
            )
            .await?),
        Cursor::After(version) => {
            let mut versions: Vec<Revision> = db
                .all(
                    "select * from revision where document_id = $1 and version > $2 order by version limit $3",
                    (document_id, version, limit),
                )
                .await?;
            versions.reverse();
            Ok(versions)
        }
    }
}
