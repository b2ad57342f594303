//! Pages that show items: each has categories and items of its own. A page is one by its layout, as visitors see it, or else in its
//! newest version. Knows nothing of how items are drawn.

use crate::{
    db::conn::Conn,
    error::{Result, ValidationErrors},
    model::document::choices::Layout,
};

/// The page of what no page shows.
pub(crate) const NO_PAGE: i64 = 0;

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Collection {
    /// That of its page.
    pub id: i64,
    pub path: String,
    pub title: String,
    /// Label for menus; may be empty.
    pub(crate) menu_label: String,
    pub layout: Layout,
    /// Whether visitors see the page.
    pub live: bool,
}

impl Collection {
    #[must_use]
    pub(crate) fn label(&self) -> &str {
        if self.menu_label.is_empty() { &self.title } else { &self.menu_label }
    }
}

/// All of them outside the trash, by path.
pub async fn all(db: &Conn) -> Result<Vec<Collection>> {
    Ok(db.all("select id, path, title, menu_label, layout, live from collection order by path", ()).await?)
}

/// None for a page that shows no items, or is in the trash.
pub(crate) async fn find(db: &Conn, page_id: i64) -> Result<Option<Collection>> {
    Ok(db
        .optional("select id, path, title, menu_label, layout, live from collection where id = $1", (page_id,))
        .await?)
}

/// The page that visitors find an item on; none while they see none of it.
pub(crate) async fn live_of(db: &Conn, item: i64) -> Result<Option<Collection>> {
    Ok(db
        .optional(
            "select n.id, n.path, n.title, n.menu_label, n.layout, n.live from faq_item i join collection n on n.id = i.page_id \
             where i.document_id = $1 and n.live",
            (item,),
        )
        .await?)
}

/// Where a new category goes when nobody says it: the first page, those that visitors see before others.
pub(crate) async fn usual(db: &Conn) -> Result<i64> {
    let all = all(db).await?;
    Ok(all.iter().find(|one| one.live).or(all.first()).map_or(NO_PAGE, |one| one.id))
}

/// The page that was chosen.
/// `Validation` on `page` when it shows no items.
pub(crate) async fn choose(db: &Conn, page_id: i64) -> Result<Collection> {
    let chosen = find(db, page_id).await?;
    chosen.ok_or_else(|| ValidationErrors::one("page", "Choose a page; this one shows no items any more").into())
}

/// The page at a path.
pub(crate) async fn at(db: &Conn, path: &str) -> Result<Option<Collection>> {
    Ok(db.optional("select id, path, title, menu_label, layout, live from collection where path = $1", (path,)).await?)
}
