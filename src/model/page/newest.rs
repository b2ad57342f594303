//! Pages as their newest versions would have them, published or not, outside the trash and without templates.

use super::{path, public::Card};
use crate::{db::conn::Conn, error::Result};

/// A page in a list, with the path that it has now.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct NewestPage {
    #[sqlx(flatten)]
    pub(crate) card: Card,
    /// The last part of the path that it would have.
    pub(crate) slug: String,
}

/// The pages right below `parent_id` in their order; `None`: the uppermost level without the front page.
pub(crate) async fn children(db: &Conn, parent_id: Option<i64>) -> Result<Vec<NewestPage>> {
    Ok(db
        .all(
            "select p.document_id as id, p.path, r.title, r.menu_label, r.menu, r.clause_number, r.layout, r.summary, r.slug, \
             exists (select 1 from page c where c.parent_id = p.document_id and c.path is not null) as has_children \
             from page p join document d on d.id = p.document_id join revision r on r.id = d.latest_revision_id \
             where coalesce(p.parent_id, 0) = $1 and p.path <> $2 and r.fields not like '%\"template\":\"yes\"%' \
             order by p.position, p.document_id",
            (parent_id.unwrap_or(0), path::HOME),
        )
        .await?)
}
