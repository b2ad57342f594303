//! Questions in an import and an export: `faq/<category>/<slug>.md`, and `faq/<category>/_category.md` for the category.

use std::collections::BTreeMap;

use async_trait::async_trait;

use crate::{
    db::conn::Conn,
    error::{Error, Result},
    model::{
        document::{content::Content, fields::FieldTable, keys, kind::DocumentKind, record::Document},
        faq::{category, item},
        transfer::{
            document_file::{ImportedDocument, ImportedRevision, check, check_name, stem},
            export_document::{ExportRow, versions},
            fields::{self, CategoryFields},
            folder::FileMap,
            import_document::{Location, at, import_document},
            summary::Summary,
        },
        write::Write,
    },
    text::{clean, front_matter},
};

/// By their slug.
pub(in crate::model::transfer) type Categories = BTreeMap<String, ImportedCategory>;

/// A category of the FAQ.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImportedCategory {
    file: Option<String>,
    /// The heading; empty when no file says it.
    pub title: String,
    pub position: Option<i64>,
    pub items: BTreeMap<String, ImportedDocument>,
}

pub(in crate::model::transfer) fn take(
    categories: &mut Categories,
    table: &FieldTable,
    (name, file): (&str, &str),
    text: &str,
) -> Result<(), String> {
    let (stem, draft) = stem(file)?;
    let Some((category, slug)) = stem.split_once('/') else {
        return Err(format!("lies in no category; move it to a folder of one, such as faq/general/{file}"));
    };
    if slug.contains('/') {
        return Err("lies too deep; questions lie in faq/<category>/".to_owned());
    }
    check_name(category)?;
    let entry = categories.entry(category.to_owned()).or_default();
    if slug == "_category" && !draft {
        let (category, body) = front_matter::read::<CategoryFields>(text)?;
        if !body.is_empty() {
            return Err(
                "has text below its fields, but a category is a heading alone; put the text into a question, or \
                        take it away"
                    .to_owned(),
            );
        }
        if let Some(other) = entry.file.replace(name.to_owned()) {
            return Err(format!("is the same category as {other}; take one of them away"));
        }
        (entry.title, entry.position) = (category.title, category.position);
        return Ok(());
    }
    check_name(slug)?;
    let (typed, editorial) =
        fields::read((table, DocumentKind::FaqItem), text, &[(keys::SLUG, slug), (keys::CATEGORY, category)])?;
    // Its category is looked up later.
    check(&table.of_input(DocumentKind::FaqItem, &typed), &typed.clone().with(keys::CATEGORY, "1"))?;
    let version = ImportedRevision { file: name.to_owned(), editorial, typed };
    let named = (version.typed.get(keys::CATEGORY), version.typed.get(keys::SLUG));
    if !draft && named != (category, slug) {
        return Err(format!(
            "its front matter names the place {}/{}; take slug and category away, or move the file there",
            named.0, named.1
        ));
    }
    entry.items.entry(slug.to_owned()).or_default().put(draft, version)
}

/// Questions of different categories with the same slug would be the same question.
pub(in crate::model::transfer) fn same_slug(categories: &Categories) -> Vec<String> {
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    let mut faults = Vec::new();
    for category in categories.values() {
        for (slug, item) in &category.items {
            let Some((version, _)) = item.versions().next() else { continue };
            if let Some(other) = known.insert(slug, &version.file) {
                faults.push(format!("{}: is the same question as {other}; rename one of them", version.file));
            }
        }
    }
    faults
}

/// Whether the categories that drafts wait to move to are there.
pub(in crate::model::transfer) async fn find_faults(db: &Conn, categories: &Categories) -> Result<Vec<String>> {
    let present = category::all(db).await?;
    let is_known = |slug: &str| categories.contains_key(slug) || present.iter().any(|known| known.slug == slug);
    let drafts =
        categories.values().flat_map(|category| category.items.values()).filter_map(|item| item.draft.as_ref());
    Ok(drafts
        .filter(|draft| !is_known(draft.typed.get(keys::CATEGORY)))
        .map(|draft| format!("{}: there is no category {}", draft.file, draft.typed.get(keys::CATEGORY)))
        .collect())
}

pub(in crate::model::transfer) async fn import(
    write: &Write,
    categories: &Categories,
    summary: &mut Summary,
) -> Result<()> {
    let mut made = Vec::new();
    for (slug, category) in in_order(categories) {
        let id = import_category(write, slug, category, summary).await;
        made.push((id.map_err(|error| at(&format!("faq/{slug}"), &error))?, category));
    }
    // All categories before any item: an item may wait to move to any of them.
    for (id, category) in made {
        import_items(write, id, category, summary).await?;
    }
    Ok(())
}

