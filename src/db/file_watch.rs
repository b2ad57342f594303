//! Waits until a file of the database was written to, removed or replaced, so that nothing has to look again and again. Where
//! the system does not tell, the files are looked at each second.

use std::{path::PathBuf, time::Duration};

use tokio::time::{sleep, timeout};

use super::file_events::FileEvents;

/// How long there is at least between two looks. It comes before the wait, so that the first change is seen at once.
const GAP: Duration = Duration::from_millis(50);
/// How often to look where the system tells nothing.
const POLL: Duration = Duration::from_secs(1);
/// How often to look all the same: a folder above may be moved, which is not told.
const RARELY: Duration = Duration::from_mins(1);

/// What one task hears of.
pub(crate) struct FileChanges(Option<FileEvents>);

impl FileChanges {
    pub(super) fn of(files: &[PathBuf]) -> Self {
        let events = FileEvents::listen(files);
        Self(events.inspect_err(tell).ok())
    }

    /// For what is not in files here.
    pub(super) const fn polling() -> Self {
        Self(None)
    }

    /// Waits until something may have changed. A wait that is given up loses no change.
    pub(crate) async fn next(&mut self) {
        let Some(events) = &self.0 else { return sleep(POLL).await };
        sleep(GAP).await;
        if let Ok(Err(error)) = timeout(RARELY, events.next()).await {
            tell(&error);
            self.0 = None;
        }
    }
}

fn tell(error: &std::io::Error) {
    tracing::warn!(%error, "the system does not tell when a file of the database changes, so they are looked at each second");
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    const SOON: Duration = Duration::from_secs(30);

    #[tokio::test]
    async fn what_happens_to_a_file_is_told_to_all() {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("plinth.db-wal");
        let (mut first, mut second) =
            (FileChanges::of(std::slice::from_ref(&file)), FileChanges::of(std::slice::from_ref(&file)));
        for change in [|file| fs::write(file, "new"), |file| fs::write(file, "more"), |file| fs::remove_file(file)] {
            change(file.as_path()).unwrap();
            timeout(SOON, async { tokio::join!(first.next(), second.next()) }).await.unwrap();
        }
    }

    #[tokio::test]
    async fn other_files_are_not_told() {
        let folder = TempDir::new().unwrap();
        let mut changes = FileChanges::of(&[folder.path().join("plinth.db")]);
        fs::write(folder.path().join("plinth.db.backup"), "").unwrap();
        assert!(timeout(GAP * 4, changes.next()).await.is_err());
    }
}
