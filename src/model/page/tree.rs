//! The tree of pages as editors see it: everything that is not in the trash, published or not.

use super::{path, subtree::subtree_range};
use crate::{
    clock::Timestamp,
    db::{conn::Conn, like},
    error::{Error, Result},
    model::document::owner::OwnedBy,
};

#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct PageNode {
    pub(crate) id: i64,
    pub(crate) parent_id: Option<i64>,
    pub(crate) path: String,
    pub(crate) title: String,
    pub(crate) clause_number: String,
    pub(crate) menu: String,
    pub(crate) live: bool,
    /// Whether there is a newer version than the one that visitors see.
    pub(crate) changed: bool,
    pub(crate) children: i64,
    pub(crate) is_template: bool,
    pub(crate) saved_at: Timestamp,
    pub(crate) author_name: String,
    /// By when it is to be looked at again, `YYYY-MM-DD`.
    pub(crate) review_on: Option<String>,
}

/// The page `id`.
/// `NotFound` when there is none or it is in the trash.
pub(crate) async fn node(db: &Conn, id: i64) -> Result<PageNode> {
    db.optional("select * from page_node where id = $1", (id,)).await?.ok_or(Error::NotFound)
}

/// The pages right below `parent_id` in their order; for `None` the front page comes first.
pub(crate) async fn children(db: &Conn, parent_id: Option<i64>) -> Result<Vec<PageNode>> {
    Ok(db
        .all(
            "select * from page_node where coalesce(parent_id, 0) = $1 \
             order by case when path = $2 then 0 else 1 end, position, id",
            (parent_id.unwrap_or(0), path::HOME),
        )
        .await?)
}

/// Pages of these owners whose title, number or path contains `text`, after the path `after`, by path.
pub(crate) async fn search(db: &Conn, text: &str, owned: OwnedBy, after: &str, limit: i64) -> Result<Vec<PageNode>> {
    let (user, role) = owned.args();
    Ok(db
        .all(
            "select * from page_node where path > $2 \
             and (search_text like $1 escape '\\' or path like $1 escape '\\') \
             and ($4 = 0 or $4 = -1 and not has_owner or owner_id = $4 or owner_role = $5) order by path limit $3",
            (like::containing(text), after, limit, user, role),
        )
        .await?)
}

/// The same pages, but those right before a path.
pub(crate) async fn search_before(
    db: &Conn,
    text: &str,
    owned: OwnedBy,
    before: &str,
    limit: i64,
) -> Result<Vec<PageNode>> {
    let (user, role) = owned.args();
    let mut nodes: Vec<PageNode> = db
        .all(
            "select * from page_node where path < $2 \
             and (search_text like $1 escape '\\' or path like $1 escape '\\') \
             and ($4 = 0 or $4 = -1 and not has_owner or owner_id = $4 or owner_role = $5) order by path desc limit $3",
            (like::containing(text), before, limit, user, role),
        )
        .await?;
    nodes.reverse();
    Ok(nodes)
}

/// How many pages [`search`] finds in all, of all owners.
pub(crate) async fn count(db: &Conn, text: &str, after: &str) -> Result<i64> {
    Ok(db
        .value(
            "select count(*) from page_node where path > $2 and (search_text like $1 escape '\\' or path like $1 escape '\\')",
            (like::containing(text), after),
        )
        .await?)
}

/// The pages above `id`, the uppermost first.
pub(crate) async fn ancestors(db: &Conn, parent_id: Option<i64>) -> Result<Vec<PageNode>> {
    let mut above = Vec::new();
    let mut next = parent_id;
    while let Some(id) = next {
        let parent = node(db, id).await?;
        next = parent.parent_id;
        above.push(parent);
    }
    above.reverse();
    Ok(above)
}

/// A page that another one can be moved below.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct PossibleParent {
    pub(crate) path: String,
    pub(crate) title: String,
}

/// The first `limit` pages, by path, that a page can be moved below: not itself nor what is below it, none that is not
/// published when it is, and none with another page of its slug.
pub(crate) async fn possible_parents(db: &Conn, moved: &PageNode, limit: i64) -> Result<Vec<PossibleParent>> {
    let (from, to) = subtree_range(&moved.path);
    let slug = moved.path.rsplit('/').next().unwrap_or_default();
    Ok(db
        .all(
            "select n.path, n.title from page_node n where n.path <> '/' and n.id <> $1 \
             and (n.path < $2 or n.path >= $3) and ($4 = 0 or n.live) \
             and not exists (select 1 from page s where s.path = n.path || '/' || $5 and s.document_id <> $1) \
             order by n.path limit $6",
            (moved.id, from, to, i64::from(moved.live), slug, limit),
        )
        .await?)
}

/// All paths of pages, with their ids and whether they are live.
pub(in crate::model) async fn paths(db: &Conn) -> Result<Vec<(String, i64, bool)>> {
    Ok(db.all("select n.path, n.id, n.live from page_node n order by n.path", ()).await?)
}

pub async fn id_at(db: &Conn, path: &str) -> Result<Option<i64>> {
    let row: Option<(i64,)> = db.optional("select document_id from page where path = $1", (path,)).await?;
    Ok(row.map(|(id,)| id))
}
