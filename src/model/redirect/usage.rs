//! How often visitors were sent on by each redirect. It is not content and no user's action, so it has no audit entry.

use crate::{
    clock::Timestamp,
    db::{pool::Db, transaction::Transaction},
    error::Result,
};

/// Adds to the counts of redirects: their ids, how often each was followed, and when last.
pub(crate) async fn add(db: &Db, counts: &[(i64, i64, Timestamp)]) -> Result<()> {
    let tx = Transaction::begin(db).await?;
    for (redirect_id, hits, last_at) in counts {
        tx.execute(
            "insert into redirect_use (redirect_id, hits, last_used_at) select id, $2, $3 from redirect where id = $1 \
             on conflict (redirect_id) do update set hits = redirect_use.hits + excluded.hits, \
             last_used_at = excluded.last_used_at",
            (*redirect_id, *hits, *last_at),
        )
        .await?;
    }
    tx.commit().await
}
