//! Writes the whole site as a folder that `import` reads back to the same site. Messages and users stay out:
//! they are not the site, and they are personal data.

use std::{fs, io, path::Path};

use super::{fields, folder::FileMap};
use crate::{
    db::conn::Conn,
    error::{Error, Result},
    model::{
        document::{
            fields::FieldTable,
            keys,
            kind::DocumentKind,
            revision::{self, Revision},
        },
        faq,
        page::path::{HOME, HOME_NAME},
        redirect,
        settings::Settings,
    },
};

pub async fn read(db: &Conn, table: &FieldTable) -> Result<FileMap> {
    let mut files = FileMap::new();
    let text = |error: &dyn std::fmt::Display| Error::internal("export", error);
    let settings = toml::to_string(&Settings::load(db).await?).map_err(|error| text(&error))?;
    files.insert("site.toml".to_owned(), settings);
    pages(db, table, &mut files).await?;
    questions(db, table, &mut files).await?;
    let mut redirects: std::collections::BTreeMap<String, String> = redirect::all(db).await?.into_iter().collect();
    let former_slugs = faq::item::moved_slugs(db).await?;
    redirects.extend(former_slugs.into_iter().map(|(old, present)| (format!("#{old}"), format!("#{present}"))));
    if !redirects.is_empty() {
        files.insert("redirects.toml".to_owned(), toml::to_string(&redirects).map_err(|error| text(&error))?);
    }
    Ok(files)
}

#[derive(sqlx::FromRow)]
struct ExportRow {
    path: String,
    position: i64,
    category_id: Option<i64>,
    published_revision_id: Option<i64>,
    latest_revision_id: i64,
}

async fn pages(db: &Conn, table: &FieldTable, files: &mut FileMap) -> Result<()> {
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
        for (ending, revision) in versions(db, &row).await? {
            let version = (&revision.content.to_input(), position);
            let usual = [(keys::SLUG, slug)];
            let text = fields::write(table.of(DocumentKind::Page), version, &usual).map_err(Error::Internal)?;
            files.insert(format!("{}/{name}{ending}", DocumentKind::Page.folder()), text);
        }
    }
    Ok(())
}

async fn questions(db: &Conn, table: &FieldTable, files: &mut FileMap) -> Result<()> {
    let folder = DocumentKind::FaqItem.folder();
    let categories = faq::category::all(db).await?;
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
        for (ending, revision) in versions(db, &row).await? {
            // A draft whose new category is gone stays where it is.
            let category = slug_of(revision.content.category_id).unwrap_or(home);
            let typed = revision.content.to_input().with(keys::CATEGORY, category);
            let version = (&typed, Some(row.position));
            let usual = [(keys::SLUG, row.path.as_str()), (keys::CATEGORY, home)];
            let text = fields::write(table.of(DocumentKind::FaqItem), version, &usual).map_err(Error::Internal)?;
            files.insert(format!("{folder}/{home}/{}{ending}", row.path), text);
        }
    }
    Ok(())
}

/// What visitors see, and the newest version where that is another; each with the end of its file's name.
async fn versions(db: &Conn, row: &ExportRow) -> Result<Vec<(&'static str, Revision)>> {
    let draft = Some(row.latest_revision_id).filter(|latest| row.published_revision_id != Some(*latest));
    let mut versions = Vec::new();
    for (ending, id) in [(".md", row.published_revision_id), (".draft.md", draft)] {
        if let Some(id) = id {
            versions.push((ending, revision::find(db, id).await?.ok_or(Error::NotFound)?));
        }
    }
    Ok(versions)
}

/// Writes the files into a folder that is empty or does not exist yet.
/// Errors: a sentence that names the file; nothing that was there is overwritten.
pub(crate) fn store(files: &FileMap, directory: &Path) -> Result<(), String> {
    let tell = |path: &Path, error: &io::Error| format!("{} cannot be written: {error}", path.display());
    fs::create_dir_all(directory).map_err(|error| tell(directory, &error))?;
    let mut present = fs::read_dir(directory).map_err(|error| tell(directory, &error))?;
    if present.next().is_some() {
        return Err(format!(
            "{} is not empty; choose a folder that is, so that nothing is overwritten",
            directory.display()
        ));
    }
    for (name, text) in files {
        let path = directory.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| tell(parent, &error))?;
        }
        fs::write(&path, text).map_err(|error| tell(&path, &error))?;
    }
    Ok(())
}
