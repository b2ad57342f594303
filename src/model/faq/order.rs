//! The order of questions in their category. It takes effect at once, like that of pages.

use super::item;
use crate::{
    db::conn::Conn,
    error::Result,
    model::{
        arrange::{Position, Shift, arrange, shift},
        document::{kind::DocumentAction, record::Document},
        write::Write,
    },
};

/// Puts an item elsewhere in its category; `false` when it is there already, and nothing is recorded.
/// Errors: see [`arrange`].
pub(crate) async fn reorder(write: &Write, document: &Document, title: &str, spot: Position) -> Result<bool> {
    let id = document.id;
    let (category_id,): (i64,) = write.one("select category_id from faq_item where document_id = $1", (id,)).await?;
    let now = positions(write, category_id).await?;
    let items: Vec<i64> = now.iter().map(|(item, _)| *item).collect();
    let Some(order) = arrange(&items, id, spot)? else { return Ok(false) };
    let mut found = shift(&now, &order, id);
    if found.is_none() {
        number_all(write, &now).await?;
        found = shift(&positions(write, category_id).await?, &order, id);
    }
    if let Some(Shift { position, first, last, step }) = found {
        write
            .execute(
                "update faq_item set position = case when document_id = $2 then $3 else position + $4 end \
                 where category_id = $1 and position >= $5 and position <= $6",
                (category_id, id, position, step, first, last),
            )
            .await?;
    }
    let number = order.iter().position(|item| *item == id).unwrap_or_default() + 1;
    let entry = document.entry(DocumentAction::Reorder, title);
    write.record(entry.detail(format!("to place {number}")));
    write.touch_public();
    Ok(true)
}

/// The items of a category outside the trash, in their order, with their positions.
async fn positions(db: &Conn, category_id: i64) -> Result<Vec<(i64, i64)>> {
    let sql = "select document_id, position from faq_item where category_id = $1 and slug is not null \
               order by position, document_id";
    Ok(db.all(sql, (category_id,)).await?)
}

/// Gives each of these a position of its own.
async fn number_all(write: &Write, now: &[(i64, i64)]) -> Result<()> {
    for (position, (id, _)) in (1_i64..).zip(now) {
        item::set_position(write, *id, position).await?;
    }
    Ok(())
}

/// The items of a category outside the trash, in their order.
pub(super) async fn items(db: &Conn, category_id: i64) -> Result<Vec<i64>> {
    Ok(positions(db, category_id).await?.into_iter().map(|(item, _)| item).collect())
}
