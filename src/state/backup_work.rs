//! How far the backup is that is made by itself, and whether an administrator has asked for one. Administrators ask and look, the
//! background work of `app` makes it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum BackupStage {
    #[default]
    Idle,
    /// Asked for, and not begun.
    Asked,
    /// So many bytes of so many are written; 0 of 0 while the database is copied.
    Making { done: u64, of: u64 },
    /// It is restored on trial.
    Proving,
    /// It is put into the bucket.
    Uploading { done: u64, of: u64 },
}

#[derive(Default)]
pub struct BackupWork {
    stage: Mutex<BackupStage>,
    asked: Notify,
}

impl BackupWork {
    /// Asks for one; `false` when one is under way already.
    #[must_use]
    pub(crate) fn ask(&self) -> bool {
        let is_new = {
            let mut stage = self.lock();
            let is_idle = *stage == BackupStage::Idle;
            if is_idle {
                *stage = BackupStage::Asked;
            }
            is_idle
        };
        if is_new {
            self.asked.notify_one();
        }
        is_new
    }

    /// Waits until one is asked for.
    pub(crate) async fn wait_until_asked(&self) {
        self.asked.notified().await;
    }

    #[must_use]
    pub(crate) fn stage(&self) -> BackupStage {
        *self.lock()
    }

    /// Until the end of what this gives, one is under way.
    #[must_use]
    pub(crate) fn begin(&self) -> BackupUnderWay<'_> {
        self.set(BackupStage::Making { done: 0, of: 0 });
        BackupUnderWay(self)
    }

    pub(crate) fn set(&self, stage: BackupStage) {
        *self.lock() = stage;
    }

    fn lock(&self) -> MutexGuard<'_, BackupStage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whatever ends it, another one can be asked for.
pub(crate) struct BackupUnderWay<'a>(&'a BackupWork);

impl Drop for BackupUnderWay<'_> {
    fn drop(&mut self) {
        self.0.set(BackupStage::Idle);
    }
}
