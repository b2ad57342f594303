//! Adds to the media library what was prepared and lies in the store. The files are put there before the rows are written, so that
//! no row is ever without its file.

use super::{
    claims::{self, FileClaim},
    item::{self, MediaItem, MediaKind},
    usage,
};
use crate::{
    clock::Timestamp,
    db::pool::Db,
    error::{Error, Result},
    media_files::{
        file_kind::FileKind, file_name, picture_output::WrittenPicture, preparation::PreparedFile, store::MediaStore,
    },
    model::{audit_log::AuditEntry, write::Write},
    text::media_path::PREFIX,
};

/// A file whose bytes are in the store, with all that its rows say.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StoredMedia {
    /// As its sender called it.
    pub(crate) name: String,
    pub(super) kind: FileKind,
    pub(crate) source_hash: String,
    pub(crate) files: Vec<StoredFile>,
    pub(crate) note: String,
    /// Keeps its files from being deleted before they are named.
    pub(crate) claim: FileClaim,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StoredFile {
    pub(crate) hash: String,
    content_type: &'static str,
    width: i64,
    height: i64,
    bytes: i64,
}

/// What is said of a thing in the library.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct MediaWords {
    pub(crate) title: String,
    pub(crate) labels: String,
    pub(crate) focus: String,
}

/// Puts what was prepared into the store, to be named by [`add`] or given back.
/// `Storage` when the disk does not take it; what was put is deleted later. `Conflict` when it is being deleted.
pub(crate) async fn store(db: &Db, store: &MediaStore, now: Timestamp, prepared: PreparedFile) -> Result<StoredMedia> {
    let PreparedFile { name, kind, source_hash, files, note } = prepared;
    let hashes: Vec<_> = files.iter().map(|made| made.file.hash.clone()).collect();
    let claim = claims::to_put(db, now, &hashes).await?;
    match put(store, files).await {
        Ok(files) => Ok(StoredMedia { name, kind, source_hash, files, note, claim }),
        Err(error) => {
            claims::release(db, &claim).await?;
            Err(error)
        }
    }
}

async fn put(store: &MediaStore, made: Vec<WrittenPicture>) -> Result<Vec<StoredFile>> {
    let mut files = Vec::with_capacity(made.len());
    for WrittenPicture { file, kind, width, height } in made {
        files.push(StoredFile {
            hash: file.hash.clone(),
            content_type: kind.content_type(),
            width: i64::from(width),
            height: i64::from(height),
            bytes: i64::try_from(file.bytes).unwrap_or(i64::MAX),
        });
        store.put(file).await?;
    }
    Ok(files)
}

/// What became of a file that was sent.
#[derive(Debug)]
pub(crate) enum Added {
    New(MediaItem),
    /// The library had it already.
    Known(MediaItem),
}

/// Adds a file under a name that is free, unless the same one is there.
pub(crate) async fn add(write: &Write, stored: &StoredMedia) -> Result<Added> {
    let known = item::with_content(write, &stored.source_hash, stored.hash()?).await?;
    if let Some(known) = known {
        return Ok(Added::Known(known));
    }
    let path = free_path(write, &stored.name, stored.kind).await?;
    let words = MediaWords { title: file_name::title(&stored.name), ..MediaWords::default() };
    add_at(write, stored, &path, &words).await.map(Added::New)
}

/// Adds a file at a path that is free.
/// `Conflict` when it was stored too long ago.
pub(crate) async fn add_at(write: &Write, stored: &StoredMedia, path: &str, words: &MediaWords) -> Result<MediaItem> {
    let kind = if stored.kind.is_picture() { MediaKind::Picture } else { MediaKind::File };
    let focus = if words.focus.is_empty() { item::FOCUSES[0].0 } else { &words.focus };
    let id: i64 = write
        .value(
            "insert into media (path, kind, title, labels, focus, hash, source_hash, uploader_id, uploader_name, created_at, \
             search_text) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id",
            (
                path,
                kind,
                words.title.as_str(),
                words.labels.as_str(),
                focus,
                stored.hash()?,
                stored.source_hash.as_str(),
                write.actor.id,
                write.actor.name.as_str(),
                write.now,
                item::search_text(&words.title, &words.labels, path),
            ),
        )
        .await?;
    name_files(write, id, stored).await?;
    write.record(AuditEntry::new("media.add", "media", Some(id), words.title.as_str()).detail(path));
    // A text may have named it before it was there.
    if usage::is_live(write, path).await? {
        write.touch_public();
    }
    item::get(write, id).await
}

/// Writes down which files a thing has.
/// `Conflict` when they were stored too long ago.
pub(super) async fn name_files(write: &Write, id: i64, stored: &StoredMedia) -> Result<()> {
    claims::release_named(write, &stored.claim).await?;
    for file in &stored.files {
        write
            .execute(
                "insert into media_file (media_id, of_hash, hash, content_type, width, height, bytes) \
                 values ($1, $2, $3, $4, $5, $6, $7) on conflict (media_id, of_hash, hash) do nothing",
                (id, stored.hash()?, file.hash.as_str(), file.content_type, file.width, file.height, file.bytes),
            )
            .await?;
    }
    Ok(())
}

/// A path that nothing has, nor had.
async fn free_path(write: &Write, name: &str, kind: FileKind) -> Result<String> {
    for name in file_name::candidates(name, kind.extension()) {
        let path = format!("{PREFIX}{name}");
        let taken: Option<(i64,)> = write.optional("select id from media where path = $1", (path.as_str(),)).await?;
        if taken.is_none() {
            return Ok(path);
        }
    }
    Err(Error::Conflict("There are too many files of this name. Give it another name.".to_owned()))
}

impl StoredMedia {
    /// Of the file itself.
    pub(super) fn hash(&self) -> Result<&str> {
        let first = self.files.first().map(|file| file.hash.as_str());
        first.ok_or_else(|| Error::Internal("nothing was prepared of a file".to_owned()))
    }

    pub(crate) const fn extension(&self) -> &'static str {
        self.kind.extension()
    }
}
