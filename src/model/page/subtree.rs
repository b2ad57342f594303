//! What is below a page: a range of paths, for an index.

use crate::{db::conn::Conn, error::Result, model::document::record::TitledDocument};

/// The range of paths below `path`: from the first to just before the second. `/` sorts before `0`.
#[must_use]
pub(crate) fn subtree_range(path: &str) -> (String, String) {
    let stem = path.trim_end_matches('/');
    (format!("{stem}/"), format!("{stem}0"))
}

/// The documents below a path outside the trash, by path.
pub(in crate::model) async fn documents_below(db: &Conn, path: &str) -> Result<Vec<TitledDocument>> {
    let (from, to) = subtree_range(path);
    Ok(db
        .all(
            "select d.*, n.title from page_node n join document d on d.id = n.id \
             where n.path >= $1 and n.path < $2 order by n.path",
            (from, to),
        )
        .await?)
}
