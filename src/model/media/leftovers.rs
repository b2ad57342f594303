//! Files in the store that nothing in the database names: those of things that were deleted, and what a crash, an upload that was cut
//! off, or an old backup of the database leaves behind.

use std::time::SystemTime;

use super::{adding::StoredMedia, claims};
use crate::{
    clock::Timestamp,
    db::pool::Db,
    error::Result,
    media_files::{place::OldFile, store::MediaStore},
};

/// Deletes those whose hashes begin with `shard`, that were put before a time and have been known since then to have no name;
/// gives how many. While an older database is in place, files of the newer one seem to have none.
/// `Storage` when the folder cannot be read.
pub(crate) async fn delete_old(
    db: &Db,
    store: &MediaStore,
    shard: &str,
    (now, before): (Timestamp, SystemTime),
) -> Result<usize> {
    let mut forgotten = Vec::new();
    for OldFile { hash, unnamed_since } in store.old_files(shard, before).await? {
        match (claims::is_named(db.read(), &hash).await?, unnamed_since) {
            (true, Some(_)) => store.forget_unnamed(&hash).await?,
            (false, None) => store.note_unnamed(&hash).await?,
            (false, Some(since)) if since < before => forgotten.push(hash),
            (true, None) | (false, Some(_)) => {}
        }
    }
    delete_unnamed(db, store, now, forgotten).await
}

/// Gives back what was stored and is not named after all.
/// `Storage` when a file stays.
pub(crate) async fn give_back(db: &Db, store: &MediaStore, now: Timestamp, stored: &StoredMedia) -> Result<()> {
    claims::release(db, &stored.claim).await?;
    let hashes = stored.files.iter().map(|file| file.hash.clone()).collect();
    delete_unnamed(db, store, now, hashes).await.map(drop)
}

/// Deletes those of these files that nothing names and nobody is about to name; gives how many.
/// `Storage` when one stays.
pub(crate) async fn delete_unnamed(db: &Db, store: &MediaStore, now: Timestamp, hashes: Vec<String>) -> Result<usize> {
    if hashes.is_empty() {
        return Ok(0);
    }
    let (claim, hashes) = claims::to_delete(db, now, hashes).await?;
    let mut deleted = Ok(());
    for hash in &hashes {
        deleted = deleted.and(store.delete(hash).await);
    }
    claims::release(db, &claim).await?;
    deleted.map(|()| hashes.len())
}
