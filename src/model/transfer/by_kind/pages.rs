//! Pages in an import and an export: `pages/a/b.md` is the page at `/a/b`, `pages/index.md` the front page.

use std::collections::BTreeMap;

use async_trait::async_trait;

use crate::{
    db::conn::Conn,
    error::{Error, Result},
    model::{
        document::{
            content::Content, fields::FieldTable, keys, kind::DocumentKind, record::Document, rules::DocumentRules,
        },
        page::{
            editing, order,
            path::{self, DEPTH_MAX, HOME, HOME_NAME, is_reserved},
            public, tree,
        },
        transfer::{
            document_file::{ImportedDocument, ImportedRevision, check, check_name, stem},
            export_document::{ExportRow, versions},
            fields,
            folder::FileMap,
            import_document::{Location, at, import_document},
            summary::Summary,
        },
        write::Write,
    },
};

/// By their path, parents before children.
pub(in crate::model::transfer) type Pages = BTreeMap<String, ImportedDocument>;

pub(in crate::model::transfer) fn take(
    pages: &mut Pages,
    rules: &DocumentRules,
    (name, file): (&str, &str),
    text: &str,
) -> Result<(), String> {
    let (stem, draft) = stem(file)?;
    let path = if stem == HOME_NAME { HOME.to_owned() } else { format!("/{stem}") };
    let last = stem.rsplit('/').next().unwrap_or(stem);
    if path != HOME {
        let first = stem.split('/').next().unwrap_or(stem);
        if is_reserved(rules, first) {
            return Err(format!("the path /{first} is used by the portal itself; choose another name"));
        }
        stem.split('/').try_for_each(check_name)?;
        if stem.split('/').count() > DEPTH_MAX {
            return Err(format!("lies too deep; pages can be {DEPTH_MAX} levels deep"));
        }
    }
    let source = (&*rules.fields, DocumentKind::Page);
    let read = fields::read(source, text, &[(keys::SLUG, last)])?;
    check(&rules.fields.of_input(DocumentKind::Page, &read.typed), &read.typed, &read.unfit)?;
    let version = ImportedRevision { file: name.to_owned(), ..read };
    // The path of the front page does not depend on its slug.
    if !draft && path != HOME && version.typed.get(keys::SLUG) != last {
        return Err(format!(
            "lies at {path}, but its slug says “{}”; take the slug away, or rename the file, and the folder of that name \
             with the pages below",
            version.typed.get(keys::SLUG)
        ));
    }
    pages.entry(path).or_default().put(draft, version)
}

/// What would make the import of the pages fail.
pub(in crate::model::transfer) async fn find_faults(db: &Conn, pages: &Pages) -> Result<Vec<String>> {
    let mut faults = Vec::from_iter(front_page(db, pages).await?);
    for (path, page) in pages {
        faults.extend(above(db, pages, path, page).await?);
    }
    Ok(faults)
}

async fn front_page(db: &Conn, pages: &Pages) -> Result<Option<String>> {
    let is_there = pages.is_empty() || will_be_live(db, pages, HOME).await?;
    Ok((!is_there).then(|| "pages/index.md: is missing; it is the front page, and no site can be without".to_owned()))
}

/// Whether the page above is there, and published where it must be.
async fn above(db: &Conn, pages: &Pages, path: &str, page: &ImportedDocument) -> Result<Option<String>> {
    let Some((above, _)) = path.rsplit_once('/').filter(|(above, _)| !above.is_empty()) else { return Ok(None) };
    let file = page.file();
    if !pages.contains_key(above) && tree::id_at(db, above).await?.is_none() {
        return Ok(Some(format!(
            "{file}: there is no page at {above}, so nothing can be below it; add pages{above}.md"
        )));
    }
    if page.live.is_some() && !will_be_live(db, pages, above).await? {
        return Ok(Some(format!("{file}: the page above, {above}, is a draft, so this one must be a draft too")));
    }
    Ok(None)
}

/// Whether visitors will see a page at a path.
pub(in crate::model::transfer) async fn will_be_live(db: &Conn, pages: &Pages, path: &str) -> Result<bool> {
    Ok(pages.get(path).is_some_and(|page| page.live.is_some()) || public::at(db, path).await?.is_some())
}

