//! The redirects that there are: one, a page of the list, all for an export.

use crate::{
    clock::Timestamp,
    db::{conn::Conn, like},
    error::{Error, Result},
    model::cursor::Cursor,
};

/// A redirect with what it leads to.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "a row of the view")]
pub(crate) struct RedirectRow {
    pub(crate) id: i64,
    pub(crate) path: String,
    pub(crate) document_id: Option<i64>,
    /// Of a document the part, with its `#`, or empty; of anything else the whole address.
    pub(crate) target: String,
    /// Whether what is below the path leads to the same place below the target.
    pub(crate) covers_below: bool,
    pub(crate) by_hand: bool,
    pub(crate) created_at: Timestamp,
    /// Where the document is now; none in the trash.
    pub(crate) page_path: Option<String>,
    pub(crate) live: bool,
    /// How often visitors were sent on, and when last, as far as it is written down.
    pub(crate) hits: i64,
    /// Of what covers what is below: the page that left this very path, where it is now, and whether it is live.
    pub(crate) left_by_id: Option<i64>,
    pub(crate) left_path: Option<String>,
    pub(crate) left_live: bool,
    pub(crate) last_used_at: Option<Timestamp>,
}

/// What is stored of a redirect that users know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RedirectFields {
    pub(crate) path: String,
    pub(crate) document_id: Option<i64>,
    /// Of a document the part, with its `#`; of anything else the whole address.
    pub(crate) target: String,
    pub(crate) covers_below: bool,
}

impl RedirectRow {
    #[must_use]
    pub(crate) fn fields(&self) -> RedirectFields {
        let Self { path, document_id, target, covers_below, .. } = self.clone();
        RedirectFields { path, document_id, target, covers_below }
    }

    /// The path that it begins at, as a user types it: with `/*` behind it where it covers what is below.
    #[must_use]
    pub(crate) fn from(&self) -> String {
        if self.covers_below { format!("{}/*", self.path) } else { self.path.clone() }
    }

    /// Whether the document is in the trash.
    #[must_use]
    pub(crate) const fn is_trashed(&self) -> bool {
        self.document_id.is_some() && self.page_path.is_none()
    }

    /// Where it leads, as a user types it; empty when that is in the trash.
    #[must_use]
    pub(crate) fn to(&self) -> String {
        match (&self.page_path, self.document_id) {
            (Some(path), _) => format!("{path}{}", self.target),
            (None, Some(_)) => String::new(),
            (None, None) => self.target.clone(),
        }
    }
}

/// `NotFound` when there is no such redirect.
pub(crate) async fn get(db: &Conn, id: i64) -> Result<RedirectRow> {
    db.optional("select * from redirect_node where id = $1", (id,)).await?.ok_or(Error::NotFound)
}

/// At most `limit` redirects by path whose path or target contains `text`. A path that only says that a page was deleted is
/// none of them.
pub(crate) async fn list(
    db: &Conn,
    text: &str,
    cursor: Option<&Cursor<String>>,
    limit: i64,
) -> Result<Vec<RedirectRow>> {
    let pattern = like::containing(text);
    if let Some(Cursor::Before(path)) = cursor {
        let mut found: Vec<RedirectRow> = db
            .all(
                "select * from redirect_node where (by_hand or not trashed) and (search_text like $1 escape '\\' \
                 or page_path like $1 escape '\\') and path < $2 order by path desc limit $3",
                (pattern, path.as_str(), limit),
            )
            .await?;
        found.reverse();
        return Ok(found);
    }
    let after = if let Some(Cursor::After(path)) = cursor { path } else { "" };
    Ok(db
        .all(
            "select * from redirect_node where (by_hand or not trashed) and (search_text like $1 escape '\\' \
             or page_path like $1 escape '\\') and path > $2 order by path limit $3",
            (pattern, after, limit),
        )
        .await?)
}

/// All redirects to addresses, and to documents that are not in the trash, by path.
pub(crate) async fn all(db: &Conn) -> Result<Vec<RedirectRow>> {
    Ok(db
        .all(
            "select r.* from redirect_node r where r.document_id is null \
             or (r.page_path is not null and r.page_path <> r.path) order by r.path",
            (),
        )
        .await?)
}

/// At most `limit` redirects to a document, by path.
pub(crate) async fn to_document(db: &Conn, document_id: i64, limit: i64) -> Result<Vec<RedirectRow>> {
    let sql = "select * from redirect_node where document_id = $1 order by path limit $2";
    Ok(db.all(sql, (document_id, limit)).await?)
}

/// Every redirect, also those that only say that a page was deleted.
pub(super) async fn every(db: &Conn) -> Result<Vec<RedirectRow>> {
    Ok(db.all("select * from redirect_node order by path", ()).await?)
}

/// The redirect from a path, in the form that [`typed::normal`](super::typed::normal) gives.
pub(crate) async fn at(db: &Conn, path: &str) -> Result<Option<RedirectRow>> {
    Ok(db.optional("select r.* from redirect_node r where r.path = $1", (path,)).await?)
}

/// The document that a path leads to.
pub(crate) async fn document_at(db: &Conn, path: &str) -> Result<Option<i64>> {
    Ok(at(db, path).await?.and_then(|redirect| redirect.document_id))
}
