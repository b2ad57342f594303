//! How often a backup is made by itself, how many are kept, and what became of the last one and of the last restore drill. The
//! folder for backups is in the configuration, not here. No user makes an outcome, so it has no audit entry.

use super::{audit_log::AuditEntry, settings, write::Write};
use crate::{
    clock::{DAY, Timestamp},
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::Result,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum BackupInterval {
    Never,
    Hour,
    #[default]
    Day,
    Week,
}

impl BackupInterval {
    pub(crate) const ALL: [Self; 4] = [Self::Never, Self::Hour, Self::Day, Self::Week];

    #[must_use]
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
        }
    }

    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }

    /// In milliseconds; none when nothing is made by itself.
    #[must_use]
    pub(crate) const fn milliseconds(self) -> Option<i64> {
        match self {
            Self::Never => None,
            Self::Hour => Some(DAY / 24),
            Self::Day => Some(DAY),
            Self::Week => Some(7 * DAY),
        }
    }
}

/// How many backups may be kept.
pub(crate) const KEPT: [usize; 6] = [2, 7, 14, 30, 90, 365];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BackupSchedule {
    pub(crate) every: BackupInterval,
    /// One of [`KEPT`].
    pub(crate) kept: usize,
}

impl BackupSchedule {
    /// As it was chosen; every day and 14 of them, until someone chooses.
    pub(crate) async fn load(db: &Conn) -> Result<Self> {
        let mut schedule = Self { every: BackupInterval::default(), kept: 14 };
        for (name, value) in settings::all(db).await? {
            match name.as_str() {
                "backup_every" => schedule.every = BackupInterval::parse(&value).unwrap_or_default(),
                "backups_kept" => schedule.kept = value.parse().unwrap_or(schedule.kept),
                _ => {}
            }
        }
        Ok(schedule)
    }

    /// Stores it; `false` when it is stored already.
    pub(crate) async fn save(self, write: &Write) -> Result<bool> {
        if Self::load(write).await? == self {
            return Ok(false);
        }
        for (name, value) in [("backup_every", self.every.as_str().to_owned()), ("backups_kept", self.kept.to_string())]
        {
            settings::put(write, name, &value).await?;
        }
        let words = format!("{}, {} kept", self.every.as_str(), self.kept);
        write.record(AuditEntry::new("site.schedule_backups", "site", None, words));
        Ok(true)
    }
}

/// Records that a backup was downloaded.
pub(crate) fn note_download(write: &Write, file: &str) {
    write.record(AuditEntry::new("site.download_backup", "site", None, file));
}

/// What is tried by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BackupTrial {
    Backup,
    Drill,
    /// A restore drill of an encrypted backup with the key of a maintainer, which is not on this machine otherwise.
    Key,
    /// Putting backups into the bucket.
    Upload,
}

impl BackupTrial {
    const fn name(self) -> &'static str {
        match self {
            Self::Backup => "backup",
            Self::Drill => "drill",
            Self::Key => "key",
            Self::Upload => "upload",
        }
    }
}

/// What became of it the last time.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct BackupOutcome {
    pub(crate) at: Timestamp,
    pub(crate) milliseconds: i64,
    /// The name of the file, without its folder; empty: none was made.
    pub(crate) file: String,
    /// What was wrong, as sentences; empty: nothing.
    pub(crate) fault: String,
}

impl BackupOutcome {
    pub(crate) async fn load(db: &Conn, of: BackupTrial) -> Result<Option<Self>> {
        Ok(db
            .optional("select at, milliseconds, file, fault from backup_outcome where trial = $1", (of.name(),))
            .await?)
    }

    /// Keeps it in place of the one before.
    pub(crate) async fn store(&self, db: &Db, of: BackupTrial) -> Result<()> {
        let tx = Transaction::begin(db).await?;
        tx.execute("delete from backup_outcome where trial = $1", (of.name(),)).await?;
        tx.execute(
            "insert into backup_outcome (trial, at, milliseconds, file, fault) values ($1, $2, $3, $4, $5)",
            (of.name(), self.at, self.milliseconds, self.file.as_str(), self.fault.as_str()),
        )
        .await?;
        tx.commit().await
    }
}
