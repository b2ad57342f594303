//! Pages as visitors get them: live revisions only. Every query here is on the path of a public GET and uses an index.

use std::collections::{BTreeSet, HashMap};

use super::path;
use crate::{
    clock::Timestamp,
    db::conn::Conn,
    error::Result,
    model::document::{
        choices::{Layout, Menu},
        content::label,
        extra_fields::ExtraFields,
        keys,
        revision::Revision,
    },
};

/// A page as others list it: in menus, breadcrumbs, section navigation. Small, because many are kept in memory.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct NavPage {
    pub(crate) id: i64,
    pub(crate) path: Box<str>,
    pub(crate) title: Box<str>,
    /// Label for menus; may be empty.
    pub(crate) menu_label: Box<str>,
    pub(crate) menu: Menu,
    /// Clause or part number; may be empty.
    pub(crate) clause_number: Box<str>,
    pub(crate) layout: Layout,
    pub(crate) has_children: bool,
}

impl NavPage {
    #[must_use]
    pub(crate) fn label(&self) -> &str {
        label(&self.title, &self.menu_label)
    }
}

/// A page as a card: with its summary.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Card {
    #[sqlx(flatten)]
    pub(crate) entry: NavPage,
    /// Lead paragraph; may be empty.
    pub(crate) summary: String,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LivePage {
    pub parent_id: Option<i64>,
    pub path: String,
    #[sqlx(flatten)]
    pub revision: Revision,
}

pub async fn at(db: &Conn, path: &str) -> Result<Option<LivePage>> {
    Ok(db
        .optional(
            "select p.parent_id, p.path, r.* from live_page p join revision r on r.id = p.revision_id where p.path = $1",
            (path,),
        )
        .await?)
}

/// The document of the live page at a path.
pub(crate) async fn id_at(db: &Conn, path: &str) -> Result<Option<i64>> {
    let row: Option<(i64,)> = db.optional("select document_id from live_page where path = $1", (path,)).await?;
    Ok(row.map(|(id,)| id))
}

pub(crate) async fn find(db: &Conn, id: i64) -> Result<Option<LivePage>> {
    Ok(db
        .optional(
            "select p.parent_id, p.path, r.* from live_page p join revision r on r.id = p.revision_id \
             where p.document_id = $1 and p.path is not null",
            (id,),
        )
        .await?)
}

/// The live pages right below `parent_id` in their order; `None`: the uppermost level without the front page.
pub async fn children(db: &Conn, parent_id: Option<i64>) -> Result<Vec<NavPage>> {
    Ok(db
        .all(
            "select id, path, title, menu_label, menu, clause_number, layout, has_children from nav_page \
             where coalesce(parent_id, 0) = $1 and path <> $2 order by position, id",
            (parent_id.unwrap_or(0), path::HOME),
        )
        .await?)
}

/// The live page `id`, as others list it.
pub(crate) async fn entry(db: &Conn, id: i64) -> Result<Option<NavPage>> {
    Ok(db
        .optional(
            "select id, path, title, menu_label, menu, clause_number, layout, has_children from nav_page where id = $1",
            (id,),
        )
        .await?)
}

/// Paths or pages that are looked up at a time.
const PATHS: usize = 8;

/// Titles of the live pages at these paths, by path.
pub(crate) async fn titles(db: &Conn, paths: &BTreeSet<String>) -> Result<HashMap<String, String>> {
    let mut found = HashMap::new();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    for some in paths.chunks(PATHS) {
        let at = |place: usize| some.get(place).copied().unwrap_or_default();
        let sql = "select path, title from nav_page where path in ($1, $2, $3, $4, $5, $6, $7, $8)";
        let rows: Vec<(String, String)> = db.all(sql, (at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7))).await?;
        found.extend(rows);
    }
    Ok(found)
}

/// The column `fields` of a live version.
#[derive(Debug, sqlx::FromRow)]
struct FieldsRow {
    document_id: i64,
    #[sqlx(try_from = "String")]
    fields: ExtraFields,
}

/// What the titles of numbered pages begin with below these live pages, the uppermost first: as the nearest of them that says
/// it has it. Empty when none does.
pub(crate) async fn title_prefix(db: &Conn, above: &[i64]) -> Result<String> {
    let nearest_first: Vec<i64> = above.iter().rev().copied().collect();
    for some in nearest_first.chunks(PATHS) {
        let at = |place: usize| some.get(place).copied().unwrap_or_default();
        let sql = "select p.document_id, r.fields from live_page p join revision r on r.id = p.revision_id \
             where p.document_id in ($1, $2, $3, $4, $5, $6, $7, $8) and r.fields like '%\"title_prefix\":\"%'";
        let rows: Vec<FieldsRow> = db.all(sql, (at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7))).await?;
        let prefix =
            |id: &i64| rows.iter().find(|row| row.document_id == *id).map(|row| row.fields.get(keys::TITLE_PREFIX));
        if let Some(prefix) = some.iter().filter_map(prefix).find(|prefix| !prefix.is_empty()) {
            return Ok(prefix.to_owned());
        }
    }
    Ok(String::new())
}

pub(crate) async fn cards(db: &Conn, parent_id: i64) -> Result<Vec<Card>> {
    Ok(db.all("select * from nav_page where parent_id = $1 order by position, id", (parent_id,)).await?)
}

/// A page above another, for the trail to it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct LiveAncestor {
    pub(crate) parent_id: Option<i64>,
    pub(crate) title: String,
    /// Label for menus; may be empty.
    pub(crate) menu_label: String,
    pub(crate) layout: Layout,
}

impl LiveAncestor {
    #[must_use]
    pub(crate) fn label(&self) -> &str {
        label(&self.title, &self.menu_label)
    }
}

/// The live pages above, the uppermost first.
pub(crate) async fn ancestors(db: &Conn, parent_id: Option<i64>) -> Result<Vec<LiveAncestor>> {
    let mut above = Vec::new();
    let mut next = parent_id;
    while let Some(id) = next {
        let entry: Option<LiveAncestor> =
            db.optional("select parent_id, title, menu_label, layout from nav_page where id = $1", (id,)).await?;
        let Some(entry) = entry else { break };
        next = entry.parent_id;
        above.push(entry);
    }
    above.reverse();
    Ok(above)
}

pub(crate) async fn count(db: &Conn) -> Result<i64> {
    Ok(db.value("select count(*) from live_page where path > $1", ("",)).await?)
}

/// The path of the live page with this number, from 1, in the order of paths.
pub(crate) async fn nth_path(db: &Conn, number: i64) -> Result<Option<String>> {
    let row: Option<(String,)> = db
        .optional("select path from live_page where path > $1 order by path limit 1 offset $2", ("", number - 1))
        .await?;
    Ok(row.map(|(path,)| path))
}

/// A live page in the site map.
#[derive(Debug, sqlx::FromRow)]
pub struct ListedPage {
    pub path: String,
    pub title: String,
    /// When it was last published.
    pub(crate) published_at: Timestamp,
}

/// The live pages after the path `after`, by path.
pub async fn list_all(db: &Conn, after: &str, limit: i64) -> Result<Vec<ListedPage>> {
    Ok(db
        .all(
            "select p.path, r.title, coalesce((select max(published_at) from publication b \
             where b.document_id = p.document_id), p.created_at) as published_at from live_page p join revision r on r.id = p.revision_id \
             where p.path > $1 order by p.path limit $2",
            (after, limit),
        )
        .await?)
}
