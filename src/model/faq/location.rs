//! Where items are: their page, their category, and their slug on that page. Knows nothing of their texts.

use crate::{
    db::conn::Conn,
    error::{Error, Result},
    model::write::Write,
};

/// Where an item is now.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ItemLocation {
    pub page_id: i64,
    pub category_id: i64,
    /// None while it is in the trash.
    pub slug: Option<String>,
}

pub async fn of(db: &Conn, id: i64) -> Result<ItemLocation> {
    db.optional("select page_id, category_id, slug from faq_item where document_id = $1", (id,))
        .await?
        .ok_or(Error::NotFound)
}

/// The item with a slug on a page.
pub(crate) async fn id_at(db: &Conn, page_id: i64, slug: &str) -> Result<Option<i64>> {
    let sql = "select document_id from faq_item where page_id = $1 and slug = $2";
    let row: Option<(i64,)> = db.optional(sql, (page_id, slug)).await?;
    Ok(row.map(|(id,)| id))
}

/// The title of the item that has a slug on a page, if it is another one than the item `id`.
pub(in crate::model) async fn holder(db: &Conn, (page_id, slug): (i64, &str), id: i64) -> Result<Option<String>> {
    let sql = "select title from faq_item_node where page_id = $1 and slug = $2 and id <> $3";
    let row: Option<(String,)> = db.optional(sql, (page_id, slug, id)).await?;
    Ok(row.map(|(title,)| title))
}

pub(super) async fn set_slug(write: &Write, id: i64, slug: &str) -> Result<()> {
    write.execute("update faq_item set slug = $2 where document_id = $1", (id, slug)).await?;
    Ok(())
}
