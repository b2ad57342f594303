//! Forms that were sent a moment ago to one of several nodes, and the responses. Not content, so without an audit entry.
//! Knows no form; what a response is, the caller knows.

use crate::{
    clock::Timestamp,
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::Result,
};

/// How long a form may take, in milliseconds. One that takes longer was on a node that is gone.
const LONGEST: i64 = 2 * 60 * 1000;
/// How far the clocks of two nodes may differ, in milliseconds.
const SKEW: i64 = 5 * 60 * 1000;

/// What identifies a form; each is a hash in hexadecimal digits.
#[derive(Debug, Clone)]
pub(crate) struct SubmissionKey {
    pub(crate) key: String,
    pub(crate) owner: String,
    pub(crate) target: String,
}

/// What is known of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Known {
    Nothing,
    /// Some node is handling it.
    Running,
    /// The response to it.
    Done(String),
}

/// Makes the caller the one who handles a form. False when another node has it or had it.
pub(crate) async fn claim(db: &Db, form: SubmissionKey, now: Timestamp) -> Result<bool> {
    let tx = Transaction::begin(db).await?;
    let rows = tx
        .execute(
            "insert into submission (key, owner, target, keep_till) values ($1, $2, $3, $4) on conflict (key) do nothing",
            (form.key, form.owner, form.target, now.plus(LONGEST)),
        )
        .await?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// What is known of the form with this key.
pub(crate) async fn find(db: &Conn, key: &str) -> Result<Known> {
    let row: Option<(Option<String>,)> = db.optional("select response from submission where key = $1", (key,)).await?;
    Ok(match row {
        None => Known::Nothing,
        Some((None,)) => Known::Running,
        Some((Some(response),)) => Known::Done(response),
    })
}

/// Keeps the response to a form until `till`. What the owner sent to the same target before may be undone by
/// this form, so it is forgotten.
pub(crate) async fn finish(db: &Db, form: SubmissionKey, response: String, till: Timestamp) -> Result<()> {
    let tx = Transaction::begin(db).await?;
    tx.execute(
        "delete from submission where owner = $1 and target = $2 and key <> $3 and response is not null",
        (form.owner, form.target, form.key.clone()),
    )
    .await?;
    tx.execute("update submission set response = $2, keep_till = $3 where key = $1", (form.key, response, till))
        .await?;
    tx.commit().await
}

/// Forgets a form, so that it is handled when it is sent again.
pub(crate) async fn forget(db: &Db, key: String) -> Result<()> {
    let tx = Transaction::begin(db).await?;
    tx.execute("delete from submission where key = $1", (key,)).await?;
    tx.commit().await
}

/// Forgets what was kept for long enough, whichever node's clock says so.
pub(crate) async fn tidy(db: &Db, now: Timestamp) -> Result<()> {
    let now = now.minus(SKEW);
    let old: i64 = db.read().value("select count(*) from submission where keep_till < $1", (now,)).await?;
    if old == 0 {
        return Ok(());
    }
    let tx = Transaction::begin(db).await?;
    tx.execute("delete from submission where keep_till < $1", (now,)).await?;
    tx.commit().await
}
