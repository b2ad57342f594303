//! Puts another file in the place of a thing's, everywhere at once: texts name the thing, not its file. One previous file is kept,
//! to be put back, until the thing is replaced again.

use super::{
    adding::{self, StoredMedia},
    item::MediaItem,
    usage,
};
use crate::{
    db::conn::Conn,
    error::{Error, Result},
    media_files::file_kind::FileKind,
    model::{audit_log::AuditEntry, write::Write},
};

/// What a thing was before it was replaced.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct PreviousFile {
    pub(crate) hash: String,
    pub(crate) content_type: String,
    pub(crate) width: i64,
    pub(crate) height: i64,
    pub(crate) bytes: i64,
    /// Of the smallest picture that was made of it, or of itself.
    pub(crate) small_hash: String,
}

/// What a thing was before it was replaced; none when it was not.
pub(crate) async fn previous(db: &Conn, id: i64) -> Result<Option<PreviousFile>> {
    Ok(db
        .optional(
            "select f.hash, f.content_type, f.width, f.height, f.bytes, (select s.hash from media_file s \
             where s.media_id = m.id and s.of_hash = m.previous_hash order by s.width, s.bytes limit 1) as small_hash \
             from media m join media_file f on f.media_id = m.id and f.of_hash = m.previous_hash and f.hash = m.previous_hash \
             where m.id = $1",
            (id,),
        )
        .await?)
}

/// Puts a file in the place of a thing's, of the same kind; gives the hashes of files to be deleted after the commit unless
/// something has them.
/// `Conflict` when it is the same file, is of another kind, or was stored too long ago.
pub(crate) async fn replace(write: &Write, item: &MediaItem, stored: &StoredMedia) -> Result<Vec<String>> {
    if stored.source_hash == item.source_hash || stored.hash()? == item.hash {
        return Err(Error::Conflict("This is the file that is there already.".to_owned()));
    }
    if FileKind::of_content_type(&item.content_type) != Some(stored.kind) {
        return Err(Error::Conflict("The present file is of another kind now. Look at it again.".to_owned()));
    }
    let forgotten = delete_previous(write, item).await?;
    adding::name_files(write, item.id, stored).await?;
    set(write, item, (stored.hash()?, &stored.source_hash), (&item.hash, &item.source_hash)).await?;
    record(write, "media.replace", item).await?;
    Ok(forgotten)
}

/// Puts the previous file of a thing back; what was in its place is the previous one then.
/// `Conflict` when `seen` is not its hash any more.
pub(crate) async fn put_back(write: &Write, item: &MediaItem, seen: &str) -> Result<()> {
    check_seen(item, seen)?;
    let now = (item.previous_hash.as_str(), item.previous_source_hash.as_str());
    set(write, item, now, (&item.hash, &item.source_hash)).await?;
    record(write, "media.put_back", item).await
}

/// Deletes the previous file of a thing; gives the hashes of its files, to be deleted after the commit unless something has them.
/// `Conflict` when `seen` is not its hash any more.
pub(crate) async fn forget_previous(write: &Write, item: &MediaItem, seen: &str) -> Result<Vec<String>> {
    check_seen(item, seen)?;
    let forgotten = delete_previous(write, item).await?;
    set(write, item, (&item.hash, &item.source_hash), ("", "")).await?;
    write.record(entry("media.forget", item));
    Ok(forgotten)
}

fn check_seen(item: &MediaItem, seen: &str) -> Result<()> {
    if item.previous_hash.is_empty() || item.previous_hash != seen {
        return Err(Error::Conflict("The previous file is another one by now. Look at it again.".to_owned()));
    }
    Ok(())
}

async fn delete_previous(write: &Write, item: &MediaItem) -> Result<Vec<String>> {
    let ours = (item.id, item.hash.as_str());
    let files: Vec<(String,)> =
        write.all("select hash from media_file where media_id = $1 and of_hash <> $2", ours).await?;
    write.execute("delete from media_file where media_id = $1 and of_hash <> $2", ours).await?;
    Ok(files.into_iter().map(|(hash,)| hash).collect())
}

async fn set(write: &Write, item: &MediaItem, now: (&str, &str), previous: (&str, &str)) -> Result<()> {
    let replaced = (!previous.0.is_empty()).then_some(write.now);
    write
        .execute(
            "update media set hash = $2, source_hash = $3, previous_hash = $4, previous_source_hash = $5, replaced_at = $6, \
             replacer_name = $7 where id = $1",
            (item.id, now.0, now.1, previous.0, previous.1, replaced, write.actor.name.as_str()),
        )
        .await?;
    Ok(())
}

async fn record(write: &Write, action: &'static str, item: &MediaItem) -> Result<()> {
    if usage::is_live(write, &item.path).await? {
        write.touch_public();
    }
    write.record(entry(action, item));
    Ok(())
}

fn entry(action: &'static str, item: &MediaItem) -> AuditEntry {
    AuditEntry::new(action, "media", Some(item.id), item.title.as_str()).detail(item.path.as_str())
}
