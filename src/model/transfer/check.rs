//! Whether a site that was read fits what is in the database: checked as a whole before the first write.

use super::files::{ImportedDocument, ImportedSite};
use crate::{
    db::conn::Conn,
    error::{Error, Result},
    model::{
        document::keys,
        faq::{category, item},
        page::{path::HOME, public, tree},
    },
};

/// Finds what would make an import fail.
/// `BadRequest` with all faults at once, one line each.
pub(crate) async fn fits(db: &Conn, site: &ImportedSite) -> Result<()> {
    let mut faults = Vec::from_iter(front_page(db, site).await?);
    for (path, page) in &site.pages {
        faults.extend(above(db, site, path, page).await?);
    }
    faults.extend(categories(db, site).await?);
    for (old, new) in &site.redirects {
        faults.extend(redirect(db, site, old, new).await?);
    }
    faults.extend(former_slugs(db, site).await?);
    if faults.is_empty() { Ok(()) } else { Err(Error::BadRequest(faults.join("\n"))) }
}

async fn front_page(db: &Conn, site: &ImportedSite) -> Result<Option<String>> {
    let is_there = site.pages.is_empty() || will_be_live(db, site, HOME).await?;
    Ok((!is_there).then(|| "pages/index.md: is missing; it is the front page, and no site can be without".to_owned()))
}

/// Whether the page above is there, and published where it must be.
async fn above(db: &Conn, site: &ImportedSite, path: &str, page: &ImportedDocument) -> Result<Option<String>> {
    let Some((above, _)) = path.rsplit_once('/').filter(|(above, _)| !above.is_empty()) else { return Ok(None) };
    let file = page.versions().next().map_or(path, |(version, _)| version.file.as_str());
    if !site.pages.contains_key(above) && tree::id_at(db, above).await?.is_none() {
        return Ok(Some(format!(
            "{file}: there is no page at {above}, so nothing can be below it; add pages{above}.md"
        )));
    }
    if page.live.is_some() && !will_be_live(db, site, above).await? {
        return Ok(Some(format!("{file}: the page above, {above}, is a draft, so this one must be a draft too")));
    }
    Ok(None)
}

async fn will_be_live(db: &Conn, site: &ImportedSite, path: &str) -> Result<bool> {
    Ok(site.pages.get(path).is_some_and(|page| page.live.is_some()) || public::at(db, path).await?.is_some())
}

/// Whether the categories that drafts wait to move to are there.
async fn categories(db: &Conn, site: &ImportedSite) -> Result<Vec<String>> {
    let present = category::all(db).await?;
    let is_known = |slug: &str| site.categories.contains_key(slug) || present.iter().any(|known| known.slug == slug);
    let drafts =
        site.categories.values().flat_map(|category| category.items.values()).filter_map(|item| item.draft.as_ref());
    Ok(drafts
        .filter(|draft| !is_known(draft.typed.get(keys::CATEGORY)))
        .map(|draft| format!("{}: there is no category {}", draft.file, draft.typed.get(keys::CATEGORY)))
        .collect())
}

/// Whether the questions are there that old slugs lead to.
async fn former_slugs(db: &Conn, site: &ImportedSite) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for (old, present) in &site.former_slugs {
        let read = site.categories.values().any(|category| category.items.contains_key(present));
        if !read && item::id_at(db, present).await?.is_none() {
            faults.push(format!("redirects.toml: #{old} leads to #{present}, where there is no question"));
        }
    }
    Ok(faults)
}

async fn redirect(db: &Conn, site: &ImportedSite, old: &str, new: &str) -> Result<Option<String>> {
    if will_be_live(db, site, old).await? {
        return Ok(Some(format!("redirects.toml: there is a page at {old}, so that path cannot lead elsewhere")));
    }
    let is_there = site.pages.contains_key(new) || tree::id_at(db, new).await?.is_some();
    Ok((!is_there).then(|| format!("redirects.toml: {old} leads to {new}, where there is no page")))
}
