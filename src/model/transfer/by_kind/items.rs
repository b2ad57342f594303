//! Items in an import: `items/<page>/<category>/<slug>.md`, with the path of their page, and
//! `items/<page>/<category>/_category.md` for the category; directly in `items/` those that are on no page. Writing the same is the
//! business of `exported_items`.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::pages::Pages;
use crate::{
    db::conn::Conn,
    error::{Error, Result},
    model::{
        document::{choices::Layout, content::Content, fields::FieldTable, keys, kind::DocumentKind, record::Document},
        faq::{category, collection, item, location},
        transfer::{
            document_file::{ImportedDocument, ImportedRevision, check, check_name, stem},
            fields::{self, CategoryFields},
            import_document::{Location, at, import_document},
            item_places,
            summary::Summary,
        },
        write::Write,
    },
    text::{clean, front_matter},
};

/// By their place: the path of the page, and the slug.
pub(in crate::model::transfer) type Categories = BTreeMap<String, ImportedCategory>;

/// A category of items.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImportedCategory {
    file: Option<String>,
    /// The heading; empty when no file says it.
    pub title: String,
    pub position: Option<i64>,
    pub items: BTreeMap<String, ImportedDocument>,
}

impl ImportedCategory {
    /// Its own file, or that of an item in it.
    fn any_file(&self) -> &str {
        let item = || self.items.values().next().map_or("", ImportedDocument::file);
        self.file.as_deref().unwrap_or_else(item)
    }
}

pub(in crate::model::transfer) fn take(
    categories: &mut Categories,
    table: &FieldTable,
    (name, file): (&str, &str),
    text: &str,
) -> Result<(), String> {
    let (stem, draft) = stem(file)?;
    let Some((folder, slug)) = stem.rsplit_once('/') else {
        return Err(format!("lies in no category; move it to a folder of one, such as items/faq/general/{file}"));
    };
    folder.split('/').try_for_each(check_name)?;
    let place = format!("/{folder}");
    let entry = categories.entry(place.clone()).or_default();
    if slug == "_category" && !draft {
        let (category, body) = front_matter::read::<CategoryFields>(text)?;
        if !body.is_empty() {
            return Err("has text below its fields, but a category is a heading alone; put the text into an item, or \
                        take it away"
                .to_owned());
        }
        if let Some(other) = entry.file.replace(name.to_owned()) {
            return Err(format!("is the same category as {other}; take one of them away"));
        }
        (entry.title, entry.position) = (category.title, category.position);
        return Ok(());
    }
    check_name(slug)?;
    let mut read = fields::read((table, DocumentKind::FaqItem), text, &[(keys::SLUG, slug), (keys::CATEGORY, &place)])?;
    // A category without a page is one of the same page.
    if !read.typed.get(keys::CATEGORY).starts_with('/') {
        let named = format!("{}/{}", item_places::split(&place).0, read.typed.get(keys::CATEGORY));
        read.typed.set(keys::CATEGORY, named);
    }
    // It is looked up later.
    let typed = read.typed.clone().with(keys::CATEGORY, "1");
    check(&table.of_input(DocumentKind::FaqItem, &typed), &typed, &read.unfit)?;
    let version = ImportedRevision { file: name.to_owned(), ..read };
    let named = (version.typed.get(keys::CATEGORY), version.typed.get(keys::SLUG));
    if !draft && named != (place.as_str(), slug) {
        return Err(format!(
            "its front matter names the place {}/{}; take slug and category away, or move the file there",
            named.0.trim_start_matches('/'),
            named.1
        ));
    }
    entry.items.entry(slug.to_owned()).or_default().put(draft, version)
}

/// Items of one page with the same slug would be the same item.
pub(in crate::model::transfer) fn same_slug(categories: &Categories) -> Vec<String> {
    let mut known: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    let mut faults = Vec::new();
    for (place, category) in categories {
        let page = item_places::split(place).0;
        for (slug, item) in &category.items {
            let Some((version, _)) = item.versions().next() else { continue };
            if let Some(other) = known.insert((page, slug), &version.file) {
                faults.push(format!(
                    "{}: has the same name as {other}, and both are on one page; rename one of them",
                    version.file
                ));
            }
        }
    }
    faults
}

/// Whether the pages are there that show the items, and the categories that drafts wait to move to.
pub(in crate::model::transfer) async fn find_faults(
    db: &Conn,
    categories: &Categories,
    pages: &Pages,
) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for (place, category) in categories {
        let page = item_places::split(place).0;
        if !page.is_empty() && !will_show_items(db, pages, item_places::path_of(page)).await? {
            faults.push(format!(
                "{}: there is no page at {} that shows items; add one with such a layout, for example layout = \"faq\"",
                category.any_file(),
                item_places::path_of(page)
            ));
        }
        for draft in category.items.values().filter_map(|item| item.draft.as_ref()) {
            let wanted = draft.typed.get(keys::CATEGORY);
            if !categories.contains_key(wanted) && item_places::category(db, wanted).await?.is_none() {
                faults.push(format!("{}: there is no category {}", draft.file, wanted.trim_start_matches('/')));
            }
        }
    }
    Ok(faults)
}

