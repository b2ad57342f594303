//! Whether a site that was read fits what is in the database: checked as a whole before the first write.

use super::{
    by_kind::{self, ImportedCategory, ImportedSite, pages},
    document_file::{ImportedDocument, ImportedRevision},
    former_slugs, item_places, menus,
};
use crate::{
    clock::Timestamp,
    db::conn::Conn,
    error::{Error, Result},
    model::{faq::category, page::tree, redirect::typed::TypedTarget},
};

/// Finds what would make an import fail.
/// `BadRequest` with all faults at once, one line each.
pub(crate) async fn fits(db: &Conn, site: &ImportedSite) -> Result<()> {
    let mut faults = by_kind::find_faults(db, site).await?;
    for (old, redirect) in &site.redirects {
        faults.extend(redirect_fault(db, site, old, &redirect.to).await?);
    }
    faults.extend(find_lost_slugs(db, site).await?);
    faults.extend(menus::find_faults(db, &site.menus, |path| site.pages.contains_key(path)).await?);
    if faults.is_empty() { Ok(()) } else { Err(Error::BadRequest(faults.join("\n"))) }
}

/// What the files of a site say of times that are still to come, one line each.
pub(crate) fn find_times_to_come(site: &ImportedSite, now: Timestamp) -> Vec<String> {
    let questions = site.categories.values().flat_map(|category| category.items.values());
    let versions = site.pages.values().chain(questions).flat_map(ImportedDocument::versions);
    let faults = |(version, _): (&ImportedRevision, bool)| {
        let stated = version.editorial.find_times_to_come(now).into_iter();
        stated.map(|fault| format!("{}: {fault}", version.file)).collect::<Vec<_>>()
    };
    versions.flat_map(faults).collect()
}

/// Whether the items and categories are there that old ids lead to.
async fn find_lost_slugs(db: &Conn, site: &ImportedSite) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for (old, present) in &site.former_slugs {
        let (page, id) = present.split_once('#').unwrap_or_default();
        let is_item = |(place, category): (&String, &ImportedCategory)| {
            item_places::split(place).0 == page && category.items.contains_key(id)
        };
        let as_category = id.strip_prefix(category::ID_PREFIX).map(|slug| format!("{page}/{slug}"));
        let is_read = site.categories.iter().any(is_item)
            || as_category.is_some_and(|place| site.categories.contains_key(&place));
        let is_page_there = site.pages.contains_key(item_places::path_of(old.split_once('#').unwrap_or_default().0))
            || former_slugs::page_exists(db, old).await?;
        if !is_page_there || !is_read && former_slugs::find(db, present).await?.is_none() {
            faults.push(format!("redirects.toml: {old} leads to {present}, where there is no item or category"));
        }
    }
    Ok(faults)
}

async fn redirect_fault(db: &Conn, site: &ImportedSite, old: &str, to: &TypedTarget) -> Result<Option<String>> {
    if pages::will_be_live(db, &site.pages, old).await? {
        return Ok(Some(format!("redirects.toml: there is a page at {old}, so that path cannot lead elsewhere")));
    }
    let TypedTarget::Page(new, _) = to else { return Ok(None) };
    let is_there = site.pages.contains_key(new) || tree::id_at(db, new).await?.is_some();
    Ok((!is_there).then(|| format!("redirects.toml: {old} leads to {new}, where there is no page")))
}
