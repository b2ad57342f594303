//! Applies a site that was read: makes what is missing, saves and publishes what differs, deletes nothing.
//! All of it happens in one change, or nothing. Where everything is as the folder says, nothing is changed at all.

use std::collections::BTreeMap;

use super::{
    check,
    files::{self, ImportedCategory, ImportedDocument, ImportedSite},
    location::Location,
};
use crate::{
    db::conn::Conn,
    error::{Error, Result},
    model::{
        audit_log::AuditEntry,
        document::{
            content::Content,
            input::DocumentInput,
            keys,
            kind::{DocumentAction, DocumentKind},
            record::Document,
            revision::{self, Revision},
        },
        faq,
        page::tree,
        publishing, redirect,
        settings::Settings,
        write::Write,
    },
    text::{clean, count::pluralise},
};

/// Whether there has never been a document.
pub(crate) async fn is_empty(db: &Conn) -> Result<bool> {
    Ok(db.optional::<(i64,)>("select id from document limit 1", ()).await?.is_none())
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    pub pages: usize,
    pub items: usize,
    pub saved: usize,
    pub changed: bool,
    /// A shorter retention that was not taken, because it would delete messages.
    pub refused: Option<RetentionChange>,
}

/// See [`Summary::refused`]; in months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionChange {
    /// What `site.toml` says.
    pub(crate) wanted: i64,
    pub(crate) kept: i64,
}

/// Applies `site` and commits, unless there is nothing to change.
pub async fn run(write: Write, site: &ImportedSite) -> Result<Summary> {
    let summary = apply(&write, site).await?;
    if summary.changed {
        write.commit().await?;
    }
    Ok(summary)
}

/// Applies `site` within `write`; records nothing when nothing differs.
/// Errors: sentences that name the files at fault.
pub async fn apply(write: &Write, site: &ImportedSite) -> Result<Summary> {
    check::fits(write, site).await?;
    let mut summary = Summary::default();
    import_settings(write, &site.settings, &mut summary).await.map_err(|error| at("site.toml", &error))?;
    for (path, page) in in_order(site) {
        import_page(write, path, page, &mut summary).await.map_err(|error| at(file_of(page), &error))?;
    }
    let mut categories = Vec::new();
    for (slug, category) in categories_in_order(site) {
        let id = import_category(write, slug, category, &mut summary).await;
        categories.push((id.map_err(|error| at(&format!("faq/{slug}"), &error))?, category));
    }
    // All categories before any item: an item may wait to move to any of them.
    for (id, category) in categories {
        import_items(write, id, category, &mut summary).await?;
    }
    for (old, new) in &site.redirects {
        summary.changed |= import_redirect(write, old, new).await?;
    }
    summary.changed |= import_former_slugs(write, &site.former_slugs).await?;
    if summary.changed {
        write.record(AuditEntry::new("site.import", "site", None, "Import").detail(format!(
            "{}, {}",
            pluralise(summary.pages, "page", "pages"),
            pluralise(summary.items, "question", "questions")
        )));
        write.touch_public();
    }
    Ok(summary)
}

fn at(location: &str, error: &Error) -> Error {
    Error::BadRequest(format!("{location}: {error}"))
}

fn file_of(document: &ImportedDocument) -> &str {
    document.versions().next().map_or("", |(version, _)| version.file.as_str())
}

/// Only what the folder names; everything else stays. Messages are deleted only when an administrator agrees to it on
/// the screen of the settings, so a retention that would delete some is not taken.
async fn import_settings(write: &Write, named: &toml::Table, summary: &mut Summary) -> Result<()> {
    let present = Settings::load(write).await?;
    let mut wanted = files::over(&present, named).map_err(Error::BadRequest)?.clean();
    if wanted.would_delete(write).await?.total() > 0 {
        summary.refused = Some(RetentionChange { wanted: wanted.retention_months, kept: present.retention_months });
        wanted.retention_months = present.retention_months;
    }
    if wanted != present {
        wanted.save(write).await?;
        summary.changed = true;
    }
    Ok(())
}

/// Parents before children, siblings together and by their place, so that they are also stored together, which is how
/// they are read.
fn in_order(site: &ImportedSite) -> Vec<(&str, &ImportedDocument)> {
    let mut pages: Vec<(&str, &ImportedDocument)> =
        site.pages.iter().map(|(path, page)| (path.as_str(), page)).collect();
    pages.sort_by_key(|(path, page)| {
        let (above, _) = path.trim_end_matches('/').rsplit_once('/').unwrap_or_default();
        (path.trim_end_matches('/').matches('/').count(), above, page.position().unwrap_or(i64::MAX), *path)
    });
    pages
}

fn categories_in_order(site: &ImportedSite) -> Vec<(&str, &ImportedCategory)> {
    let mut categories: Vec<_> = site.categories.iter().map(|(slug, category)| (slug.as_str(), category)).collect();
    categories.sort_by_key(|(slug, category)| (category.position.unwrap_or(i64::MAX), *slug));
    categories
}

