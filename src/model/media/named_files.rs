//! Every file of the media library that the database names, for a backup.

use crate::{db::conn::Conn, error::Result};

/// Rows that are read at a time.
const PIECE: i64 = 500;

#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct NamedFile {
    pub(crate) hash: String,
    pub(crate) bytes: i64,
}

/// The next ones after a hash, each once.
pub(crate) async fn after(db: &Conn, hash: &str) -> Result<Vec<NamedFile>> {
    Ok(db
        .all(
            "select hash, max(bytes) as bytes from media_file where hash > $1 group by hash order by hash limit $2",
            (hash, PIECE),
        )
        .await?)
}

/// How many bytes all of them have together.
pub(crate) async fn bytes(db: &Conn) -> Result<u64> {
    let (bytes,): (i64,) = db.one("select cast(coalesce(sum(bytes), 0) as bigint) from media_file", ()).await?;
    Ok(u64::try_from(bytes).unwrap_or_default())
}
