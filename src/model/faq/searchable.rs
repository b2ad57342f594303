//! An item as the search index reads it.

use crate::{db::conn::Conn, error::Result, model::document::revision::Revision};

/// An item with the place it has.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct SearchableItem {
    pub(crate) place_page: i64,
    pub(crate) place_category: String,
    pub(crate) current_slug: String,
    #[sqlx(flatten)]
    pub(crate) revision: Revision,
}

pub(crate) async fn live(db: &Conn, id: i64) -> Result<Option<SearchableItem>> {
    Ok(db
        .optional(
            "select i.page_id as place_page, i.category_title as place_category, i.slug as current_slug, r.* \
             from live_faq_item i join revision r on r.id = i.revision_id where i.document_id = $1",
            (id,),
        )
        .await?)
}

/// The newest version of an FAQ item, when it is not the live one.
pub(crate) async fn draft(db: &Conn, id: i64) -> Result<Option<SearchableItem>> {
    Ok(db
        .optional(
            "select i.page_id as place_page, c.title as place_category, i.slug as current_slug, r.* from faq_item i \
             join faq_category c on c.id = i.category_id join document d on d.id = i.document_id \
             join revision r on r.id = d.latest_revision_id where i.document_id = $1 and i.slug is not null \
             and d.published_revision_id is distinct from d.latest_revision_id",
            (id,),
        )
        .await?)
}
