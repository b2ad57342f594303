//! The media library in an import and an export: the files in `media/` under their names, which are their addresses, and what is
//! said of them in `media.toml`. A file whose hash is there was written by this program and is taken as it is; any other is
//! prepared like one that a user adds.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use tokio::io::AsyncReadExt;

use super::{
    folder::FileMap,
    media_names::{FOLDER, WORDS_FILE},
    summary::Summary,
};
use crate::{
    clock::Clock,
    db::{conn::Conn, opening::io_fault, pool::Db},
    error::{Error, Result},
    media_files::{
        file_name,
        preparation::{Treatment, prepare},
        store::MediaStore,
        temporary_file::WrittenFile,
    },
    model::{
        media::{
            adding::{self, MediaWords, StoredMedia},
            changing,
            item::{self, MediaItem},
        },
        write::Write,
    },
    text::{count::pluralise, front_matter, media_path::PREFIX},
    work,
};

/// Rows that are read at a time.
const PIECE: i64 = 500;
/// Bytes of a file that are read at a time.
const BYTES: usize = 256 * 1024;

/// What `media.toml` says of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MediaEntry {
    title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    labels: String,
    focus: String,
    hash: String,
    source_hash: String,
}

/// A file of the folder, or of `media.toml` alone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImportedMedia {
    entry: MediaEntry,
    /// None when the library has it.
    stored: Option<StoredMedia>,
}

/// By their names.
pub(super) type MediaFiles = BTreeMap<String, ImportedMedia>;

/// Reads `media.toml`.
/// Errors: a sentence that says what is wrong with it.
pub(super) fn take(media: &mut MediaFiles, text: &str) -> Result<(), String> {
    let entries: BTreeMap<String, MediaEntry> = front_matter::read_toml(text)?;
    for (name, entry) in entries {
        if !file_name::is_plain(&name) {
            return Err(format!(
                "“{name}” is not the name of a file here: small letters, digits, hyphens, and an ending"
            ));
        }
        media.insert(name, ImportedMedia { entry, stored: None });
    }
    Ok(())
}

