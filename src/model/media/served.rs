//! The files of the media library as they are sent.

use crate::{db::conn::Conn, error::Result};

#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct ServedFile {
    pub(crate) hash: String,
    pub(crate) content_type: String,
    pub(crate) bytes: i64,
    /// Whether it is shown rather than downloaded.
    pub(crate) is_picture: bool,
}

/// The file at a path whose hash begins with `key`.
pub(crate) async fn find(db: &Conn, path: &str, key: &str) -> Result<Option<ServedFile>> {
    Ok(db
        .optional(
            "select f.hash, f.content_type, f.bytes, m.kind = 'picture' as is_picture \
             from media m join media_file f on f.media_id = m.id \
             where m.path = $1 and f.hash >= $2 and f.hash < $2 || 'g'",
            (path, key),
        )
        .await?)
}
