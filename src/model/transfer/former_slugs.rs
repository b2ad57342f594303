//! What items and headings of categories were called before, as `redirects.toml` has it: `"/faq#old" = "/faq#present"`.

use std::collections::BTreeMap;

use super::item_places;
use crate::{
    db::conn::Conn,
    error::{Error, Result},
    model::{
        faq::{category, former_slug, location},
        write::Write,
    },
};

/// What leads somewhere now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KnownPart {
    Item(i64),
    Category(i64),
}

/// All of them on pages that show items.
pub(super) async fn all(db: &Conn) -> Result<BTreeMap<String, String>> {
    let pages = item_places::names(db).await?;
    let mut moved = former_slug::moved_slugs(db).await?;
    moved.extend(category::moved_ids(db).await?);
    let named = |(page, id): (i64, String)| Some(format!("{}#{id}", pages.get(&page)?));
    Ok(moved.into_iter().filter_map(|(old, present)| Some((named(old)?, named(present)?))).collect())
}

/// What is at an address such as `/faq#why` or `/faq#category-general`.
pub(super) async fn find(db: &Conn, address: &str) -> Result<Option<KnownPart>> {
    let (page, id) = address.split_once('#').unwrap_or_default();
    let Some(page_id) = item_places::page_id(db, page).await? else { return Ok(None) };
    if let Some(item) = location::id_at(db, page_id, id).await? {
        return Ok(Some(KnownPart::Item(item)));
    }
    let Some(slug) = id.strip_prefix(category::ID_PREFIX) else { return Ok(None) };
    Ok(category::at(db, page_id, slug).await?.map(|category| KnownPart::Category(category.id)))
}

/// Whether there is a page at the path of such an address.
pub(super) async fn page_exists(db: &Conn, address: &str) -> Result<bool> {
    let (page, _) = address.split_once('#').unwrap_or_default();
    Ok(item_places::page_id(db, page).await?.is_some())
}

/// Lets the old one lead to the present one.
/// `BadRequest` when one is of an item and the other of a category.
pub(super) async fn set(write: &Write, old: &str, present: &str) -> Result<()> {
    let (page, id) = old.split_once('#').unwrap_or_default();
    let page_id = item_places::page_id(write, page).await?.ok_or(Error::NotFound)?;
    match (find(write, present).await?, id.strip_prefix(category::ID_PREFIX)) {
        (Some(KnownPart::Item(item)), _) => former_slug::set_former_slug(write, (page_id, id), item).await,
        (Some(KnownPart::Category(known)), Some(slug)) => category::set_former_slug(write, page_id, slug, known).await,
        _ => Err(Error::BadRequest(format!("redirects.toml: {old} cannot lead to {present}"))),
    }
}
