//! Whether the database's files hold what was written to them: someone may copy another database over an open one,
//! which the file's device and inode do not show.

use super::audit_log::{self, AuditHead};
use crate::{
    db::{files::Written, pool::Db},
    error::Result,
};

/// The state of the files when they were last found right.
#[derive(Default)]
pub(crate) struct OverwriteCheck {
    written: Option<Written>,
    head: Option<AuditHead>,
}

impl OverwriteCheck {
    /// Checks again; false when something else was written into the file. Reads all of it only when the file has
    /// changed without us writing the log back, for example by another command.
    pub(crate) async fn are_ours(&mut self, db: &Db) -> Result<bool> {
        let Some(files) = db.files() else { return self.is_continued(db).await };
        let _still = files.hold_write_back().await;
        let Some(written) = files.last_write().await else { return Ok(true) };
        let changed = self.written.is_some_and(|known| known != written && !files.is_written_back(known, written));
        if changed && !self.fits(db).await? {
            return Ok(false);
        }
        let head = audit_log::head(db.read()).await?;
        // What was read while the file was being written to does not count yet.
        if files.last_write().await == Some(written) {
            (self.written, self.head) = (Some(written), head);
        }
        Ok(true)
    }

    /// Whether nobody else has written into the file since it was last found right. Uses no connection.
    pub(crate) async fn are_untouched(&self, db: &Db) -> bool {
        let Some(files) = db.files() else { return false };
        let _still = files.hold_write_back().await;
        match (self.written, files.last_write().await) {
            (Some(known), Some(now)) => known == now || files.is_written_back(known, now),
            (None, now) => now.is_some(),
            (Some(_), None) => false,
        }
    }

    /// Whether the database of a server still has what was seen in it: someone may have restored a backup in its place, or
    /// a standby that lacks something may have taken over.
    async fn is_continued(&mut self, db: &Db) -> Result<bool> {
        let head = audit_log::head(db.read()).await?;
        if head != self.head && !self.fits(db).await? {
            return Ok(false);
        }
        self.head = head;
        Ok(true)
    }

    /// Whether the files are an intact database with the newest audit entry that was seen.
    async fn fits(&self, db: &Db) -> Result<bool> {
        let Some(reader) = db.sound_reader().await? else { return Ok(false) };
        let Some(head) = &self.head else { return Ok(true) };
        Ok(audit_log::hash_of(&reader, head.id).await?.is_some_and(|hash| hash == head.hash))
    }
}
