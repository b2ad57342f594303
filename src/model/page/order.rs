//! The order of pages among their siblings, and moving a page elsewhere. These take effect at once: they are
//! decisions about the site, not versions of a text.

use super::path;
use crate::{
    db::conn::Conn,
    error::{Error, Result, ValidationErrors},
    model::{
        arrange::{Position, arrange},
        audit_log::AuditEntry,
        document::{
            kind::{DocumentAction, DocumentKind},
            record::Document,
            revision,
        },
        write::Write,
    },
};

/// The position after the last child of `parent_id`.
pub(super) async fn end(write: &Write, parent_id: Option<i64>) -> Result<i64> {
    Ok(write
        .value(
            "select coalesce(max(position), 0) + 1 from page where coalesce(parent_id, 0) = $1",
            (parent_id.unwrap_or(0),),
        )
        .await?)
}

/// Puts a page elsewhere among its siblings; `false` when it is there already, and nothing is recorded.
pub(crate) async fn reorder(write: &Write, id: i64, spot: Position) -> Result<bool> {
    let document = Document::get_of(write, id, DocumentKind::Page).await?;
    let (parent_id,): (Option<i64>,) = write.one("select parent_id from page where document_id = $1", (id,)).await?;
    let siblings: Vec<(i64,)> = write
        .all(
            "select document_id from page where coalesce(parent_id, 0) = $1 and path <> '/' \
             order by position, document_id",
            (parent_id.unwrap_or(0),),
        )
        .await?;
    let siblings: Vec<i64> = siblings.into_iter().map(|(sibling,)| sibling).collect();
    let Some(order) = arrange(&siblings, id, spot)? else { return Ok(false) };
    for (position, sibling) in (1_i64..).zip(&order) {
        write.execute("update page set position = $2 where document_id = $1", (sibling, position)).await?;
    }
    let number = order.iter().position(|sibling| *sibling == id).unwrap_or_default() + 1;
    let title = revision::latest(write, id).await?.content.title;
    let entry = document.entry(DocumentAction::Reorder, &title);
    write.record(entry.detail(format!("to place {number}")));
    write.touch_public();
    Ok(true)
}

/// The place of a page among its siblings, 0 for the first.
pub(crate) async fn position_of(db: &Conn, id: i64) -> Result<usize> {
    let before: i64 = db
        .value(
            "select count(*) from page p join page s on coalesce(s.parent_id, 0) = coalesce(p.parent_id, 0) \
             where p.document_id = $1 and s.path <> '/' and (s.position < p.position \
             or (s.position = p.position and s.document_id < p.document_id))",
            (id,),
        )
        .await?;
    Ok(usize::try_from(before).unwrap_or(0))
}

/// Puts a page below another parent, at the end; its old address and those below it redirect.
/// `Validation` on `parent` when the page would be below itself, or a live page below one that is not.
pub(crate) async fn move_to(write: &Write, id: i64, parent_id: Option<i64>) -> Result<()> {
    let document = Document::get_of(write, id, DocumentKind::Page).await?;
    let path = path::of(write, id).await?;
    if path == path::HOME {
        return Err(ValidationErrors::one("parent", "The front page cannot be moved").into());
    }
    if let Some(parent) = parent_id {
        let parent_document = Document::get_of(write, parent, DocumentKind::Page).await?;
        let parent_path = path::of(write, parent).await?;
        if parent == id || parent_path.starts_with(&format!("{path}/")) {
            return Err(
                ValidationErrors::one("parent", "A page cannot be moved below itself; choose another page").into()
            );
        }
        if parent_path == path::HOME {
            return Err(ValidationErrors::one("parent", "Pages go beside the front page, not below it").into());
        }
        if document.is_live() && !parent_document.is_live() {
            return Err(ValidationErrors::one(
                "parent",
                "This page is published, so it must stay below a published page",
            )
            .into());
        }
    }
    let (slug,): (String,) = write.one("select slug from page where document_id = $1", (id,)).await?;
    let position = end(write, parent_id).await?;
    path::apply_slug(write, id, parent_id, &slug).await.map_err(taken_at_target)?;
    write.execute("update page set position = $2 where document_id = $1", (id, position)).await?;
    let (title, new) = (revision::latest(write, id).await?.content.title, path::of(write, id).await?);
    let entry = AuditEntry::new("page.move", DocumentKind::Page.as_str(), Some(id), title);
    write.record(entry.detail(format!("from {path} to {new}")));
    write.touch_public();
    Ok(())
}

fn taken_at_target(error: Error) -> Error {
    match error {
        Error::Validation(errors) => ValidationErrors::one("parent", errors.sentence()).into(),
        other => other,
    }
}

/// Sets the place of a page for an import; says whether it was another.
pub(in crate::model) async fn set_position(write: &Write, id: i64, position: i64) -> Result<bool> {
    let sql = "update page set position = $2 where document_id = $1 and position <> $2";
    Ok(write.execute(sql, (id, position)).await? > 0)
}
