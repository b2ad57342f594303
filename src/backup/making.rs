//! Makes a backup: the database first, as it is at one moment, then the files of the media library that this copy names. A file
//! never changes, so all of it is of that moment, except what is deleted while the backup is made.

use std::path::Path;

use tokio::{fs::File, task::spawn_blocking};
use tokio_util::io::ReaderStream;

use super::{
    archive::{Archive, ArchivePieces},
    compression::compress,
    manifest::{DATABASE, FORMAT, FileDigest, MANIFEST, MANIFEST_HASH, Manifest, media_name},
};
use crate::{
    clock::Timestamp,
    db::{
        address::DatabaseAddress, conn::Conn, files::beside, migrator, opening::io_fault, pool::Db,
        read_only::ReadOnlyDb,
    },
    error::{Error, Result},
    media_files::store::MediaStore,
    model::{audit_log, media::named_files, settings::Settings},
};

/// Bytes of the database that are sent at a time.
const PIECE: usize = 256 * 1024;

/// The site that is backed up.
pub(crate) struct BackupSource<'a> {
    pub(crate) db: &'a Db,
    pub(crate) media: &'a MediaStore,
    pub(crate) now: Timestamp,
}

/// Sends the archive in pieces, and tells how many bytes of how many were sent. The copy of the database is put at `scratch`, and the
/// caller removes it.
/// `Storage` when a disk fails, the database cannot be copied, or nobody takes the pieces.
pub(crate) async fn make(
    BackupSource { db, media, now }: BackupSource<'_>,
    scratch: &Path,
    pieces: &ArchivePieces,
    mut tell: impl FnMut(u64, u64),
) -> Result<Manifest> {
    db.copy_to(scratch).await?;
    let fault = |error: std::io::Error| Error::Storage(io_fault(&error));
    let packed = beside(scratch, ".zst");
    let (from, to) = (scratch.to_owned(), packed.clone());
    let database = spawn_blocking(move || compress(&from, &to)).await;
    let database = database.map_err(|error| Error::internal("backup", error))?.map_err(fault)?;
    let copy = ReadOnlyDb::open(&DatabaseAddress::File(scratch.to_owned())).await;
    let copy = copy.map_err(|error| Error::Storage(format!("the copy of the database cannot be read: {error}")))?;
    let mut manifest = describe(copy.read(), now, database).await?;
    let packed = File::open(packed).await.map_err(fault)?;
    let bytes = packed.metadata().await.map_err(fault)?.len();
    let total = bytes.saturating_add(named_files::bytes(copy.read()).await?);
    let time = u64::try_from(now.0 / 1000).unwrap_or_default();
    let mut archive = Archive::new(pieces, time, move |written| tell(written.min(total), total));
    let digest = archive.append(DATABASE, bytes, Box::pin(ReaderStream::with_capacity(packed, PIECE))).await?;
    manifest.members.insert(DATABASE.to_owned(), digest);
    append_media(&mut archive, copy.read(), media, &mut manifest).await?;
    copy.close().await;
    let text = serde_json::to_string_pretty(&manifest).map_err(|error| Error::internal("backup", error))?;
    let hash = archive.append_text(MANIFEST, text).await?.sha256;
    archive.append_text(MANIFEST_HASH, format!("{hash}  {MANIFEST}\n")).await?;
    archive.finish().await?;
    Ok(manifest)
}

async fn describe(copy: &Conn, now: Timestamp, database: FileDigest) -> Result<Manifest> {
    let head = audit_log::head(copy).await?;
    Ok(Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        engine: "sqlite".to_owned(),
        migration: migrator::newest(),
        created_at: now.iso(),
        site_name: Settings::load(copy).await?.site_name,
        audit_head: head.map(|head| head.to_string()).unwrap_or_default(),
        database,
        missing: Vec::new(),
        damaged: Vec::new(),
        members: std::collections::BTreeMap::new(),
    })
}

async fn append_media<F: FnMut(u64)>(
    archive: &mut Archive<'_, F>,
    copy: &Conn,
    store: &MediaStore,
    manifest: &mut Manifest,
) -> Result<()> {
    let mut after = String::new();
    loop {
        let files = named_files::after(copy, &after).await?;
        let Some(last) = files.last() else { return Ok(()) };
        after.clone_from(&last.hash);
        for file in files {
            let bytes = u64::try_from(file.bytes).unwrap_or_default();
            let content = match store.open(&file.hash, 0..bytes).await {
                Err(Error::NotFound) => {
                    manifest.missing.push(file.hash);
                    continue;
                }
                other => other?,
            };
            let name = media_name(&file.hash);
            let digest = archive.append(&name, bytes, content).await?;
            if digest.sha256 != file.hash {
                manifest.damaged.push(file.hash);
            }
            manifest.members.insert(name, digest);
        }
    }
}
