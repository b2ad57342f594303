//! The files of a restore: a folder for what is unpacked, and the change from what was there to what was unpacked, which is made
//! or undone as a whole.

use std::{
    collections::BTreeSet,
    fs::{self, DirBuilder, File},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt, lchown},
    path::{Path, PathBuf},
};

use crate::{
    clock::Timestamp,
    db::{files::beside, opening::io_fault},
    media_files::store::FOLDER,
};

/// Where the backup is unpacked and checked, in the data directory.
pub(super) const SCRATCH: &str = "restore-partial";
/// A database with what SQLite keeps beside it.
const DATABASE: [&str; 3] = ["", "-wal", "-shm"];
/// What of a data directory is of one site.
const OWN: [&str; 2] = [FOLDER, "search"];

/// The folder for what is unpacked is removed when this is dropped.
pub(super) struct RestoredFiles {
    data: PathBuf,
    database: PathBuf,
    scratch: PathBuf,
    /// How the folders are called in which the old files are kept.
    aside: String,
    /// Where a file was, and where it is now.
    moved: Vec<(PathBuf, PathBuf)>,
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
        // What a link leads to is replaced, not the link.
        let database = fs::canonicalize(database).unwrap_or_else(|_| database.to_owned());
        let aside = format!("before-restore-{}", now.iso().replace(':', "-"));
        Ok(Self { data: data.to_owned(), database, scratch, aside, moved: Vec::new() })
    }

    /// Where to unpack.
    pub(super) fn scratch(&self) -> &Path {
        &self.scratch
    }

    /// Puts the old files aside and the new ones, the database and the media library, in their place.
    /// Errors: a sentence; everything is where it was then.
    pub(super) fn put_in_place(mut self, [database, media]: &[&str; 2]) -> Result<Self, String> {
        self.hand_over();
        // Nothing is moved before it would survive a loss of power.
        rustix::fs::sync();
        let changed = self.change(database, media);
        if let Err(error) = changed {
            for (from, to) in self.moved.iter().rev() {
                let _ = fs::rename(to, from);
            }
            for folder in self.kept_aside() {
                let _ = fs::remove_dir(folder);
            }
            return Err(format!("The files cannot be moved to their places: {}.", io_fault(&error)));
        }
        rustix::fs::sync();
        Ok(self)
    }

    fn change(&mut self, database: &str, media: &str) -> io::Result<()> {
        let old =
            DATABASE.map(|end| beside(&self.database, end)).into_iter().chain(OWN.map(|name| self.data.join(name)));
        for path in old.collect::<Vec<_>>() {
            let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { continue };
            if fs::symlink_metadata(&path).is_ok() {
                let aside = folder.join(&self.aside);
                DirBuilder::new().recursive(true).mode(0o700).create(&aside)?;
                self.shift(&path, aside.join(name))?;
            }
        }
        let media = self.scratch.join(media);
        if media.exists() {
            self.shift(&media, self.data.join(FOLDER))?;
        }
        for end in DATABASE {
            let file = beside(&self.scratch.join(database), end);
            if file.exists() {
                let to = beside(&self.database, end);
                self.shift(&file, to)?;
            }
        }
        Ok(())
    }

    fn shift(&mut self, from: &Path, to: PathBuf) -> io::Result<()> {
        match fs::rename(from, &to) {
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices && from.is_file() => {
                let partial = beside(&to, ".partial");
                let copied = fs::copy(from, &partial).and_then(|_| File::open(&partial)?.sync_all());
                copied.and_then(|()| fs::rename(&partial, &to)).inspect_err(|_| drop(fs::remove_file(&partial)))?;
            }
            renamed => renamed?,
        }
        self.moved.push((from.to_owned(), to));
        Ok(())
    }

    /// The owner of the data directory owns what is restored into it, also when the administrator of the machine does that.
    fn hand_over(&self) {
        let Ok(owner) = fs::metadata(&self.data).map(|data| (data.uid(), data.gid())) else { return };
        if rustix::process::geteuid().is_root() && owner.0 != 0 {
            let locks = [&self.data.join("plinth.db"), &self.database].map(|file| beside(file, "-lock"));
            for path in locks.into_iter().chain([self.scratch.clone()]) {
                give(&path, owner);
            }
        }
    }

    /// Where the files are that were there before.
    pub(super) fn kept_aside(&self) -> BTreeSet<PathBuf> {
        let folders = self.moved.iter().filter_map(|(_, to)| to.parent());
        folders.filter(|folder| folder.ends_with(&self.aside)).map(Path::to_owned).collect()
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
