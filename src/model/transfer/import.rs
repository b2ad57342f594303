//! Applies a site that was read: makes what is missing, saves and publishes what differs, deletes nothing.
//! It goes through the same doors as an editor, in one change: all of it happens, or nothing.

use super::files::{Category, Document, Site, Version};
use crate::{
    db::conn::Conn,
    error::{Error, Result},
    model::{
        document::{self, Kind},
        faq,
        journal::Entry,
        page::{
            address::{self, HOME},
            editing, order, tree,
        },
        publishing, redirect,
        revision::{self, Content, Typed},
        write::Write,
    },
};

/// Whether there has never been a document.
pub async fn is_empty(db: &Conn) -> Result<bool> {
    Ok(db.optional::<(i64,)>("select id from document limit 1", ()).await?.is_none())
}

/// What an import did.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Pages read.
    pub pages: usize,
    /// FAQ items read.
    pub items: usize,
    /// Versions that were new.
    pub saved: usize,
}

/// Applies `site` within `write`.
///
/// # Errors
/// A sentence that names the document at fault.
pub async fn apply(write: &Write, site: &Site) -> Result<Summary> {
    let mut summary = Summary::default();
    if let Some(settings) = &site.settings {
        settings.save(write).await.map_err(|error| at("site.toml", &error))?;
    }
    for (path, page) in in_order(site) {
        import_page(write, path, page, &mut summary).await.map_err(|error| at(path, &error))?;
    }
    let mut categories = Vec::new();
    for (slug, category) in categories_in_order(site) {
        let id = import_category(write, slug, category).await.map_err(|error| at(&format!("faq/{slug}"), &error))?;
        categories.push((id, slug, category));
    }
    // All categories before any item: an item may wait to move to any of them.
    for (id, slug, category) in categories {
        import_items(write, id, category, &mut summary).await.map_err(|error| at(&format!("faq/{slug}"), &error))?;
    }
    for (old, new) in &site.redirects {
        if let (Some(old), Some(present)) = (old.strip_prefix('#'), new.strip_prefix('#')) {
            faq::item::set_former_anchor(write, old, present).await?;
        }
        if let Some(id) = tree::id_at(write, new).await? {
            redirect::set(write, old, id).await?;
        }
    }
    write.record(
        Entry::new("site.import", "site", None, "Import")
            .detail(format!("{} pages, {} questions", summary.pages, summary.items)),
    );
    write.touch_public();
    Ok(summary)
}

fn at(place: &str, error: &Error) -> Error {
    Error::BadRequest(format!("{place}: {error}"))
}

/// Parents before children, siblings together and by their place: then they also lie together in the database, which
/// is how they are read.
fn in_order(site: &Site) -> Vec<(&str, &Document)> {
    let mut pages: Vec<(&str, &Document)> = site.pages.iter().map(|(path, page)| (path.as_str(), page)).collect();
    pages.sort_by_key(|(path, page)| {
        let (above, _) = path.trim_end_matches('/').rsplit_once('/').unwrap_or_default();
        (path.trim_end_matches('/').matches('/').count(), above, page.position(), *path)
    });
    pages
}

fn categories_in_order(site: &Site) -> Vec<(&str, &Category)> {
    let mut categories: Vec<_> = site.categories.iter().map(|(slug, category)| (slug.as_str(), category)).collect();
    categories.sort_by_key(|(slug, category)| (category.position.unwrap_or(i64::MAX), *slug));
    categories
}

async fn import_page(write: &Write, path: &str, page: &Document, summary: &mut Summary) -> Result<()> {
    summary.pages += 1;
    let mut id = tree::id_at(write, path).await?;
    for (version, live) in versions(page) {
        let content = Content::parse(&version.typed, Kind::Page)?;
        if is_stored(write, id, live, &content).await? {
            continue;
        }
        let id = if let Some(id) = id {
            save(write, id, Kind::Page, &content, summary).await?;
            id
        } else {
            summary.saved += 1;
            *id.insert(create_page(write, path, &content).await?)
        };
        if live {
            publish(write, id, Kind::Page).await?;
        }
    }
    // The file's place in the folder is where it stands, whatever an unpublished version says of its address.
    if let (Some(id), Some(position)) = (id, page.live.as_ref().or(page.draft.as_ref()).and_then(|v| v.position))
        && path != HOME
    {
        order::set_position(write, id, position).await?;
    }
    Ok(())
}

