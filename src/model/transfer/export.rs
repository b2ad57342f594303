//! Writes the whole site as a folder that `import` reads back to the same site. Messages and people stay out:
//! they are not the site, and they are personal data.

use std::{fs, io, path::Path};

use super::files::{self, Folder, Version};
use crate::{
    db::conn::Conn,
    error::{Error, Result},
    model::{
        faq,
        page::address::HOME,
        redirect,
        revision::{self, Revision},
        settings::Settings,
    },
};

/// The site as files.
///
/// # Errors
/// When the database fails or a text cannot be written.
pub async fn read(db: &Conn) -> Result<Folder> {
    let mut folder = Folder::new();
    let text = |error: &dyn std::fmt::Display| Error::internal("export", error);
    let settings = toml::to_string(&Settings::load(db).await?).map_err(|error| text(&error))?;
    folder.insert("site.toml".to_owned(), settings);
    pages(db, &mut folder).await?;
    questions(db, &mut folder).await?;
    let mut redirects: std::collections::BTreeMap<String, String> = redirect::all(db).await?.into_iter().collect();
    let anchors = faq::item::anchors_moved(db).await?;
    redirects.extend(anchors.into_iter().map(|(old, present)| (format!("#{old}"), format!("#{present}"))));
    if !redirects.is_empty() {
        folder.insert("redirects.toml".to_owned(), toml::to_string(&redirects).map_err(|error| text(&error))?);
    }
    Ok(folder)
}

#[derive(sqlx::FromRow)]
struct Place {
    path: String,
    position: i64,
    category_id: Option<i64>,
    live_id: Option<i64>,
    latest_id: i64,
}

async fn pages(db: &Conn, folder: &mut Folder) -> Result<()> {
    let places: Vec<Place> = db
        .all(
            "select p.path, p.position, null as category_id, d.live_id, d.latest_id from page p \
             join document d on d.id = p.document_id where p.path is not null order by p.path",
            (),
        )
        .await?;
    for place in places {
        let name = if place.path == HOME { "index" } else { place.path.trim_start_matches('/') };
        let slug = if place.path == HOME { "index" } else { name.rsplit('/').next().unwrap_or(name) };
        let stem = format!("pages/{name}");
        documents(db, folder, &place, &stem, slug, &[]).await?;
    }
    Ok(())
}

async fn questions(db: &Conn, folder: &mut Folder) -> Result<()> {
    let categories = faq::category::all(db).await?;
    for category in &categories {
        let text = files::category(&category.title, category.position).map_err(Error::Internal)?;
        folder.insert(format!("faq/{}/_category.md", category.slug), text);
    }
    let places: Vec<Place> = db
        .all(
            "select i.anchor as path, i.position, i.category_id, d.live_id, d.latest_id from faq_item i \
             join document d on d.id = i.document_id where i.anchor is not null order by i.anchor",
            (),
        )
        .await?;
    for place in places {
        let Some(category) = categories.iter().find(|category| Some(category.id) == place.category_id) else {
            continue;
        };
        let stem = format!("faq/{}/{}", category.slug, place.path);
        documents(db, folder, &place, &stem, &place.path, &categories).await?;
    }
    Ok(())
}

async fn documents(
    db: &Conn,
    folder: &mut Folder,
    place: &Place,
    stem: &str,
    slug: &str,
    categories: &[faq::category::Category],
) -> Result<()> {
    let home = categories.iter().find(|category| Some(category.id) == place.category_id);
    let home = home.map_or("", |category| category.slug.as_str());
    let mut put = |name: String, revision: &Revision| -> Result<()> {
        let mut typed = revision.content.typed();
        let category = categories.iter().find(|category| Some(category.id) == revision.content.category_id);
        typed.category = category.map_or_else(String::new, |category| category.slug.clone());
        let version = Version { position: Some(place.position), typed };
        folder.insert(name, files::document(&version, slug, home).map_err(Error::Internal)?);
        Ok(())
    };
    if let Some(live) = place.live_id {
        put(format!("{stem}.md"), &revision::find(db, live).await?.ok_or(Error::NotFound)?)?;
    }
    if place.live_id != Some(place.latest_id) {
        put(format!("{stem}.draft.md"), &revision::find(db, place.latest_id).await?.ok_or(Error::NotFound)?)?;
    }
    Ok(())
}

/// Writes the files into a folder that is empty or does not exist yet.
///
/// # Errors
/// A sentence that names the file; nothing that was there is overwritten.
pub fn store(folder: &Folder, directory: &Path) -> Result<(), String> {
    let tell = |path: &Path, error: &io::Error| format!("{} cannot be written: {error}", path.display());
    fs::create_dir_all(directory).map_err(|error| tell(directory, &error))?;
    let mut present = fs::read_dir(directory).map_err(|error| tell(directory, &error))?;
    if present.next().is_some() {
        return Err(format!(
            "{} is not empty; choose a folder that is, so that nothing is overwritten",
            directory.display()
        ));
    }
    for (name, text) in folder {
        let path = directory.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| tell(parent, &error))?;
        }
        fs::write(&path, text).map_err(|error| tell(&path, &error))?;
    }
    Ok(())
}
