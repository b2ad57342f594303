//! How files name where items are: a page by its path (`/index` for the front page, nothing for no page), a category by the page with
//! the slug of the category behind it (`/faq/general`), an item or the heading of a category by the page and its id (`/faq#why`).

use std::collections::HashMap;

use crate::{
    db::conn::Conn,
    error::Result,
    model::{
        faq::{
            category::{self, Category},
            collection::{self, NO_PAGE},
        },
        page::{
            path::{HOME, HOME_NAME},
            tree,
        },
    },
};

/// The page and the slug of a category.
#[must_use]
pub(super) fn split(place: &str) -> (&str, &str) {
    place.rsplit_once('/').unwrap_or(("", place))
}

/// The path of a page that files name.
#[must_use]
pub(super) fn path_of(page: &str) -> &str {
    if page.strip_prefix('/') == Some(HOME_NAME) { HOME } else { page }
}

/// A page by its name, in the trash or not; none when there is no such page.
pub(super) async fn page_id(db: &Conn, page: &str) -> Result<Option<i64>> {
    if page.is_empty() { Ok(Some(NO_PAGE)) } else { tree::id_at(db, path_of(page)).await }
}

/// The category at a place.
pub(super) async fn category(db: &Conn, place: &str) -> Result<Option<Category>> {
    let (page, slug) = split(place);
    match page_id(db, page).await? {
        Some(page_id) => category::at(db, page_id, slug).await,
        None => Ok(None),
    }
}

/// The names of the pages that show items now, by id.
pub(super) async fn names(db: &Conn) -> Result<HashMap<i64, String>> {
    let home = || format!("/{HOME_NAME}");
    let named = |page: collection::Collection| (page.id, if page.path == HOME { home() } else { page.path });
    Ok(collection::all(db).await?.into_iter().map(named).chain([(NO_PAGE, String::new())]).collect())
}
