//! Messages of visitors, and what became of them.

use crate::{db::conn::Conn, error::Result};

/// How many messages nobody has looked at.
pub async fn unread(db: &Conn) -> Result<i64> {
    Ok(db.value("select count(*) from message where state = 'unread'", ()).await?)
}
