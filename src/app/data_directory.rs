//! Where the data of one site is: the database's file and the data directory. Makes the directories, and refuses to begin
//! a new site where there was one.

use std::{
    fs::{self, DirBuilder},
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
};

use super::mounts;
use crate::{
    config::Config,
    db::{files::beside, opening::io_fault},
    search::index_store,
};

pub(crate) struct DataDirectory {
    pub(crate) file: PathBuf,
    /// The data directory, which holds the search indexes, and the database if nothing else is set.
    pub(crate) data: PathBuf,
    /// The variable that decides where the database is.
    pub(crate) setting: &'static str,
}

impl DataDirectory {
    /// As the maintainer set it.
    pub(crate) fn of(config: &Config) -> Result<Self, String> {
        let data = config.data.clone();
        match config.database_url.as_deref().filter(|url| !url.is_empty()) {
            Some(url) => Ok(Self { file: file_in(url)?, data, setting: "DATABASE_URL" }),
            None => Ok(Self { file: data.join("plinth.db"), data, setting: "PLINTH_DATA" }),
        }
    }

    /// The directory of the database.
    fn parent(&self) -> &Path {
        self.file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }

    /// Makes the directories that are missing, for nobody else to look into, and checks that they can be written.
    pub(crate) fn make_directories(&self) -> Result<(), String> {
        make_directory(&self.data, "PLINTH_DATA")?;
        make_directory(self.parent(), self.setting)
    }

    /// What only an earlier site leaves behind, when its database is missing.
    fn traces(&self) -> Vec<PathBuf> {
        loop {
            let before = size(&self.file);
            let traces = self.traces_without(before);
            // Another process may be making the database meanwhile: then look again.
            if traces.is_empty() || size(&self.file) == before {
                return traces;
            }
        }
    }

    /// The same for a database of this many bytes; none when it is missing.
    fn traces_without(&self, database: Option<u64>) -> Vec<PathBuf> {
        if database.is_some_and(|bytes| bytes > 0) {
            return Vec::new();
        }
        let missing = database.is_none();
        let log = Some(beside(&self.file, "-wal")).filter(|log| size(log).is_some_and(|bytes| bytes > 0 || missing));
        let shared = Some(beside(&self.file, "-shm")).filter(|path| missing && path.exists());
        let index = Some(self.data.join("search")).filter(|index| index_store::is_at(index));
        let lock = Some(lock_file(&self.file)).filter(|lock| size(lock).is_some_and(|bytes| bytes > 0));
        [log, shared, index, lock].into_iter().flatten().collect()
    }

    /// Refuses to make a database where an old one is missing.
    pub(crate) fn refuse_traces(&self) -> Result<(), String> {
        let traces: Vec<_> = self.traces().iter().map(|path| path.display().to_string()).collect();
        if traces.is_empty() {
            return Ok(());
        }
        Err(format!(
            "The database {} is missing or empty, but there was a site here: {} is left of it. Put the database back, \
             restore a backup, or set {} to the right place. To begin a new site here, which discards what is left, \
             start once with --new-site.",
            self.file.display(),
            traces.join(", "),
            self.setting
        ))
    }

    /// Refuses to make a database where a file system should be mounted and is not: the directory is empty then,
    /// although the missing volume may hold a site. Otherwise an empty directory counts as a missing one.
    /// Errors: a sentence that names the mount point and says what to do.
    pub(crate) fn refuse_missing_mount(&self) -> Result<(), String> {
        if size(&self.file).is_some_and(|bytes| bytes > 0) {
            return Ok(());
        }
        let (wanted, mounted) = (fs::read_to_string("/etc/fstab"), fs::read_to_string("/proc/self/mounts"));
        let (Ok(wanted), Ok(mounted)) = (wanted, mounted) else { return Ok(()) };
        let missing =
            [self.parent(), &self.data].into_iter().find_map(|path| mounts::find_missing(path, &wanted, &mounted));
        let Some(point) = missing else { return Ok(()) };
        Err(format!(
            "There is no database {}, and /etc/fstab says that a file system belongs at {}, which is not mounted. Mount \
             it, or set {} to another place. To begin a new site here all the same, start once with --new-site.",
            self.file.display(),
            point.display(),
            self.setting
        ))
    }

    /// Everything that others may look into although it holds private data, with its mode.
    #[must_use]
    pub(crate) fn open_to_others(&self) -> Vec<(PathBuf, u32)> {
        let beside = ["-wal", "-shm", "-lock"].map(|end| beside(&self.file, end));
        let paths = [self.data.clone(), self.data.join("search"), self.file.clone()].into_iter().chain(beside);
        let modes = paths.filter_map(|path| mode(&path).map(|mode| (path, mode)));
        modes.filter(|(_, mode)| mode & 0o077 != 0).collect()
    }
}

/// The file whose lock is held by the process that serves a database: the same one for every path to it. It is never
/// deleted.
#[must_use]
pub(crate) fn lock_file(database: &Path) -> PathBuf {
    let real = fs::canonicalize(database).ok().or_else(|| {
        let parent = database.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(fs::canonicalize(parent).ok()?.join(database.file_name()?))
    });
    beside(&real.unwrap_or_else(|| database.to_owned()), "-lock")
}

fn size(path: &Path) -> Option<u64> {
    fs::metadata(path).map(|metadata| metadata.len()).ok()
}

fn mode(path: &Path) -> Option<u32> {
    fs::metadata(path).ok().map(|metadata| metadata.mode() & 0o777)
}

/// The file that a database address names. The program decides everything else that such an address may contain.
fn file_in(url: &str) -> Result<PathBuf, String> {
    let Some(rest) = url.strip_prefix("sqlite:") else {
        return Err("DATABASE_URL must begin with sqlite: as in sqlite:data/plinth.db".to_owned());
    };
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    if !matches!(query, "" | "mode=rw" | "mode=rwc") || path.is_empty() || path == ":memory:" {
        return Err(
            "DATABASE_URL must name a file, without parameters other than mode=rwc, as in sqlite:data/plinth.db"
                .to_owned(),
        );
    }
    crate::db::pool::file(url).map_err(|error| format!("DATABASE_URL cannot be understood: {error}"))
}

fn make_directory(path: &Path, setting: &str) -> Result<(), String> {
    let fails = |what: &str, error: &std::io::Error| {
        format!("The data directory {} {what}: {}. Set {setting} to another place.", path.display(), io_fault(error))
    };
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|error| fails("cannot be created", &error))?;
    // SQLite needs to write beside the file too, so the directory itself must be writable. Another process may check at
    // the same moment.
    let probe = path.join(format!(".plinth-write-test-{}", std::process::id()));
    fs::write(&probe, b"").and_then(|()| fs::remove_file(&probe)).map_err(|error| fails("cannot be written to", &error))
}