/// Prepares the files of a folder that the library does not have, and puts them into the store. When the import fails
/// afterwards, they are deleted later.
/// Errors: all faults at once, one line each.
pub(crate) async fn prepare_all(
    db: &Db,
    store: &MediaStore,
    found: &[(String, PathBuf)],
    media: &mut MediaFiles,
) -> Result<(), String> {
    let names: BTreeSet<&String> = found.iter().map(|(name, _)| name).collect();
    let missing = media.keys().filter(|name| !names.contains(name));
    let mut faults: Vec<_> = missing.map(|name| format!("{WORDS_FILE}: there is no file {FOLDER}/{name}")).collect();
    for (name, path) in found {
        let known = media.entry(name.clone()).or_default();
        match prepare_one(db, store, (name, path), &known.entry).await {
            Ok(stored) => known.stored = stored,
            Err(fault) => faults.push(format!("{FOLDER}/{name}: {fault}")),
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

async fn prepare_one(
    db: &Db,
    store: &MediaStore,
    (name, path): (&str, &Path),
    entry: &MediaEntry,
) -> Result<Option<StoredMedia>, String> {
    let tell = |error: Error| error.for_terminal();
    let arrived = copy(store, path).await?;
    let address = format!("{PREFIX}{name}");
    if let Some(known) = item::at(db.read(), &address).await.map_err(tell)? {
        let is_same = [&known.hash, &known.source_hash].contains(&&arrived.hash);
        let fault = "is another file than the one of this name in the media library; give it another name";
        return if is_same { Ok(None) } else { Err(fault.to_owned()) };
    }
    if item::is_deleted(db.read(), &address).await.map_err(tell)? {
        return Err("a file of this name was deleted from the media library; give it another name".to_owned());
    }
    let is_ours = arrived.hash == entry.hash;
    let treatment = if is_ours { Treatment::KeepBytes } else { Treatment::WriteAgain };
    let (folder, called) = (store.clone(), name.to_owned());
    let job = work::run_blocking(move || prepare(&folder, called, arrived, treatment));
    let prepared = job.map_err(tell)?.map_err(|sentence| sentence.trim_end_matches('.').to_owned())?;
    let mut stored = adding::store(db, store, Clock::default().now(), prepared).await.map_err(tell)?;
    let (stem, extension) = file_name::split(name);
    if extension != stored.extension() {
        return Err(format!("is kept as {}; name it {stem}.{}", stored.extension(), stored.extension()));
    }
    if is_ours && !entry.source_hash.is_empty() {
        stored.source_hash.clone_from(&entry.source_hash);
    }
    Ok(Some(stored))
}

/// A copy of a file beside the store, with its hash.
async fn copy(store: &MediaStore, path: &Path) -> Result<WrittenFile, String> {
    let tell = |error: std::io::Error| format!("cannot be read: {}", io_fault(&error));
    let mut from = tokio::fs::File::open(path).await.map_err(tell)?;
    let mut to = store.receive().await.map_err(|error| error.for_terminal())?;
    let mut piece = vec![0; BYTES];
    loop {
        let length = from.read(&mut piece).await.map_err(tell)?;
        if length == 0 {
            return to.finish().await.map_err(|error| error.for_terminal());
        }
        to.write(&piece[..length]).await.map_err(|error| error.for_terminal())?;
    }
}

/// Adds what is missing, and changes what is said of the rest.
pub(super) async fn import(write: &Write, media: &MediaFiles, summary: &mut Summary) -> Result<()> {
    let mut added = 0;
    for (name, ImportedMedia { entry, stored }) in media {
        let path = format!("{PREFIX}{name}");
        let at = |error: Error| match error {
            Error::Validation(errors) => Error::BadRequest(format!("{WORDS_FILE}: {name}: {}", errors.sentence())),
            other => other,
        };
        match (item::at(write, &path).await?, stored) {
            (Some(known), _) => summary.changed |= change(write, &known, entry).await.map_err(at)?,
            (None, Some(stored)) => {
                let words = words(entry, &file_name::title(name), item::FOCUSES[0].0);
                words.check().map_err(|errors| at(errors.into()))?;
                adding::add_at(write, stored, &path, &words).await?;
                added += 1;
            }
            (None, None) => {}
        }
    }
    if added > 0 {
        summary.changed = true;
        summary.notes.push(format!("Added {} to the media library.", pluralise(added, "file", "files")));
    }
    Ok(())
}

/// What is not said of a file stays as it is.
fn words(entry: &MediaEntry, title: &str, focus: &str) -> MediaWords {
    let or = |said: &str, otherwise: &str| if said.is_empty() { otherwise.to_owned() } else { said.to_owned() };
    MediaWords { title: or(&entry.title, title), labels: entry.labels.clone(), focus: or(&entry.focus, focus) }.clean()
}

async fn change(write: &Write, known: &MediaItem, entry: &MediaEntry) -> Result<bool> {
    if *entry == MediaEntry::default() {
        return Ok(false);
    }
    let words = words(entry, &known.title, &known.focus);
    let present = MediaWords { title: known.title.clone(), labels: known.labels.clone(), focus: known.focus.clone() };
    if words == present {
        return Ok(false);
    }
    changing::change(write, known, &words).await?;
    Ok(true)
}

/// Writes `media.toml`; gives the names and the hashes of the files that belong to it.
pub(super) async fn export(db: &Conn, files: &mut FileMap) -> Result<Vec<ExportedMedia>> {
    let (mut entries, mut exported, mut last) = (BTreeMap::new(), Vec::new(), 0);
    loop {
        let items = item::after(db, last, PIECE).await?;
        let Some(newest) = items.last() else { break };
        last = newest.id;
        for item in items {
            let name = item.name().to_owned();
            let bytes = u64::try_from(item.bytes).unwrap_or_default();
            exported.push(ExportedMedia { name: format!("{FOLDER}/{name}"), hash: item.hash.clone(), bytes });
            let MediaItem { title, labels, focus, hash, source_hash, .. } = item;
            entries.insert(name, MediaEntry { title, labels, focus, hash, source_hash });
        }
    }
    if !entries.is_empty() {
        let text = toml::to_string(&entries).map_err(|error| Error::internal("export", error))?;
        files.insert(WORDS_FILE.to_owned(), text);
    }
    Ok(exported)
}

/// A file of the library that an export copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedMedia {
    /// Its name in the folder.
    pub(super) name: String,
    pub(super) hash: String,
    pub(super) bytes: u64,
}
