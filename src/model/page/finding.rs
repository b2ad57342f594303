//! The pages that a list in the admin area finds: by words, state, owner and review, in the order that its user chose. Says
//! which they are; what is shown of each is in `tree`.

use std::cmp::Reverse;

use crate::{
    clock::Timestamp,
    db::{conn::Conn, like},
    error::Result,
    model::document::owner::OwnedBy,
    text::fold::fold,
};

/// Which pages are meant.
#[derive(Debug)]
pub(crate) struct PageFilter<'a> {
    /// Part of the title, number or path; empty for all.
    pub(crate) text: &'a str,
    pub(crate) owned: OwnedBy,
    /// `live`, `changed`, `draft`, `template`, or empty for all.
    pub(crate) state: &'a str,
    /// Those that are to be looked at again before this day, `YYYY-MM-DD`; empty for all.
    pub(crate) review_before: &'a str,
    /// A label of the newest version, however its letters are written; empty for all.
    pub(crate) label: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageSort {
    Path,
    Title,
    /// The one that was saved last first.
    Saved,
    /// The one that is due first first, and those that never are at the end.
    Review,
}

#[derive(Debug, sqlx::FromRow)]
struct FoundPage {
    id: i64,
    search_text: String,
    saved_at: Timestamp,
    review_on: Option<String>,
}

/// The ids of the pages that fit, in this order; of those that are equal by path.
pub(crate) async fn find(db: &Conn, filter: &PageFilter<'_>, sort: PageSort) -> Result<Vec<i64>> {
    let (user, role) = filter.owned.args();
    let mut found: Vec<FoundPage> = db
        .all(
            "select n.id, n.search_text, n.saved_at, n.review_on from page_node n where n.path > $1 \
             and (n.search_text like $2 escape '\\' or n.path like $2 escape '\\') \
             and ($3 = 0 or $3 = -1 and not n.has_owner or n.owner_id = $3 or n.owner_role = $4) \
             and ($5 = '' or $5 = 'live' and n.live or $5 = 'changed' and n.changed and not n.is_template \
             or $5 = 'draft' and not n.live and not n.is_template or $5 = 'template' and n.is_template) \
             and ($6 = '' or n.review_on < $6) \
             and ($7 = '' or exists (select 1 from document d join revision_label l on l.revision_id = d.latest_revision_id \
             where d.id = n.id and l.name = $7)) order by n.path",
            ("", like::containing(filter.text), user, role, filter.state, filter.review_before, fold(filter.label)),
        )
        .await?;
    match sort {
        PageSort::Path => {}
        PageSort::Title => found.sort_by(|one, other| one.search_text.cmp(&other.search_text)),
        PageSort::Saved => found.sort_by_key(|page| Reverse(page.saved_at)),
        PageSort::Review => {
            found.sort_by(|one, other| {
                (one.review_on.is_none(), &one.review_on).cmp(&(other.review_on.is_none(), &other.review_on))
            });
        }
    }
    Ok(found.into_iter().map(|page| page.id).collect())
}
