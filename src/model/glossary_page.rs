//! The terms that texts link to: live items of the live pages that show their items as terms. Knows nothing of texts.

use super::document::revision::Revision;
use crate::{db::conn::Conn, error::Result};

/// Most terms that count.
const COUNTED: i64 = 2_000;

/// Keys of the fields of its type, in `starter/types/term.toml`.
const ABBREVIATION: &str = "abbreviation";
const NOT_LINKED: &str = "not_linked";

/// A live term with where it is.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct LiveTerm {
    pub(crate) place_path: String,
    pub(crate) current_slug: String,
    #[sqlx(flatten)]
    pub(crate) revision: Revision,
}

impl LiveTerm {
    /// Empty for none.
    #[must_use]
    pub(crate) fn abbreviation(&self) -> String {
        self.revision.content.value(ABBREVIATION).into_owned()
    }

    #[must_use]
    pub(crate) fn is_linked(&self) -> bool {
        self.revision.content.value(NOT_LINKED) != "yes"
    }
}

/// All of them by page and place.
pub(crate) async fn live(db: &Conn) -> Result<Vec<LiveTerm>> {
    Ok(db
        .all(
            "select n.path as place_path, i.slug as current_slug, r.* from collection n join live_faq_item i on i.page_id = n.id \
             join revision r on r.id = i.revision_id where n.layout = 'glossary' and n.live \
             order by n.path, i.category_position, i.category_id, i.position, i.document_id limit $1",
            (COUNTED,),
        )
        .await?)
}
