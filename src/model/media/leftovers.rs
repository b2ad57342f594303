//! Files in the store that nothing in the database names: those of things that were deleted, and what a crash, an upload that was cut
//! off, or an old backup of the database leaves behind.

use std::time::SystemTime;

use crate::{db::conn::Conn, error::Result, media_files::store::MediaStore, work};

/// Deletes those whose hashes begin with `shard`, that were put before a time and have been known since then to have no name;
/// gives how many. While an older database is in place, files of the newer one seem to have none.
/// `Storage` when the folder cannot be read.
pub(crate) async fn delete_old(db: &Conn, store: &MediaStore, shard: &str, before: SystemTime) -> Result<usize> {
    let mut forgotten = Vec::new();
    for hash in work::run_blocking(|| store.old_files(shard, before))? {
        if is_named(db, &hash).await? {
            store.note_named(&hash);
        } else if store.note_unnamed(&hash)? < before {
            forgotten.push(hash);
        }
    }
    delete_unnamed(db, store, forgotten).await
}

async fn is_named(db: &Conn, hash: &str) -> Result<bool> {
    let sql = "select media_id from media_file where hash = $1 limit 1";
    Ok(db.optional::<(i64,)>(sql, (hash,)).await?.is_some())
}

/// Deletes those of these files that nothing names; gives how many. Nothing is put meanwhile, so none is deleted that is about to
/// be named.
/// `Storage` when one stays.
pub(crate) async fn delete_unnamed(db: &Conn, store: &MediaStore, hashes: Vec<String>) -> Result<usize> {
    let mut deleted = 0;
    let _alone = store.alone().await;
    for hash in hashes {
        if !is_named(db, &hash).await? {
            store.delete(&hash).await?;
            deleted += 1;
        }
    }
    Ok(deleted)
}
