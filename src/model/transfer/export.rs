//! Writes the whole site as a folder that `import` reads back to the same site. Messages and users stay out:
//! they are not the site, and they are personal data.

use std::{fs, io, path::Path};

use super::{by_kind, folder::FileMap};
use crate::{
    db::{conn::Conn, opening::io_fault},
    error::{Error, Result},
    model::{document::fields::FieldTable, faq, redirect, settings::Settings},
};

pub async fn read(db: &Conn, table: &FieldTable) -> Result<FileMap> {
    let mut files = FileMap::new();
    let text = |error: &dyn std::fmt::Display| Error::internal("export", error);
    let settings = toml::to_string(&Settings::load(db).await?).map_err(|error| text(&error))?;
    files.insert("site.toml".to_owned(), settings);
    by_kind::export(db, table, &mut files).await?;
    let mut redirects: std::collections::BTreeMap<String, String> = redirect::all(db).await?.into_iter().collect();
    let mut former_slugs = faq::item::moved_slugs(db).await?;
    former_slugs.extend(faq::category::moved_ids(db).await?);
    redirects.extend(former_slugs.into_iter().map(|(old, present)| (format!("#{old}"), format!("#{present}"))));
    if !redirects.is_empty() {
        files.insert("redirects.toml".to_owned(), toml::to_string(&redirects).map_err(|error| text(&error))?);
    }
    Ok(files)
}

/// Writes the files into a folder that is empty or does not exist yet.
/// Errors: a sentence that names the file; nothing that was there is overwritten, and nothing is left behind.
pub(crate) fn store(files: &FileMap, directory: &Path) -> Result<(), String> {
    let tell = |path: &Path, error: &io::Error| format!("{} cannot be written: {}", path.display(), io_fault(error));
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
        let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, text));
        if let Err(error) = written {
            remove_all(directory);
            return Err(tell(&path, &error));
        }
    }
    Ok(())
}

/// Empties the folder again, so that half an export is not taken for a whole one, and the next one finds it empty.
fn remove_all(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
    }
}
