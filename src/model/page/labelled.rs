//! The live pages with a label.

use super::public::Card;
use crate::{db::conn::Conn, error::Result, text::fold::fold};

/// Most pages that are listed by one label.
const LISTED: i64 = 300;

/// Those with this label, however its letters are written, by path.
pub(crate) async fn pages(db: &Conn, label: &str) -> Result<Vec<Card>> {
    Ok(db
        .all(
            "select n.* from revision_label l join document d on d.published_revision_id = l.revision_id \
             join nav_page n on n.id = d.id where l.name = $1 order by n.path limit $2",
            (fold(label), LISTED),
        )
        .await?)
}
