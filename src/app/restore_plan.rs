//! What a restore has changed until now, written down before anything is moved: a restore that is killed is undone by the next one,
//! so that what was there is whole again. The move of the new database, the last one, decides that it is finished.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{
    db::{files::beside, opening::io_fault},
    media_files::store::FOLDER,
};

/// Where the backup is unpacked and checked, in the data directory.
pub(super) const SCRATCH: &str = "restore-partial";
/// The file in the data directory; while it is there, a restore is under way or was killed.
const PLAN: &str = "restore-plan.json";
/// A database with what SQLite keeps beside it, which is moved first: the database is never without its log.
pub(super) const DATABASE: [&str; 3] = ["-wal", "-shm", ""];
/// What else of a data directory is of one site.
const OWN: [&str; 2] = [FOLDER, "search"];

/// One restore over one site.
pub(super) struct RestorePlan {
    pub(super) data: PathBuf,
    pub(super) database: PathBuf,
    /// How the folders are called in which the old files are kept.
    aside: String,
    /// The names of what was there.
    old: Vec<String>,
}

/// As it is on the disk.
#[derive(Serialize, Deserialize)]
struct Written {
    aside: String,
    old: Vec<String>,
}

impl RestorePlan {
    /// Nothing is written yet. The old files go to folders that are called `aside`, or nearly so when one is.
    pub(super) fn new(data: &Path, database: &Path, aside: &str) -> Self {
        let mut plan = Self { data: real(data), database: real(database), aside: aside.to_owned(), old: Vec::new() };
        let mut number = 1;
        while plan.folders().iter().any(|folder| is_there(folder)) {
            number += 1;
            plan.aside = format!("{aside}-{number}");
        }
        let old = plan.places().into_iter().filter(|path| is_there(path));
        plan.old = old.map(|path| name(&path)).collect();
        plan
    }

    /// Of a restore that is under way or was killed.
    /// Errors: a sentence: the file cannot be read.
    pub(super) fn find(data: &Path, database: &Path) -> Result<Option<Self>, String> {
        let path = data.join(PLAN);
        let unreadable =
            |fault: String| format!("{}, which a restore has left, cannot be read: {fault}.", path.display());
        let text = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            text => text.map_err(|error| unreadable(io_fault(&error)))?,
        };
        let Written { aside, old } = serde_json::from_slice(&text).map_err(|error| unreadable(error.to_string()))?;
        Ok(Some(Self { data: real(data), database: real(database), aside, old }))
    }

    /// Writes it down.
    pub(super) fn write(&self) -> io::Result<()> {
        let text = serde_json::to_vec(&Written { aside: self.aside.clone(), old: self.old.clone() })?;
        let made = self.data.join(SCRATCH).join(PLAN);
        fs::write(&made, text)?;
        File::open(&made)?.sync_all()?;
        fs::rename(&made, self.data.join(PLAN))?;
        File::open(&self.data)?.sync_all()
    }

    /// Forgets the restore: it is finished, or undone.
    pub(super) fn remove(&self) -> io::Result<()> {
        remove(&self.data.join(PLAN))
    }

    /// Whether everything is in its new place.
    pub(super) fn is_finished(&self) -> bool {
        let was_there = self.old.contains(&name(&self.database));
        is_there(&self.database) && (!was_there || is_there(&self.kept(&self.database)))
    }

    /// Puts back what was there, in place of what was restored until then. It can be killed, too, and is done again then.
    pub(super) fn undo(&self) -> io::Result<()> {
        for path in self.places().into_iter().rev() {
            let kept = self.kept(&path);
            let is_kept = is_there(&kept);
            if is_kept || !self.old.contains(&name(&path)) {
                remove(&path)?;
            }
            if is_kept {
                rename(&kept, &path)?;
            }
            remove(&beside(&path, COPY))?;
        }
        for folder in self.folders() {
            let _ = fs::remove_dir(folder);
        }
        rustix::fs::sync();
        self.remove()
    }

    /// What was there and is to be moved, in this order, and where to.
    pub(super) fn moves(&self) -> impl Iterator<Item = (PathBuf, PathBuf)> {
        let old = self.places().into_iter().filter(|path| self.old.contains(&name(path)));
        old.map(|from| (from.clone(), self.kept(&from)))
    }

    /// Where the files are that were there before.
    pub(super) fn kept_aside(&self) -> impl Iterator<Item = PathBuf> {
        self.folders().into_iter().filter(|folder| is_there(folder))
    }

    fn kept(&self, path: &Path) -> PathBuf {
        parent(path).join(&self.aside).join(name(path))
    }

    /// The one beside the database may be another one than that in the data directory.
    fn folders(&self) -> BTreeSet<PathBuf> {
        [&*self.data, parent(&self.database)].map(|folder| folder.join(&self.aside)).into()
    }

    fn places(&self) -> Vec<PathBuf> {
        let database = DATABASE.map(|end| beside(&self.database, end)).into_iter();
        database.chain(OWN.map(|name| self.data.join(name))).collect()
    }
}

/// The end of a file that is copied from another disk.
const COPY: &str = ".partial";

/// Moves it, also to another disk when it is a file; never onto something.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    if is_there(to) {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices && from.is_file() => {
            let partial = beside(to, COPY);
            let copied = fs::copy(from, &partial).and_then(|_| File::open(&partial)?.sync_all());
            copied.and_then(|()| fs::rename(&partial, to)).inspect_err(|_| drop(fs::remove_file(&partial)))
        }
        renamed => renamed,
    }
}

fn remove(path: &Path) -> io::Result<()> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    removed.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// What a link leads to is replaced, not the link.
fn real(path: &Path) -> PathBuf {
    let beside = || Some(fs::canonicalize(parent(path)).ok()?.join(path.file_name()?));
    fs::canonicalize(path).ok().or_else(beside).unwrap_or_else(|| path.to_owned())
}
