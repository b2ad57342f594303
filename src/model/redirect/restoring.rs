//! Undoing the deletion of a redirect: it is what it was, with its uses.

use serde::{Deserialize, Serialize};

use super::{
    editing,
    list::{self, RedirectFields, RedirectRow},
    missing,
};
use crate::{
    clock::Timestamp,
    error::{Error, Result},
    model::{audit_log::AuditEntry, page::public, write::Write},
};

/// What a redirect was that is deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DeletedRedirect {
    path: String,
    document_id: Option<i64>,
    target: String,
    covers_below: bool,
    by_hand: bool,
    #[serde(default)]
    left_by_id: Option<i64>,
    created_at: Timestamp,
    hits: i64,
    last_used_at: Option<Timestamp>,
}

impl From<&RedirectRow> for DeletedRedirect {
    fn from(row: &RedirectRow) -> Self {
        Self {
            path: row.path.clone(),
            document_id: row.document_id,
            target: row.target.clone(),
            covers_below: row.covers_below,
            by_hand: row.by_hand,
            left_by_id: row.left_by_id,
            created_at: row.created_at,
            hits: row.hits,
            last_used_at: row.last_used_at,
        }
    }
}

/// Gives the path that it begins at, as users type it.
/// `Conflict` with a clause when something else is at its path by now.
pub(in crate::model) async fn bring_back(write: &Write, deleted: &DeletedRedirect) -> Result<String> {
    let path = deleted.path.as_str();
    if list::at(write, path).await?.is_some() {
        return Err(Error::Conflict(format!("there is another redirect from {path} by now")));
    }
    if !deleted.covers_below && public::id_at(write, path).await?.is_some() {
        return Err(Error::Conflict(format!("a page is live at {path} by now")));
    }
    let id = insert(write, deleted).await?;
    missing::clear(write, path, deleted.covers_below).await?;
    let redirect = list::get(write, id).await?;
    let entry = AuditEntry::new("redirect.create", "redirect", Some(id), path);
    write.record(entry.detail(format!("to {}, as it was before", redirect.to())));
    write.touch_public();
    Ok(redirect.from())
}

async fn insert(write: &Write, deleted: &DeletedRedirect) -> Result<i64> {
    let DeletedRedirect { path, document_id, target, covers_below, .. } = deleted.clone();
    let fields = RedirectFields { path, document_id, target, covers_below };
    let id: i64 = write
        .value(
            "insert into redirect (path, document_id, target, covers_below, by_hand, created_at, search_text, left_by_id) \
             values ($1, $2, $3, $4, $5, $6, $7, $8) returning id",
            (
                fields.path.as_str(),
                document_id,
                fields.target.as_str(),
                covers_below,
                deleted.by_hand,
                deleted.created_at,
                editing::search_text(&fields),
                deleted.left_by_id,
            ),
        )
        .await?;
    if let Some(last) = deleted.last_used_at {
        let sql = "insert into redirect_use (redirect_id, hits, last_used_at) values ($1, $2, $3)";
        write.execute(sql, (id, deleted.hits, last)).await?;
    }
    Ok(id)
}