fn in_order(categories: &Categories) -> Vec<(&str, &ImportedCategory)> {
    let mut sorted: Vec<_> = categories.iter().map(|(slug, category)| (slug.as_str(), category)).collect();
    sorted.sort_by_key(|(slug, category)| (category.position.unwrap_or(i64::MAX), *slug));
    sorted
}

async fn import_category(write: &Write, slug: &str, category: &ImportedCategory, summary: &mut Summary) -> Result<i64> {
    let known = category::all(write).await?.into_iter().find(|known| known.slug == slug);
    let title = clean::line(&category.title);
    let id = match known {
        Some(known) if title.is_empty() || known.title == title => known.id,
        Some(known) => {
            category::rename(write, &known, &title, slug).await?;
            summary.notes.push(format!("The category {slug} is called “{title}” now, not “{}”.", known.title));
            summary.changed = true;
            known.id
        }
        None => {
            summary.changed = true;
            let made = slug.replace('-', " ");
            category::create(write, if title.is_empty() { &made } else { &title }, slug).await?
        }
    };
    if let Some(position) = category.position {
        summary.changed |= category::set_position(write, id, position).await?;
    }
    Ok(id)
}

async fn import_items(write: &Write, id: i64, category: &ImportedCategory, summary: &mut Summary) -> Result<()> {
    let mut items: Vec<(&String, &ImportedDocument)> = category.items.iter().collect();
    items.sort_by_key(|(slug, item)| (item.position().unwrap_or(i64::MAX), *slug));
    for (slug, item) in items {
        let location = QuestionLocation { category: id, slug };
        import_document(write, &location, item, summary).await.map_err(|error| at(item.file(), &error))?;
    }
    Ok(())
}

struct QuestionLocation<'a> {
    category: i64,
    slug: &'a str,
}

impl QuestionLocation<'_> {
    fn here(&self, content: Content) -> Content {
        Content { slug: self.slug.to_owned(), category_id: Some(self.category), ..content }
    }
}

#[async_trait]
impl Location for QuestionLocation<'_> {
    fn kind(&self) -> DocumentKind {
        DocumentKind::FaqItem
    }

    async fn document(&self, write: &Write) -> Result<Option<Document>> {
        match item::id_at(write, self.slug).await? {
            Some(id) => Document::get(write, id).await.map(Some),
            None => Ok(None),
        }
    }

    async fn create(&self, write: &Write, content: &Content) -> Result<Document> {
        item::create(write, self.here(content.clone())).await.map(|(document, _)| document)
    }

    async fn apply(&self, write: &Write, id: i64) -> Result<bool> {
        let (present, known) = item::location(write, id).await?;
        let elsewhere = present != self.category || known.as_deref() != Some(self.slug);
        if elsewhere {
            item::apply_location(write, id, &self.here(Content::empty(self.slug))).await?;
        }
        Ok(elsewhere)
    }

    async fn set_position(&self, write: &Write, id: i64, position: i64) -> Result<bool> {
        item::set_position(write, id, position).await
    }
}

pub(in crate::model::transfer) async fn export(db: &Conn, table: &FieldTable, files: &mut FileMap) -> Result<()> {
    let folder = DocumentKind::FaqItem.folder();
    let categories = category::all(db).await?;
    let slug_of =
        |id: Option<i64>| categories.iter().find(|known| Some(known.id) == id).map(|known| known.slug.as_str());
    for category in &categories {
        let text = fields::write_category(&category.title, category.position).map_err(Error::Internal)?;
        files.insert(format!("{folder}/{}/_category.md", category.slug), text);
    }
    let rows: Vec<ExportRow> = db
        .all(
            "select i.slug as path, i.position, i.category_id, d.published_revision_id, d.latest_revision_id from faq_item i \
             join document d on d.id = i.document_id where i.slug is not null order by i.slug",
            (),
        )
        .await?;
    for row in rows {
        let Some(home) = slug_of(row.category_id) else { continue };
        for (ending, revision, editorial) in versions(db, &row).await? {
            // A draft whose new category is gone stays where it is.
            let category = slug_of(revision.content.category_id).unwrap_or(home);
            let typed = revision.content.to_input().with(keys::CATEGORY, category);
            let version = (&typed, &editorial.at_position(Some(row.position)));
            let usual = [(keys::SLUG, row.path.as_str()), (keys::CATEGORY, home)];
            let text =
                fields::write(&table.of(DocumentKind::FaqItem, &revision.content.document_type), version, &usual)
                    .map_err(Error::Internal)?;
            files.insert(format!("{folder}/{home}/{}{ending}", row.path), text);
        }
    }
    Ok(())
}
