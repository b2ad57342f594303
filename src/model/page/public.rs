//! Pages as visitors get them: live revisions only. Every query here is on the path of a public GET and uses an index.

use super::address;
use crate::{
    db::conn::Conn,
    error::Result,
    model::revision::{Layout, Menu, Revision},
    text::time::Timestamp,
};

/// A page as it is listed: in menus, breadcrumbs, cards.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Entry {
    /// The document.
    pub id: i64,
    /// The page above.
    pub parent_id: Option<i64>,
    /// The whole address.
    pub path: String,
    /// Title.
    pub title: String,
    /// Label for menus; may be empty.
    pub menu_label: String,
    /// Where it is listed.
    pub menu: Menu,
    /// Clause or part number; may be empty.
    pub number: String,
    /// Lead paragraph; may be empty.
    pub summary: String,
    /// How it shows itself.
    pub layout: Layout,
}

impl Entry {
    /// The words for menus and breadcrumbs.
    #[must_use]
    pub fn label(&self) -> &str {
        if self.menu_label.is_empty() { &self.title } else { &self.menu_label }
    }
}

/// The live page at an address.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Page {
    /// The page above.
    pub parent_id: Option<i64>,
    /// The whole address.
    pub path: String,
    /// What visitors see.
    #[sqlx(flatten)]
    pub revision: Revision,
}

/// The live page at `path`.
pub async fn at(db: &Conn, path: &str) -> Result<Option<Page>> {
    Ok(db
        .optional(
            "select p.parent_id, p.path, r.* from page p join document d on d.id = p.document_id \
             join revision r on r.id = d.live_id where p.path = $1",
            (path,),
        )
        .await?)
}

/// The live pages right below `parent_id` in their order; `None`: the uppermost level without the front page.
pub async fn children(db: &Conn, parent_id: Option<i64>) -> Result<Vec<Entry>> {
    // Two texts rather than `coalesce`, so that each uses the index.
    match parent_id {
        Some(parent) => Ok(db
            .all(
                "select d.id, p.parent_id, p.path, r.title, r.menu_label, r.menu, r.number, r.summary, r.layout \
                 from page p join document d on d.id = p.document_id join revision r on r.id = d.live_id \
                 where p.parent_id = $1 order by p.position, p.document_id",
                (parent,),
            )
            .await?),
        None => Ok(db
            .all(
                "select d.id, p.parent_id, p.path, r.title, r.menu_label, r.menu, r.number, r.summary, r.layout \
                 from page p join document d on d.id = p.document_id join revision r on r.id = d.live_id \
                 where p.parent_id is null and p.path <> $1 order by p.position, p.document_id",
                (address::HOME,),
            )
            .await?),
    }
}

/// The live page `id` as it is listed.
pub async fn entry(db: &Conn, id: i64) -> Result<Option<Entry>> {
    Ok(db
        .optional(
            "select d.id, p.parent_id, p.path, r.title, r.menu_label, r.menu, r.number, r.summary, r.layout \
             from page p join document d on d.id = p.document_id join revision r on r.id = d.live_id \
             where p.document_id = $1",
            (id,),
        )
        .await?)
}

/// The pages above, the uppermost first.
pub async fn ancestors(db: &Conn, parent_id: Option<i64>) -> Result<Vec<Entry>> {
    let mut above = Vec::new();
    let mut next = parent_id;
    while let Some(id) = next {
        let Some(entry) = entry(db, id).await? else { break };
        next = entry.parent_id;
        above.push(entry);
    }
    above.reverse();
    Ok(above)
}

/// The first live page with this layout, by address.
pub async fn with_layout(db: &Conn, layout: Layout) -> Result<Option<Entry>> {
    Ok(db
        .optional(
            "select d.id, p.parent_id, p.path, r.title, r.menu_label, r.menu, r.number, r.summary, r.layout \
             from page p join document d on d.id = p.document_id join revision r on r.id = d.live_id \
             where r.layout = $1 order by p.path limit 1",
            (layout,),
        )
        .await?)
}

/// Addresses of all live pages after `after`, with the time of their last publication, for the site map and near matches.
pub async fn addresses(db: &Conn, after: &str, limit: i64) -> Result<Vec<(String, String, Timestamp)>> {
    Ok(db
        .all(
            "select p.path, r.title, coalesce((select max(published_at) from publication b \
             where b.document_id = d.id), d.created_at) from page p \
             join document d on d.id = p.document_id join revision r on r.id = d.live_id \
             where p.path > $1 order by p.path limit $2",
            (after, limit),
        )
        .await?)
}
