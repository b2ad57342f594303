//! The files of a restore: a folder for what is unpacked, and the change from what was there to what was unpacked, which is made
//! or undone as a whole, also when it is killed.

use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt, lchown},
    path::{Path, PathBuf},
};

use super::restore_plan::{DATABASE, RestorePlan, SCRATCH, rename};
use crate::{
    clock::Timestamp,
    db::{files::beside, opening::io_fault},
    media_files::store::FOLDER,
};

/// The folder for what is unpacked is removed when this is dropped.
pub(super) struct RestoredFiles {
    scratch: PathBuf,
    plan: RestorePlan,
}

/// Ends what a restore that was killed has begun; to be called while the site is locked. Whether what was there was put back.
/// Errors: a sentence.
pub(super) fn finish(data: &Path, database: &Path) -> Result<bool, String> {
    let Some(plan) = RestorePlan::find(data, database)? else { return Ok(false) };
    let is_finished = plan.is_finished();
    let done = if is_finished { plan.remove() } else { plan.undo() };
    done.map_err(|error| {
        format!("What the restore before this one has moved cannot be moved back: {}.", io_fault(&error))
    })?;
    Ok(!is_finished)
}

/// Removes what a restore that was killed has unpacked; to be called while the site is locked.
pub(super) fn sweep(data: &Path) {
    let _ = fs::remove_dir_all(data.join(SCRATCH));
}

impl RestoredFiles {
    /// Errors: a sentence: the folder cannot be made.
    pub(super) fn begin(data: &Path, database: &Path, now: Timestamp) -> Result<Self, String> {
        let scratch = data.join(SCRATCH);
        // Left by one that was killed.
        let made = match fs::remove_dir_all(&scratch) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => DirBuilder::new().mode(0o700).create(&scratch),
        };
        made.map_err(|error| format!("{} cannot be made: {}.", scratch.display(), io_fault(&error)))?;
        let aside = format!("before-restore-{}", now.iso().replace(':', "-"));
        Ok(Self { scratch, plan: RestorePlan::new(data, database, &aside) })
    }

    /// Where to unpack.
    pub(super) fn scratch(&self) -> &Path {
        &self.scratch
    }

    /// Puts the old files aside and the new ones, the database and the media library, in their place.
    /// Errors: a sentence; everything is where it was then, unless it says so.
    pub(super) fn put_in_place(self, [database, media]: &[&str; 2]) -> Result<Self, String> {
        self.hand_over();
        let changed = self.plan.write().and_then(|()| self.change(database, media));
        if let Err(error) = changed {
            let moved_back = self.plan.undo().err().map_or_else(String::new, |error| {
                let fault = io_fault(&error);
                format!(
                    " What was there cannot be moved back either: {fault}. The next `plinth restore` tries that again."
                )
            });
            return Err(format!("The files cannot be moved to their places: {}.{moved_back}", io_fault(&error)));
        }
        rustix::fs::sync();
        // When it stays, the next start sees that all is done.
        let _ = self.plan.remove();
        Ok(self)
    }

    fn change(&self, database: &str, media: &str) -> io::Result<()> {
        // Nothing is moved before it would survive a loss of power.
        rustix::fs::sync();
        for (from, to) in self.plan.moves() {
            let aside = to.parent().unwrap_or(&to);
            match DirBuilder::new().mode(0o700).create(aside) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => rename(&from, &to)?,
            }
        }
        rustix::fs::sync();
        let media = self.scratch.join(media);
        if media.exists() {
            rename(&media, &self.plan.data.join(FOLDER))?;
        }
        for end in DATABASE {
            let file = beside(&self.scratch.join(database), end);
            if file.exists() {
                rename(&file, &beside(&self.plan.database, end))?;
            }
        }
        Ok(())
    }

    /// The owner of the data directory owns what is restored into it, also when the administrator of the machine does that.
    fn hand_over(&self) {
        let Ok(owner) = fs::metadata(&self.plan.data).map(|data| (data.uid(), data.gid())) else { return };
        if rustix::process::geteuid().is_root() && owner.0 != 0 {
            let locks = [&self.plan.data.join("plinth.db"), &self.plan.database].map(|file| beside(file, "-lock"));
            for path in locks.into_iter().chain([self.scratch.clone()]) {
                give(&path, owner);
            }
        }
    }

    /// Where the files are that were there before.
    pub(super) fn kept_aside(&self) -> impl Iterator<Item = PathBuf> {
        self.plan.kept_aside()
    }
}

/// A failure shows itself when the site is started.
fn give(path: &Path, owner: (u32, u32)) {
    let _ = lchown(path, Some(owner.0), Some(owner.1));
    if path.is_dir() {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            give(&entry.path(), owner);
        }
    }
}

impl Drop for RestoredFiles {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.scratch);
    }
}
