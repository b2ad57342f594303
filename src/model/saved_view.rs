//! Filters of lists that a user has saved under a name, for themselves alone. No content: no audit log entry.

use crate::{
    clock::Timestamp,
    crypto,
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::{Error, Result, ValidationErrors},
    text::{clean, limit},
};

/// Longest name, in characters.
const NAME_MAX: usize = 60;
/// Longest query string, in bytes.
const QUERY_MAX: usize = 1000;
/// Most views of one list.
const MOST: usize = 30;

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct SavedView {
    pub(crate) id: i64,
    /// The path of the list.
    pub(crate) list: String,
    pub(crate) name: String,
    /// The query string, without its question mark.
    pub(crate) query: String,
}

impl SavedView {
    /// What a form says that its user saw.
    #[must_use]
    pub(crate) fn seen(&self) -> String {
        crypto::hash(&format!("{}\n{}", self.name, self.query))
    }
}

/// Those of a user for a list, by name.
pub(crate) async fn of_list(db: &Conn, user_id: i64, list: &str) -> Result<Vec<SavedView>> {
    let sql = "select id, list, name, query from saved_view where user_id = $1 and list = $2 order by name";
    Ok(db.all(sql, (user_id, list)).await?)
}

/// A filter to be saved.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewSavedView<'a> {
    pub(crate) user_id: i64,
    pub(crate) list: &'a str,
    /// As it was typed.
    pub(crate) name: &'a str,
    pub(crate) query: &'a str,
    /// The views of the list that its user saw.
    pub(crate) seen: &'a [String],
}

/// Saves a filter under a name; one that the user has seen under this name is replaced. Gives the name.
/// `Validation` on `name`; `Conflict` when the user has another under this name by now.
pub(crate) async fn save(db: &Db, new: NewSavedView<'_>, now: Timestamp) -> Result<String> {
    let NewSavedView { user_id, list, name, query, seen } = new;
    let name = clean::line(name);
    let fault = |sentence: String| Error::from(ValidationErrors::one("name", sentence));
    if name.is_empty() {
        return Err(fault("Enter a name for this view".to_owned()));
    }
    limit::characters(&name, "the name", NAME_MAX).map_err(fault)?;
    if query.len() > QUERY_MAX {
        return Err(fault("This filter is too long to be saved".to_owned()));
    }
    let tx = Transaction::begin(db).await?;
    let (same, others): (Vec<_>, Vec<_>) =
        of_list(&tx, user_id, list).await?.into_iter().partition(|view| view.name == name);
    if same.iter().any(|view| view.query != query && !seen.contains(&view.seen())) {
        let sentence = format!(
            "Your view “{name}” was changed after you opened this list, so it was not replaced. Open the list again to \
             see it."
        );
        return Err(Error::Conflict(sentence));
    }
    if others.len() >= MOST {
        return Err(fault(format!("You have {MOST} views of this list; remove one first")));
    }
    tx.execute(
        "insert into saved_view (user_id, list, name, query, created_at) values ($1, $2, $3, $4, $5) \
         on conflict (user_id, list, name) do update set query = excluded.query",
        (user_id, list, name.as_str(), query, now),
    )
    .await?;
    tx.commit().await?;
    Ok(name)
}

/// Removes one of a user's views, and gives it.
/// `NotFound` when it is not there, or is another user's; `Conflict` when it is not what its user saw.
pub(crate) async fn remove(db: &Db, user_id: i64, id: i64, seen: &str) -> Result<SavedView> {
    let tx = Transaction::begin(db).await?;
    let sql = "select id, list, name, query from saved_view where id = $1 and user_id = $2";
    let view: SavedView = tx.optional(sql, (id, user_id)).await?.ok_or(Error::NotFound)?;
    if view.seen() != seen {
        let sentence = format!(
            "Your view “{}” was changed after you opened this list, so it was not removed. Open the list again to see it.",
            view.name
        );
        return Err(Error::Conflict(sentence));
    }
    delete(&tx, id).await?;
    tx.commit().await?;
    Ok(view)
}

/// Deletes one of any user.
pub(super) async fn delete(tx: &Transaction, id: i64) -> Result<()> {
    tx.execute("delete from saved_view where id = $1", (id,)).await?;
    Ok(())
}
