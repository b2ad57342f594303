//! Whether what is in the database's files is what was written to them: someone may copy another database over an open one,
//! which the file's device and inode do not tell.

use super::audit_log::{self, AuditHead};
use crate::{
    db::{files::Written, pool::Db},
    error::Result,
};

/// What was last seen to be right.
#[derive(Default)]
pub(crate) struct Contents {
    written: Option<Written>,
    head: Option<AuditHead>,
}

impl Contents {
    /// Looks again; false when something else was written into the file. Reads all of it only when the file has changed
    /// and we have not written back its log, as when another command did.
    pub(crate) async fn are_ours(&mut self, db: &Db) -> Result<bool> {
        let Some(written) = db.files().written().await else { return Ok(true) };
        let changed = self.written.is_some_and(|known| known != written && !db.files().is_written_back(known, written));
        if changed && !self.fits(db).await? {
            return Ok(false);
        }
        let head = audit_log::head(db.read()).await?;
        // What was read while the file was written to is not believed yet.
        if db.files().written().await == Some(written) {
            (self.written, self.head) = (Some(written), head);
        }
        Ok(true)
    }

    /// Whether nobody but us has written into the file since it was last seen to be right. Asks no connection.
    pub(crate) async fn are_untouched(&self, db: &Db) -> bool {
        match (self.written, db.files().written().await) {
            (Some(known), Some(now)) => known == now || db.files().is_written_back(known, now),
            (None, now) => now.is_some(),
            (Some(_), None) => false,
        }
    }

    /// Whether the files are a sound database that has the newest entry of the audit log that was seen.
    async fn fits(&self, db: &Db) -> Result<bool> {
        let Some(reader) = db.sound_reader().await? else { return Ok(false) };
        let Some(head) = &self.head else { return Ok(true) };
        Ok(audit_log::hash_of(&reader, head.id).await?.is_some_and(|hash| hash == head.hash))
    }
}