async fn will_show_items(db: &Conn, pages: &Pages, path: &str) -> Result<bool> {
    let Some(page) = pages.get(path) else { return Ok(collection::at(db, path).await?.is_some()) };
    let layout = |typed: &str| Layout::from_name(typed).is_some_and(Layout::is_collection);
    Ok(page.versions().any(|(version, _)| layout(version.typed.get(keys::LAYOUT))))
}

pub(in crate::model::transfer) async fn import(
    write: &Write,
    categories: &Categories,
    summary: &mut Summary,
) -> Result<()> {
    let mut made = Vec::new();
    for (place, category) in in_order(categories) {
        let done = import_category(write, place, category, summary).await;
        made.push((done.map_err(|error| at(&format!("{}{place}", DocumentKind::FaqItem.folder()), &error))?, category));
    }
    // All categories before any item: an item may wait to move to any of them.
    for (known, category) in made {
        import_items(write, &known, category, summary).await?;
    }
    Ok(())
}

fn in_order(categories: &Categories) -> Vec<(&str, &ImportedCategory)> {
    let mut sorted: Vec<_> = categories.iter().map(|(place, category)| (place.as_str(), category)).collect();
    sorted.sort_by_key(|(place, category)| {
        let page = place.rsplit_once('/').map_or("", |(page, _)| page);
        (page, category.position.unwrap_or(i64::MAX), *place)
    });
    sorted
}

async fn import_category(
    write: &Write,
    place: &str,
    category: &ImportedCategory,
    summary: &mut Summary,
) -> Result<category::Category> {
    let (page, slug) = item_places::split(place);
    let page_id = item_places::page_id(write, page).await?.ok_or(Error::NotFound)?;
    let title = clean::line(&category.title);
    let mut known = match category::at(write, page_id, slug).await? {
        Some(known) if title.is_empty() || known.title == title => known,
        Some(known) => {
            summary.notes.push(format!("The category {slug} is called “{title}” now, not “{}”.", known.title));
            summary.changed = true;
            category::rename(write, &known, &title, slug).await?
        }
        None => {
            summary.changed = true;
            let made = slug.replace('-', " ");
            let id = category::create(write, page_id, if title.is_empty() { &made } else { &title }, slug).await?;
            category::get(write, id).await?
        }
    };
    if let Some(position) = category.position {
        summary.changed |= category::set_position(write, known.id, position).await?;
        known.position = position;
    }
    Ok(known)
}

async fn import_items(
    write: &Write,
    known: &category::Category,
    category: &ImportedCategory,
    summary: &mut Summary,
) -> Result<()> {
    let mut items: Vec<(&String, &ImportedDocument)> = category.items.iter().collect();
    items.sort_by_key(|(slug, item)| (item.position().unwrap_or(i64::MAX), *slug));
    for (slug, item) in items {
        let location = ImportedLocation { category: known, slug };
        import_document(write, &location, item, summary).await.map_err(|error| at(item.file(), &error))?;
    }
    Ok(())
}

struct ImportedLocation<'a> {
    category: &'a category::Category,
    slug: &'a str,
}

impl ImportedLocation<'_> {
    fn here(&self, content: Content) -> Content {
        Content { slug: self.slug.to_owned(), category_id: Some(self.category.id), ..content }
    }
}

#[async_trait]
impl Location for ImportedLocation<'_> {
    fn kind(&self) -> DocumentKind {
        DocumentKind::FaqItem
    }

    async fn document(&self, write: &Write) -> Result<Option<Document>> {
        match location::id_at(write, self.category.page_id, self.slug).await? {
            Some(id) => Document::get(write, id).await.map(Some),
            None => Ok(None),
        }
    }

    async fn create(&self, write: &Write, content: &Content) -> Result<Document> {
        item::create(write, self.here(content.clone())).await.map(|(document, _)| document)
    }

    async fn apply(&self, write: &Write, id: i64) -> Result<bool> {
        let now = location::of(write, id).await?;
        let elsewhere = now.category_id != self.category.id || now.slug.as_deref() != Some(self.slug);
        if elsewhere {
            item::apply_location(write, id, &self.here(Content::empty(self.slug))).await?;
        }
        Ok(elsewhere)
    }

    async fn set_position(&self, write: &Write, id: i64, position: i64) -> Result<bool> {
        item::set_position(write, id, position).await
    }
}
