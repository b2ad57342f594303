//! Writes the whole site as a folder that `import` reads back to the same site. Messages and users stay out:
//! they are not the site, and they are personal data.

use std::{fs, io, path::Path};

use super::{
    by_kind,
    folder::FileMap,
    former_slugs,
    media::{self, ExportedMedia},
    menus, types,
};
use tokio::io::AsyncWriteExt;
use tokio_util::io::StreamReader;

use crate::{
    db::{conn::Conn, opening::io_fault},
    error::{Error, Result},
    media_files::store::MediaStore,
    model::{
        document::{fields::FieldTable, types as document_types},
        redirect::list,
        settings::Settings,
    },
};

/// All texts, without the files of the media library.
pub async fn read(db: &Conn, table: &FieldTable) -> Result<FileMap> {
    Ok(read_all(db, table).await?.0)
}

/// All texts, and which files of the media library belong to them.
pub(crate) async fn read_all(db: &Conn, table: &FieldTable) -> Result<(FileMap, Vec<ExportedMedia>)> {
    document_types::refresh(table, db).await?;
    let mut files = FileMap::new();
    let text = |error: &dyn std::fmt::Display| Error::internal("export", error);
    let settings = toml::to_string(&Settings::load(db).await?).map_err(|error| text(&error))?;
    files.insert("site.toml".to_owned(), settings);
    types::export(db, &mut files).await?;
    by_kind::export(db, table, &mut files).await?;
    let all = list::all(db).await?.into_iter();
    let mut redirects: std::collections::BTreeMap<String, String> = all.map(|one| (one.from(), one.to())).collect();
    redirects.extend(former_slugs::all(db).await?);
    if !redirects.is_empty() {
        files.insert("redirects.toml".to_owned(), toml::to_string(&redirects).map_err(|error| text(&error))?);
    }
    menus::export(db, &mut files).await?;
    let exported = media::export(db, &mut files).await?;
    Ok((files, exported))
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

/// Copies the files of the media library into the folder with the texts.
/// Errors: a sentence that names the file; nothing is left behind.
pub(crate) async fn store_media(store: &MediaStore, media: &[ExportedMedia], directory: &Path) -> Result<(), String> {
    for one in media {
        if let Err(fault) = copy(store, one, directory).await {
            remove_all(directory);
            return Err(format!("{} cannot be written: {fault}", directory.join(&one.name).display()));
        }
    }
    Ok(())
}

async fn copy(
    store: &MediaStore,
    ExportedMedia { name, hash, bytes }: &ExportedMedia,
    to: &Path,
) -> Result<(), String> {
    let tell = |error: io::Error| io_fault(&error);
    let stream = store.open(hash, 0..*bytes).await.map_err(|error| match error {
        Error::NotFound => "the file is missing in the data directory".to_owned(),
        other => other.for_terminal(),
    })?;
    let path = to.join(name);
    path.parent().map_or(Ok(()), fs::create_dir_all).map_err(tell)?;
    let mut file = tokio::fs::File::create_new(path).await.map_err(tell)?;
    tokio::io::copy(&mut StreamReader::new(stream), &mut file).await.map_err(tell)?;
    file.flush().await.map_err(tell)
}

/// Empties the folder again, so that half an export is not taken for a whole one, and the next one finds it empty.
fn remove_all(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
    }
}