pub(in crate::model::transfer) async fn import(write: &Write, pages: &Pages, summary: &mut Summary) -> Result<()> {
    for (path, page) in in_order(pages) {
        let done = import_page(write, path, page, summary).await;
        done.map_err(|error| at(page.file(), &error))?;
    }
    Ok(())
}

async fn import_page(write: &Write, path: &str, page: &ImportedDocument, summary: &mut Summary) -> Result<()> {
    let location = PageLocation::find(write, path).await?;
    import_document(write, &location, page, summary).await
}

/// Parents before children, siblings together and by their place, so that they are also stored together, which is how
/// they are read.
fn in_order(pages: &Pages) -> Vec<(&str, &ImportedDocument)> {
    let mut sorted: Vec<(&str, &ImportedDocument)> = pages.iter().map(|(path, page)| (path.as_str(), page)).collect();
    sorted.sort_by_key(|(path, page)| {
        let (above, _) = path.trim_end_matches('/').rsplit_once('/').unwrap_or_default();
        (path.trim_end_matches('/').matches('/').count(), above, page.position().unwrap_or(i64::MAX), *path)
    });
    sorted
}

enum PageLocation<'a> {
    Home,
    /// The whole path, the page above, and the last part.
    Below {
        path: &'a str,
        parent: Option<i64>,
        slug: &'a str,
    },
}

impl<'a> PageLocation<'a> {
    /// `BadRequest` when there is no page above.
    async fn find(write: &Write, path: &'a str) -> Result<Self> {
        if path == HOME {
            return Ok(Self::Home);
        }
        let (above, slug) = path.rsplit_once('/').unwrap_or(("", path));
        let parent = if above.is_empty() { None } else { tree::id_at(write, above).await? };
        if parent.is_none() && !above.is_empty() {
            return Err(Error::BadRequest(format!("there is no page at {above}, so nothing can be below it")));
        }
        Ok(Self::Below { path, parent, slug })
    }
}

#[async_trait]
impl Location for PageLocation<'_> {
    fn kind(&self) -> DocumentKind {
        DocumentKind::Page
    }

    async fn document(&self, write: &Write) -> Result<Option<Document>> {
        let path = if let Self::Below { path, .. } = self { *path } else { HOME };
        match tree::id_at(write, path).await? {
            Some(id) => Document::get(write, id).await.map(Some),
            None => Ok(None),
        }
    }

    async fn create(&self, write: &Write, content: &Content) -> Result<Document> {
        let made = match self {
            Self::Home => editing::create_home(write, content.clone()).await,
            Self::Below { parent, slug, .. } => {
                let content = Content { slug: (*slug).to_owned(), ..content.clone() };
                editing::create(write, *parent, content).await
            }
        };
        made.map(|(document, _)| document)
    }

    async fn apply(&self, write: &Write, id: i64) -> Result<bool> {
        let Self::Below { path, parent, slug } = self else { return Ok(false) };
        let elsewhere = path::of(write, id).await? != *path;
        if elsewhere {
            path::apply_slug(write, id, *parent, slug).await?;
        }
        Ok(elsewhere)
    }

    async fn set_position(&self, write: &Write, id: i64, position: i64) -> Result<bool> {
        match self {
            Self::Home => Ok(false),
            Self::Below { .. } => order::set_position(write, id, position).await,
        }
    }
}

pub(in crate::model::transfer) async fn export(db: &Conn, table: &FieldTable, files: &mut FileMap) -> Result<()> {
    let rows: Vec<ExportRow> = db
        .all(
            "select p.path, p.position, cast(null as bigint) as category_id, d.published_revision_id, d.latest_revision_id from page p \
             join document d on d.id = p.document_id where p.path is not null order by p.path",
            (),
        )
        .await?;
    for row in rows {
        // The front page has no siblings.
        let position = (row.path != HOME).then_some(row.position);
        let name = if row.path == HOME { HOME_NAME } else { row.path.trim_start_matches('/') };
        let slug = name.rsplit('/').next().unwrap_or(name);
        for (ending, revision, editorial) in versions(db, table, &row).await? {
            let version = (&revision.content.to_input(), &editorial.at_position(position));
            let usual = [(keys::SLUG, slug)];
            let text = fields::write(&table.of(DocumentKind::Page, &revision.content.document_type), version, &usual)
                .map_err(Error::Internal)?;
            files.insert(format!("{}/{name}{ending}", DocumentKind::Page.folder()), text);
        }
    }
    Ok(())
}
