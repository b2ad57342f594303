//! The tree of pages as editors see it: everything that is not in the trash, published or not.

use super::subtree::subtree_range;
use crate::{
    clock::Timestamp,
    db::{conn::Conn, like},
    error::{Error, Result, ValidationErrors},
    model::document::owner::StoredOwner,
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
    #[sqlx(flatten)]
    pub(crate) owner: StoredOwner,
}

/// The page `id`.
/// `NotFound` when there is none or it is in the trash.
pub(crate) async fn node(db: &Conn, id: i64) -> Result<PageNode> {
    db.optional("select * from page_node where id = $1", (id,)).await?.ok_or(Error::NotFound)
}

/// A page among those below the same page.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Sibling {
    #[sqlx(rename = "document_id")]
    pub(crate) id: i64,
    pub(super) position: i64,
}

/// The pages right below `parent_id` in their order, without the front page.
pub(crate) async fn siblings(db: &Conn, parent_id: Option<i64>) -> Result<Vec<Sibling>> {
    Ok(db
        .all(
            "select document_id, position from page where coalesce(parent_id, 0) = $1 and path <> '/' \
             order by position, document_id",
            (parent_id.unwrap_or(0),),
        )
        .await?)
}

/// At most `limit` of them from `first` on.
pub(crate) async fn children_from(
    db: &Conn,
    parent_id: Option<i64>,
    first: &Sibling,
    limit: usize,
) -> Result<Vec<PageNode>> {
    Ok(db
        .all(
            "select * from page_node where coalesce(parent_id, 0) = $1 and path <> '/' and (position, id) >= ($2, $3) \
             order by position, id limit $4",
            (parent_id.unwrap_or(0), first.position, first.id, i64::try_from(limit).unwrap_or(i64::MAX)),
        )
        .await?)
}

/// The first `limit` pages after the path `after` whose title, number or path contains `text`, by path.
pub(crate) async fn search(db: &Conn, text: &str, after: &str, limit: i64) -> Result<Vec<PageNode>> {
    Ok(db
        .all(
            "select * from page_node where path > $2 \
             and (search_text like $1 escape '\\' or path like $1 escape '\\') order by path limit $3",
            (like::containing(text), after, limit),
        )
        .await?)
}

/// At most `limit` pages whose title, number or path contains `text`, without templates: those first that begin with it or are at
/// it as a path, then the live ones, then the shorter paths.
pub(crate) async fn choices(db: &Conn, text: &str, limit: i64) -> Result<Vec<PageNode>> {
    Ok(db
        .all(
            "select * from page_node where (search_text like $1 escape '\\' or path like $1 escape '\\') and not is_template \
             order by case when search_text like $2 escape '\\' or path like $2 escape '\\' then 0 else 1 end, \
             case when live then 0 else 1 end, length(path), path limit $3",
            (like::containing(text), like::beginning(text), limit),
        )
        .await?)
}

/// How many pages [`search`] finds in all.
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

/// The page with a path that was typed; none for the uppermost level.
/// `Validation` on `parent` when there is none.
pub(crate) async fn typed_parent(db: &Conn, typed: &str) -> Result<Option<PageNode>> {
    let path = typed.trim().trim_matches('/');
    if path.is_empty() {
        return Ok(None);
    }
    let path = format!("/{path}");
    let Some(id) = id_at(db, &path).await? else {
        let sentence = format!("There is no page at {path}; enter the path of one");
        return Err(ValidationErrors::one("parent", sentence).into());
    };
    Ok(Some(node(db, id).await?))
}
