//! The one way to change anything that matters: a transaction with one time, one actor, and at least one
//! audit log entry. Nothing else commits content.

use std::{
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    actor::Actor,
    audit_log::{self, AuditEntry},
    document::{rules::DocumentRules, types},
    stored_content::StoredContent,
    webhook::event,
};
use crate::{
    clock::{Clock, Timestamp},
    db::{pool::Db, transaction::Transaction},
    error::{Error, Result},
    site_version::{CommitNotify, SiteVersion},
};

/// An open change. Dropped without [`Write::commit`], it is rolled back.
pub struct Write {
    tx: Transaction,
    /// The time of everything in this change.
    pub now: Timestamp,
    pub actor: Actor,
    pub rules: DocumentRules,
    /// Whether e-mails are sent, so that users can be told by them.
    pub(crate) sends_mail: bool,
    pending: Mutex<PendingRecords>,
    site_version: SiteVersion,
    commits: CommitNotify,
}

#[derive(Default)]
struct PendingRecords {
    entries: Vec<AuditEntry>,
    contents: Vec<StoredContent>,
    public: bool,
    /// The row that says how this change is undone.
    undoable: Option<i64>,
}

impl PendingRecords {
    /// Whether nothing was changed. A change of content, or a public one, counts even without an entry: the commit
    /// refuses it.
    fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.contents.is_empty() && !self.public
    }
}

impl Write {
    /// Waits for the writer, then begins.
    pub async fn begin(db: &Db, clock: &Clock, actor: Actor, rules: DocumentRules) -> Result<Self> {
        let tx = Transaction::begin(db).await?;
        types::refresh(&rules.fields, &tx).await?;
        // Types that this change makes count within it, and elsewhere once it is committed.
        let fields = Arc::new(rules.fields.with_types(rules.fields.types()));
        let rules = DocumentRules { fields, ..rules };
        Ok(Self {
            tx,
            now: clock.now(),
            actor,
            rules,
            sends_mail: false,
            pending: Mutex::default(),
            site_version: db.site_version().clone(),
            commits: db.commits().clone(),
        })
    }

    /// The same change where e-mails are sent, or are not.
    #[must_use]
    pub(crate) fn with_mail(self, sends_mail: bool) -> Self {
        Self { sends_mail, ..self }
    }

    /// Adds an entry to the audit log when this change commits.
    pub fn record(&self, mut entry: AuditEntry) {
        let mut pending = self.lock_pending();
        entry.contents = std::mem::take(&mut pending.contents);
        pending.entries.push(entry);
    }

    /// Adds an entry about something else that comes of this change; what was just stored belongs to the next one.
    pub(super) fn record_beside(&self, entry: AuditEntry) {
        self.lock_pending().entries.push(entry);
    }

    /// Adds what was just stored to the next entry.
    pub(super) fn record_content(&self, content: StoredContent) {
        self.lock_pending().contents.push(content);
    }

    /// Marks that visitors will see a difference: the site version grows with the commit.
    pub fn touch_public(&self) {
        self.lock_pending().public = true;
    }

    /// Names the entries of this change in the row that says how it is undone.
    pub(super) fn name_entries_in(&self, undoable_id: i64) {
        self.lock_pending().undoable = Some(undoable_id);
    }

    /// Commits what `result` is about if anything was recorded; rolls back when it failed or changed nothing. Either
    /// way the writer is free again before the caller goes on.
    /// Errors: that of `result`, or of the commit.
    pub async fn finish<T>(self, result: Result<T>) -> Result<T> {
        let value = result?;
        if self.lock_pending().is_empty() {
            return Ok(value);
        }
        self.commit().await?;
        Ok(value)
    }

    /// Writes the audit log, raises the site version if something public changed, and commits.
    /// Fails when nothing was recorded: a change without an entry is an error of the program.
    pub async fn commit(self) -> Result<()> {
        let PendingRecords { mut entries, contents, public, undoable } = std::mem::take(&mut *self.lock_pending());
        let Some(last) = entries.last_mut() else {
            return Err(Error::Internal("a change was about to be committed without an audit log entry".to_owned()));
        };
        last.contents.extend(contents);
        event::queue(&self.tx, self.now, &entries).await?;
        let before = audit_log::append(&self.tx, self.now, &self.actor, entries).await?;
        if let Some(id) = undoable {
            let last = audit_log::head(&self.tx).await?.map_or(0, |head| head.id);
            let sql = "update undoable set first_entry = $2, last_entry = $3 where id = $1";
            self.tx.execute(sql, (id, before + 1, last)).await?;
        }
        if !public {
            self.tx.commit().await?;
            self.commits.notify();
            return Ok(());
        }
        let version = self.tx.value("update site set version = version + 1 where id = 1 returning version", ()).await?;
        self.tx.commit().await?;
        // Before the commit is acknowledged to anyone, whatever was derived from the old state is stale.
        self.site_version.raise(version);
        self.commits.notify();
        Ok(())
    }

    fn lock_pending(&self) -> std::sync::MutexGuard<'_, PendingRecords> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Deref for Write {
    type Target = Transaction;

    fn deref(&self) -> &Transaction {
        &self.tx
    }
}
