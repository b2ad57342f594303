//! A page as the search index reads it.

use super::public::LivePage;
use crate::{db::conn::Conn, error::Result};

/// The newest version of a page, when it is not the live one.
pub(crate) async fn draft(db: &Conn, id: i64) -> Result<Option<LivePage>> {
    Ok(db
        .optional(
            "select p.parent_id, p.path, r.* from page p join document d on d.id = p.document_id \
             join revision r on r.id = d.latest_revision_id where p.document_id = $1 and p.path is not null \
             and d.published_revision_id is distinct from d.latest_revision_id",
            (id,),
        )
        .await?)
}
