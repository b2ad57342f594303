//! The order of pages among their siblings. It takes effect at once: it is a decision about the site, not a version of a text.

use super::tree::{self, PageNode};
use crate::{
    db::conn::Conn,
    error::Result,
    model::{
        arrange::{ListPosition, Position, Shift, arrange, shift},
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
    let now = positions(write, page.parent_id).await?;
    let siblings: Vec<i64> = now.iter().map(|(sibling, _)| *sibling).collect();
    let Some(order) = arrange(&siblings, page.id, spot)? else { return Ok(false) };
    let mut found = shift(&now, &order, page.id);
    if found.is_none() {
        number_all(write, &now).await?;
        found = shift(&positions(write, page.parent_id).await?, &order, page.id);
    }
    if let Some(Shift { position, first, last, step }) = found {
        write
            .execute(
                "update page set position = case when document_id = $2 then $3 else position + $4 end \
                 where coalesce(parent_id, 0) = $1 and position >= $5 and position <= $6",
                (page.parent_id.unwrap_or(0), page.id, position, step, first, last),
            )
            .await?;
    }
    let number = order.iter().position(|sibling| *sibling == page.id).unwrap_or_default() + 1;
    write.record(entry(DocumentKind::Page.action(DocumentAction::Reorder), page).detail(format!("to place {number}")));
    write.touch_public();
    Ok(true)
}

async fn positions(db: &Conn, parent_id: Option<i64>) -> Result<Vec<(i64, i64)>> {
    let siblings = tree::siblings(db, parent_id).await?;
    Ok(siblings.into_iter().map(|sibling| (sibling.id, sibling.position)).collect())
}

/// Gives each of these a position of its own.
async fn number_all(write: &Write, now: &[(i64, i64)]) -> Result<()> {
    for (position, (id, _)) in (1_i64..).zip(now) {
        set_position(write, *id, position).await?;
    }
    Ok(())
}

pub(super) fn entry(action: &'static str, page: &PageNode) -> AuditEntry {
    AuditEntry::new(action, DocumentKind::Page.as_str(), Some(page.id), page.title.as_str())
}

/// Where a page is.
pub(crate) async fn place_of(db: &Conn, page: &PageNode) -> Result<ListPosition> {
    Ok(ListPosition::among(page.parent_id, &children(db, page.parent_id).await?, page.id))
}

/// Where a page goes that was at a place, by what is there today.
pub(crate) async fn todays(db: &Conn, place: &ListPosition) -> Result<Position> {
    Ok(place.among_todays(&children(db, place.parent).await?))
}

async fn children(db: &Conn, parent_id: Option<i64>) -> Result<Vec<i64>> {
    Ok(tree::siblings(db, parent_id).await?.into_iter().map(|sibling| sibling.id).collect())
}

/// Sets the place of a page; says whether it was another.
pub(in crate::model) async fn set_position(write: &Write, id: i64, position: i64) -> Result<bool> {
    let sql = "update page set position = $2 where document_id = $1 and position <> $2";
    Ok(write.execute(sql, (id, position)).await? > 0)
}
