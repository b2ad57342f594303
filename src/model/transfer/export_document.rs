//! The versions of one document that an export writes, whatever its kind.

use url::Url;

use super::editorial::Editorial;
use crate::{
    db::conn::Conn,
    error::{Error, Result},
    model::{
        document::{
            fields::FieldTable,
            linked_text, placement,
            record::Document,
            review,
            revision::{self, Revision},
        },
        link::addresses,
    },
    text::link::resolve,
};

/// The base that links are resolved against.
const HERE: &str = "https://here.invalid";

#[derive(sqlx::FromRow)]
pub(super) struct ExportRow {
    pub(super) path: String,
    pub(super) position: i64,
    pub(super) category_id: Option<i64>,
    pub(super) published_revision_id: Option<i64>,
    pub(super) latest_revision_id: i64,
}

/// What visitors see, and the newest version where that is another; each with the end of its file's name, and what the file says
/// beside it.
pub(super) async fn versions(
    db: &Conn,
    table: &FieldTable,
    row: &ExportRow,
) -> Result<Vec<(&'static str, Revision, Editorial)>> {
    let draft = Some(row.latest_revision_id).filter(|latest| row.published_revision_id != Some(*latest));
    let mut versions = Vec::new();
    for (ending, id) in [(".md", row.published_revision_id), (".draft.md", draft)] {
        if let Some(id) = id {
            let version = revision::find(db, id).await?.ok_or(Error::NotFound)?;
            let is_live = row.published_revision_id == Some(id);
            let editorial = if is_live { Editorial::of(db, &version).await? } else { Editorial::default() };
            versions.push((ending, as_exported(db, table, version).await?, editorial));
        }
    }
    Ok(versions)
}

/// A version as its file has it: the date by which it is to be looked at again is that of the latest review where that counts,
/// and its links have the paths at which the pages are that they mean.
pub(super) async fn as_exported(db: &Conn, table: &FieldTable, mut version: Revision) -> Result<Revision> {
    let stated = version.content.review_by.take();
    version.content.review_by = review::date(db, version.document_id, stated.as_deref()).await?;
    let mut addresses = addresses::of(db, "", &version).await?;
    if addresses.is_empty() {
        return Ok(version);
    }
    let kind = Document::get(db, version.document_id).await?.kind;
    let path = placement::public_path(db, kind, version.document_id).await?;
    let base = Url::parse(&format!("{HERE}{path}")).map_err(|error| Error::internal("a path", error))?;
    // A relative link stays one while it leads there.
    addresses.retain(|url, now| resolve(&base, url) != resolve(&base, now));
    let fields = table.of(kind, &version.content.document_type);
    version.content = linked_text::content_with_addresses(&fields, version.content, &addresses);
    Ok(version)
}
