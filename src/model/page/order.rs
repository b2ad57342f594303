//! The order of pages among their siblings, and moving a page elsewhere. These take effect at once: they are
//! decisions about the site, not versions of a text.

use super::{path, tree::PageNode};
use crate::{
    db::conn::Conn,
    error::{Error, Result, ValidationErrors},
    model::{
        arrange::{Position, arrange},
        audit_log::AuditEntry,
        document::kind::{DocumentAction, DocumentKind},
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
/// Errors: see [`arrange`].
pub(crate) async fn reorder(write: &Write, page: &PageNode, spot: Position) -> Result<bool> {
    let siblings: Vec<(i64,)> = write
        .all(
            "select document_id from page where coalesce(parent_id, 0) = $1 and path <> '/' \
             order by position, document_id",
            (page.parent_id.unwrap_or(0),),
        )
        .await?;
    let siblings: Vec<i64> = siblings.into_iter().map(|(sibling,)| sibling).collect();
    let Some(order) = arrange(&siblings, page.id, spot)? else { return Ok(false) };
    for (position, sibling) in (1_i64..).zip(&order) {
        set_position(write, *sibling, position).await?;
    }
    let number = order.iter().position(|sibling| *sibling == page.id).unwrap_or_default() + 1;
    write.record(entry(DocumentKind::Page.action(DocumentAction::Reorder), page).detail(format!("to place {number}")));
    write.touch_public();
    Ok(true)
}

fn entry(action: &'static str, page: &PageNode) -> AuditEntry {
    AuditEntry::new(action, DocumentKind::Page.as_str(), Some(page.id), page.title.as_str())
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

/// Puts a page below another parent, at the end; its old path and those below it redirect. Returns the new one.
/// `Validation` on `parent` when the page would be below itself, or a live page below one that is not.
pub(crate) async fn move_to(write: &Write, page: &PageNode, parent: Option<&PageNode>) -> Result<String> {
    check_move(page, parent)?;
    let parent_id = parent.map(|parent| parent.id);
    let slug = page.path.rsplit('/').next().unwrap_or_default();
    let position = end(write, parent_id).await?;
    let new = path::apply_slug(write, page.id, parent_id, slug).await.map_err(taken_at_target)?.after;
    set_position(write, page.id, position).await?;
    write.record(entry("page.move", page).detail(format!("from {} to {new}", page.path)));
    write.touch_public();
    Ok(new)
}

fn check_move(page: &PageNode, parent: Option<&PageNode>) -> Result<(), ValidationErrors> {
    let is_at_or_below =
        |parent: &PageNode| parent.id == page.id || parent.path.starts_with(&format!("{}/", page.path));
    let sentence = match parent {
        _ if page.path == path::HOME => "The front page cannot be moved",
        Some(parent) if is_at_or_below(parent) => "A page cannot be moved below itself; choose another page",
        Some(parent) if parent.path == path::HOME => "Pages go beside the front page, not below it",
        Some(parent) if page.live && !parent.live => "This page is published, so it must stay below a published page",
        _ => return Ok(()),
    };
    Err(ValidationErrors::one("parent", sentence))
}

fn taken_at_target(error: Error) -> Error {
    match error {
        Error::Validation(errors) => ValidationErrors::one("parent", errors.sentence()).into(),
        other => other,
    }
}

/// Sets the place of a page; says whether it was another.
pub(in crate::model) async fn set_position(write: &Write, id: i64, position: i64) -> Result<bool> {
    let sql = "update page set position = $2 where document_id = $1 and position <> $2";
    Ok(write.execute(sql, (id, position)).await? > 0)
}