async fn create_page(write: &Write, path: &str, content: &Content) -> Result<i64> {
    if path == HOME {
        return editing::create_home(write, content).await;
    }
    let (above, slug) = path.rsplit_once('/').unwrap_or(("", path));
    let parent =
        match above {
            "" => None,
            above => Some(tree::id_at(write, above).await?.ok_or_else(|| {
                Error::BadRequest(format!("there is no page at {above}, so nothing can stand below it"))
            })?),
        };
    let id = editing::create(write, parent, content).await?;
    let slug_differs = content.slug != slug;
    if slug_differs {
        address::settle(write, id, parent, slug).await?;
    }
    Ok(id)
}

async fn import_category(write: &Write, slug: &str, category: &Category) -> Result<i64> {
    let known = faq::category::all(write).await?.into_iter().find(|known| known.slug == slug);
    let title = if category.title.is_empty() { slug } else { &category.title };
    let id = match known {
        Some(known) if known.title == title => known.id,
        Some(known) => {
            faq::category::rename(write, known.id, title, slug).await?;
            known.id
        }
        None => faq::category::create(write, title, slug).await?,
    };
    if let Some(position) = category.position {
        faq::category::set_position(write, id, position).await?;
    }
    Ok(id)
}

async fn import_items(write: &Write, id: i64, category: &Category, summary: &mut Summary) -> Result<()> {
    let mut items: Vec<(&String, &Document)> = category.items.iter().collect();
    items.sort_by_key(|(anchor, item)| (item.position(), *anchor));
    for (anchor, item) in items {
        import_item(write, id, anchor, item, summary).await.map_err(|error| at(anchor, &error))?;
    }
    Ok(())
}

async fn import_item(write: &Write, category: i64, anchor: &str, item: &Document, summary: &mut Summary) -> Result<()> {
    summary.items += 1;
    let mut id = faq::item::id_at(write, anchor).await?;
    for (version, live) in versions(item) {
        let typed =
            Typed { category: category_id(write, &version.typed.category, category).await?, ..version.typed.clone() };
        let content = Content::parse(&typed, Kind::FaqItem)?;
        if is_stored(write, id, live, &content).await? {
            continue;
        }
        let id = if let Some(id) = id {
            save(write, id, Kind::FaqItem, &content, summary).await?;
            id
        } else {
            summary.saved += 1;
            *id.insert(faq::item::create(write, &content).await?)
        };
        if live {
            publish(write, id, Kind::FaqItem).await?;
        }
    }
    if let (Some(id), Some(position)) = (id, item.live.as_ref().or(item.draft.as_ref()).and_then(|v| v.position)) {
        faq::item::set_position(write, id, position).await?;
    }
    Ok(())
}

async fn category_id(write: &Write, slug: &str, usual: i64) -> Result<String> {
    if slug.is_empty() {
        return Ok(usual.to_string());
    }
    let all = faq::category::all(write).await?;
    let found = all.into_iter().find(|category| category.slug == slug);
    found
        .map(|category| category.id.to_string())
        .ok_or_else(|| Error::BadRequest(format!("there is no category {slug}")))
}

/// Whether what visitors see (or, for a draft, the newest version) says just this already.
async fn is_stored(write: &Write, id: Option<i64>, live: bool, content: &Content) -> Result<bool> {
    let Some(id) = id else { return Ok(false) };
    let document = document::find(write, id).await?.ok_or(Error::NotFound)?;
    let stored = match if live { document.live_id } else { document.latest_id } {
        Some(revision) => revision::find(write, revision).await?,
        None => None,
    };
    Ok(stored.is_some_and(|revision| revision.content == *content))
}

/// The live version first, so that the draft comes to be the newest.
fn versions(document: &Document) -> impl Iterator<Item = (&Version, bool)> {
    let live = document.live.iter().map(|version| (version, true));
    live.chain(document.draft.iter().map(|version| (version, false)))
}

async fn save(write: &Write, id: i64, kind: Kind, content: &Content, summary: &mut Summary) -> Result<()> {
    let base = revision::latest(write, id).await?.map_or(0, |revision| revision.version);
    let version = match kind {
        Kind::Page => editing::save(write, id, base, content).await?,
        Kind::FaqItem => faq::item::save(write, id, base, content).await?,
    };
    summary.saved += usize::from(version != base);
    Ok(())
}

async fn publish(write: &Write, id: i64, kind: Kind) -> Result<()> {
    let document = document::get(write, id, kind).await?;
    let newest = revision::latest(write, id).await?.ok_or(Error::NotFound)?;
    if document.live_id == Some(newest.id) {
        return Ok(());
    }
    publishing::publish(write, id, kind, newest.version).await
}
