//! What was searched, counted by day. It is not content and no user's action, so like sessions it has no audit entry.

use crate::{
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::Result,
};

/// Most terms that are kept for one day.
const TERMS: i64 = 1000;

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct TermCount {
    pub(crate) term: String,
    pub(crate) searches: i64,
}

/// Adds to the counts of a day: the folded term, how it was typed, searches, and how many of them found nothing.
pub(crate) async fn add(db: &Db, day: &str, counts: Vec<(String, String, i64, i64)>) -> Result<()> {
    let tx = Transaction::begin(db).await?;
    for (term, typed, searches, zero_results) in counts {
        tx.execute(
            "insert into search_term (day, term, typed, searches, zero_results) select $1, $2, $3, $4, $5 \
             where (select count(*) from search_term where day = $1) < $6 \
             or exists (select 1 from search_term where day = $1 and term = $2) \
             on conflict (day, term) do update set searches = search_term.searches + excluded.searches, \
             zero_results = search_term.zero_results + excluded.zero_results",
            (day, term, typed, searches, zero_results, TERMS),
        )
        .await?;
    }
    tx.commit().await
}

/// The terms that were searched most since a day.
pub(crate) async fn list_most_searched(db: &Conn, since: &str, limit: i64) -> Result<Vec<TermCount>> {
    Ok(db
        .all(
            "select min(typed) as term, cast(sum(searches) as bigint) as searches from search_term where day >= $1 \
             group by search_term.term order by 2 desc, search_term.term limit $2",
            (since, limit),
        )
        .await?)
}

/// The terms that most often found nothing since a day.
pub(crate) async fn list_zero_results(db: &Conn, since: &str, limit: i64) -> Result<Vec<TermCount>> {
    Ok(db
        .all(
            "select min(typed) as term, cast(sum(zero_results) as bigint) as searches from search_term \
             where day >= $1 and zero_results > 0 group by search_term.term order by 2 desc, search_term.term limit $2",
            (since, limit),
        )
        .await?)
}

pub(crate) async fn forget(db: &Db, day: &str) -> Result<()> {
    let old: i64 = db.read().value("select count(*) from search_term where day < $1", (day,)).await?;
    if old == 0 {
        return Ok(());
    }
    let tx = Transaction::begin(db).await?;
    tx.execute("delete from search_term where day < $1", (day,)).await?;
    tx.commit().await
}
