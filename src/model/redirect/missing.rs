//! Paths that visitors asked for and did not find: counted, without a query and without anything of the visitor, and forgotten when
//! nobody has asked for a month. It is not content, so it has no audit entry.

use crate::{
    clock::{DAY, Timestamp},
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::Result,
    model::{cursor::Cursor, page::subtree::subtree_range, write::Write},
};

/// Most paths that are kept; beyond them those go that were asked for least.
const PATHS: i64 = 5000;
/// How long a path is kept after it was asked for last.
const KEPT: i64 = 30 * DAY;

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct MissingPath {
    pub(crate) path: String,
    pub(crate) hits: i64,
    pub(crate) last_at: Timestamp,
}

/// Adds to the counts: paths, how often each was asked for, and when last.
pub(crate) async fn add(db: &Db, counts: &[(String, i64, Timestamp)]) -> Result<()> {
    let tx = Transaction::begin(db).await?;
    for (path, hits, last_at) in counts {
        tx.execute(
            "insert into missing_path (path, hits, last_at) values ($1, $2, $3) on conflict (path) do update set \
             hits = missing_path.hits + excluded.hits, last_at = excluded.last_at",
            (path.as_str(), *hits, *last_at),
        )
        .await?;
    }
    let kept: i64 = tx.value("select count(*) from missing_path", ()).await?;
    if kept > PATHS {
        tx.execute(
            "delete from missing_path where path in (select path from missing_path order by hits, path limit $1)",
            (kept - PATHS,),
        )
        .await?;
    }
    tx.commit().await
}

/// Forgets what nobody has asked for since.
pub(crate) async fn forget(db: &Db, now: Timestamp) -> Result<()> {
    let limit = now.minus(KEPT);
    if db
        .read()
        .optional::<(String,)>("select path from missing_path where last_at < $1 limit 1", (limit,))
        .await?
        .is_none()
    {
        return Ok(());
    }
    let tx = Transaction::begin(db).await?;
    tx.execute("delete from missing_path where last_at < $1", (limit,)).await?;
    tx.commit().await
}

/// At most `limit` paths that were not dismissed and at which there is no live page now nor a redirect to one, those first that were asked for most.
/// The cursor has the hits and the path of one of them.
pub(crate) async fn list(db: &Conn, cursor: Option<&Cursor<(i64, String)>>, limit: i64) -> Result<Vec<MissingPath>> {
    if let Some(Cursor::Before((hits, path))) = cursor {
        let mut found: Vec<MissingPath> = db
            .all(
                "select path, hits, last_at from missing_path m where not dismissed and (hits, path) > ($1, $2) \
                 and not exists (select 1 from live_page p where p.path = m.path) \
                 and not exists (select 1 from redirect_node o where o.path = m.path and (o.live or o.document_id is null)) \
                 and not exists (select 1 from redirect_node o where o.covers_below \
                 and substr(m.path, 1, length(o.path) + 1) = o.path || '/' and (o.document_id is null or exists (\
                 select 1 from live_page p where p.path = rtrim(o.page_path, '/') || substr(m.path, length(o.path) + 1)))) \
                 order by hits, path limit $3",
                (*hits, path.as_str(), limit),
            )
            .await?;
        found.reverse();
        return Ok(found);
    }
    let (hits, path) = if let Some(Cursor::After(key)) = cursor { key.clone() } else { (i64::MAX, String::new()) };
    Ok(db
        .all(
            "select path, hits, last_at from missing_path m where not dismissed and (hits, path) < ($1, $2) \
             and not exists (select 1 from live_page p where p.path = m.path) \
             and not exists (select 1 from redirect_node o where o.path = m.path and (o.live or o.document_id is null)) \
             and not exists (select 1 from redirect_node o where o.covers_below \
             and substr(m.path, 1, length(o.path) + 1) = o.path || '/' and (o.document_id is null or exists (\
             select 1 from live_page p where p.path = rtrim(o.page_path, '/') || substr(m.path, length(o.path) + 1)))) \
             order by hits desc, path desc limit $3",
            (hits, path, limit),
        )
        .await?)
}

/// Shows a path in the list no more, or again. Gives whether there is such a path.
pub(crate) async fn dismiss(db: &Db, path: &str, dismissed: bool) -> Result<bool> {
    let tx = Transaction::begin(db).await?;
    let sql = "update missing_path set dismissed = $2 where path = $1 and dismissed <> $2";
    let changed = tx.execute(sql, (path, dismissed)).await? > 0;
    tx.commit().await?;
    Ok(changed)
}

/// Forgets all paths from which there is a redirect.
pub(super) async fn clear_redirected(write: &Write) -> Result<()> {
    let sql = "delete from missing_path where exists (select 1 from redirect r where r.path = missing_path.path)";
    write.execute(sql, ()).await?;
    Ok(())
}

/// Forgets a path that leads somewhere from now on, or all below it too.
pub(super) async fn clear(write: &Write, path: &str, covers_below: bool) -> Result<()> {
    let (from, to) = subtree_range(path);
    let to = if covers_below { to } else { from.clone() };
    write.execute("delete from missing_path where path = $1 or (path >= $2 and path < $3)", (path, from, to)).await?;
    Ok(())
}