async fn import_page(write: &Write, path: &str, page: &ImportedDocument, summary: &mut Summary) -> Result<()> {
    summary.pages += 1;
    let location = Location::page(write, path).await?;
    import_document(write, &location, page, summary).await
}

async fn import_category(write: &Write, slug: &str, category: &ImportedCategory, summary: &mut Summary) -> Result<i64> {
    let known = faq::category::all(write).await?.into_iter().find(|known| known.slug == slug);
    let title = clean::line(&category.title);
    let id = match known {
        Some(known) if title.is_empty() || known.title == title => known.id,
        Some(known) => {
            faq::category::rename(write, &known, &title, slug).await?;
            summary.changed = true;
            known.id
        }
        None => {
            summary.changed = true;
            let made = slug.replace('-', " ");
            faq::category::create(write, if title.is_empty() { &made } else { &title }, slug).await?
        }
    };
    if let Some(position) = category.position {
        summary.changed |= faq::category::set_position(write, id, position).await?;
    }
    Ok(id)
}

async fn import_items(write: &Write, id: i64, category: &ImportedCategory, summary: &mut Summary) -> Result<()> {
    let mut items: Vec<(&String, &ImportedDocument)> = category.items.iter().collect();
    items.sort_by_key(|(slug, item)| (item.position().unwrap_or(i64::MAX), *slug));
    for (slug, item) in items {
        summary.items += 1;
        let location = Location::question(id, slug);
        import_document(write, &location, item, summary).await.map_err(|error| at(file_of(item), &error))?;
    }
    Ok(())
}

/// Saves and publishes the versions of a document, and gives it the place of its file.
async fn import_document(
    write: &Write,
    location: &Location<'_>,
    wanted: &ImportedDocument,
    summary: &mut Summary,
) -> Result<()> {
    let mut known = location.document(write).await?;
    for (version, live) in wanted.versions() {
        let content = content(write, location.kind(), &version.typed).await?;
        if is_stored(write, known.as_ref(), live, &content).await? {
            continue;
        }
        summary.changed = true;
        if known.is_none() {
            summary.saved += 1;
            known = Some(location.create(write, &content).await?);
        }
        let Some(document) = &mut known else { continue };
        let newest = save(write, document, content, summary).await?;
        if live && document.published_revision_id != Some(newest.id) {
            publishing::publish_unchecked(write, document, &newest).await?;
        }
    }
    let Some(document) = known else { return Ok(()) };
    // The file's place counts, whatever an unpublished version says of it.
    summary.changed |= location.apply(write, document.id).await?;
    if let Some(position) = wanted.position() {
        summary.changed |= location.set_position(write, document.id, position).await?;
    }
    Ok(())
}

async fn content(write: &Write, kind: DocumentKind, typed: &DocumentInput) -> Result<Content> {
    let fields = write.rules.fields.of(kind);
    let slug = typed.get(keys::CATEGORY);
    if slug.is_empty() {
        return Ok(Content::parse(fields, typed)?);
    }
    let category = faq::category::all(write).await?.into_iter().find(|category| category.slug == slug);
    let category = category.ok_or_else(|| Error::BadRequest(format!("there is no category {slug}")))?;
    Ok(Content::parse(fields, &typed.clone().with(keys::CATEGORY, category.id.to_string()))?)
}

/// Whether what visitors see (or, for a draft, the newest version) is just this already.
async fn is_stored(write: &Write, document: Option<&Document>, live: bool, content: &Content) -> Result<bool> {
    let stored = document.and_then(|known| if live { known.published_revision_id } else { known.latest_revision_id });
    let Some(stored) = stored else { return Ok(false) };
    let stored = revision::find(write, stored).await?;
    Ok(stored.is_some_and(|revision| content.adds_nothing_to(&revision.content)))
}

/// Saves without the editor's check of a changed path: a draft may wait for one that is taken at the moment.
async fn save(write: &Write, document: &mut Document, content: Content, summary: &mut Summary) -> Result<Revision> {
    let newest = revision::latest(write, document.id).await?;
    if content.adds_nothing_to(&newest.content) {
        return Ok(newest);
    }
    let made = revision::add(write, document, Some(&newest), content).await?;
    summary.saved += 1;
    let entry = document.entry(DocumentAction::Save, &made.content.title);
    write.record(entry.detail(format!("version {}", made.version)));
    Ok(made)
}

async fn import_former_slugs(write: &Write, former_slugs: &BTreeMap<String, String>) -> Result<bool> {
    let known = faq::item::moved_slugs(write).await?;
    let mut changed = false;
    for (old, present) in former_slugs {
        if !known.iter().any(|(one, other)| one == old && other == present) {
            faq::item::set_former_slug(write, old, present).await?;
            changed = true;
        }
    }
    Ok(changed)
}

async fn import_redirect(write: &Write, old: &str, new: &str) -> Result<bool> {
    let id = tree::id_at(write, new).await?.ok_or(Error::NotFound)?;
    if redirect::document_at(write, old).await? == Some(id) {
        return Ok(false);
    }
    redirect::set(write, old, id).await?;
    Ok(true)
}
