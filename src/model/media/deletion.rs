//! Deletes a thing from the media library for good. Its path is given to nothing else, so that no old text ever shows another
//! picture. Its row and its name in the audit log stay; its files go.

use super::{item::MediaItem, usage};
use crate::{
    error::Result,
    model::{audit_log::AuditEntry, write::Write},
};

/// Deletes a thing; gives the hashes of its files, to be deleted after the commit unless something else has them.
pub(crate) async fn delete(write: &Write, item: &MediaItem) -> Result<Vec<String>> {
    if usage::is_live(write, &item.path).await? {
        write.touch_public();
    }
    let files: Vec<(String,)> = write.all("select hash from media_file where media_id = $1", (item.id,)).await?;
    write.execute("delete from media_file where media_id = $1", (item.id,)).await?;
    write.execute("update media set deleted_at = $2 where id = $1", (item.id, write.now)).await?;
    let detail = if item.is_used { format!("{}, which was used", item.path) } else { item.path.clone() };
    write.record(AuditEntry::new("media.delete", "media", Some(item.id), item.title.as_str()).detail(detail));
    Ok(files.into_iter().map(|(hash,)| hash).collect())
}
