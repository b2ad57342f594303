//! Where the data of one site is: the database's file and the data directory. Makes the directories, and refuses to begin
//! a new site where there was one.

use std::{
    collections::BTreeSet,
    fs::{self, DirBuilder},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use super::{
    mounts,
    restore_plan::{RestorePlan, SCRATCH},
};
use crate::{
    config::{Config, Switch},
    db::{address::DatabaseAddress, files::beside, opening::io_fault},
    media_files::store::FOLDER as MEDIA_FOLDER,
    search::index_location,
};

pub(crate) struct DataDirectory {
    pub(crate) database: DatabaseAddress,
    /// The data directory, which holds the search indexes, and the database if nothing else is set.
    pub(crate) data: PathBuf,
    /// The variable that decides where the database is.
    pub(crate) setting: &'static str,
}

impl DataDirectory {
    /// As the maintainer set it.
    pub(crate) fn of(config: &Config) -> Result<Self, String> {
        let data = config.data.clone();
        let Some(url) = config.database_url.as_deref().filter(|url| !url.is_empty()) else {
            let file = data.join("plinth.db");
            if config.database_direct_url.as_deref().is_some_and(|url| !url.is_empty()) {
                return Err("PLINTH_DATABASE_DIRECT_URL is set, and DATABASE_URL is not: name the database there too."
                    .to_owned());
            }
            return Ok(Self { database: DatabaseAddress::File(file), data, setting: "PLINTH_DATA" });
        };
        let mut database = DatabaseAddress::parse(url).map_err(|fault| format!("DATABASE_URL {fault}"))?;
        if let DatabaseAddress::Server(server) = &mut database {
            if let Some(url) = config.database_direct_url.as_deref().filter(|url| !url.is_empty()) {
                server.set_direct(url).map_err(|fault| format!("PLINTH_DATABASE_DIRECT_URL {fault}"))?;
            }
            if config.statement_cache == Switch::Off {
                server.forget_statements();
            }
        }
        Ok(Self { database, data, setting: "DATABASE_URL" })
    }

    /// The file of the database, unless a server keeps it.
    #[must_use]
    pub(crate) fn file(&self) -> Option<&Path> {
        match &self.database {
            DatabaseAddress::File(file) => Some(file),
            DatabaseAddress::Server(_) => None,
        }
    }

    /// The files whose lock is held by the process that serves: that of the database and that of the data directory.
    #[must_use]
    pub(crate) fn lock_files(&self) -> BTreeSet<PathBuf> {
        let files = self.file().into_iter().map(lock_file);
        files.chain([lock_file(&self.data.join("plinth.db"))]).collect()
    }

    /// Makes the directories that are missing, for nobody else to look into, and checks that they can be written.
    pub(crate) fn make_directories(&self) -> Result<(), String> {
        make_directory(&self.data, "PLINTH_DATA")?;
        self.file().map_or(Ok(()), |file| make_directory(parent(file), self.setting))
    }

    /// What only an earlier site leaves behind, when its database is missing. A server says itself whether its database
    /// `is_empty`.
    fn traces(&self, is_empty: bool) -> Vec<PathBuf> {
        let Some(file) = self.file() else { return if is_empty { self.site_traces() } else { Vec::new() } };
        loop {
            let before = size(file);
            let traces = self.traces_without(file, before);
            // Another process may be making the database meanwhile: then look again.
            if traces.is_empty() || size(file) == before {
                return traces;
            }
        }
    }

    /// The same for a file of this many bytes; none when it is missing.
    fn traces_without(&self, file: &Path, bytes: Option<u64>) -> Vec<PathBuf> {
        if bytes.is_some_and(|bytes| bytes > 0) {
            return Vec::new();
        }
        let missing = bytes.is_none();
        let log = Some(beside(file, "-wal")).filter(|log| size(log).is_some_and(|bytes| bytes > 0 || missing));
        let shared = Some(beside(file, "-shm")).filter(|path| missing && path.exists());
        [log, shared].into_iter().flatten().chain(self.site_traces()).collect()
    }

    /// What any site leaves in its data directory.
    fn site_traces(&self) -> Vec<PathBuf> {
        let index = Some(self.data.join("search")).filter(|index| index_location::is_at(index));
        let lock = self.file().map_or_else(|| lock_file(&self.data.join("plinth.db")), lock_file);
        let lock = Some(lock).filter(|lock| size(lock).is_some_and(|bytes| bytes > 0));
        let media = Some(self.data.join(MEDIA_FOLDER)).filter(|media| holds_anything(media));
        index.into_iter().chain(lock).chain(media).collect()
    }

    /// Whether a site is here, or what is left of one.
    #[must_use]
    pub(crate) fn holds_site(&self) -> bool {
        self.file().and_then(size).is_some_and(|bytes| bytes > 0) || !self.traces(false).is_empty()
    }

    /// Refuses to make a database where an old one is missing.
    pub(crate) fn refuse_traces(&self, is_empty: bool) -> Result<(), String> {
        let scratch = self.data.join(SCRATCH);
        if self.file().is_some_and(|file| size(file).is_none()) && scratch.exists() {
            return Err(format!(
                "A restore did not finish: {} is left of it, and there is no database. Start `plinth restore` again. To begin a \
                 new site here, start once with --new-site.",
                scratch.display()
            ));
        }
        let traces: Vec<_> = self.traces(is_empty).iter().map(|path| path.display().to_string()).collect();
        if traces.is_empty() {
            return Ok(());
        }
        Err(format!(
            "The database {} is missing or empty, but there was a site here: {} is left of it. Put the database back, \
             restore a backup, or set {} to the right place. To begin a new site here, which discards what is left, \
             start once with --new-site.",
            self.database,
            traces.join(", "),
            self.setting
        ))
    }

    /// Refuses to use a site of which a restore that was killed has moved a part.
    pub(crate) fn refuse_unfinished_restore(&self) -> Result<(), String> {
        let Some(file) = self.file() else { return Ok(()) };
        let Some(plan) = RestorePlan::find(&self.data, file)?.filter(|plan| !plan.is_finished()) else {
            return Ok(());
        };
        let kept: Vec<_> = plan.kept_aside().map(|folder| folder.display().to_string()).collect();
        let (replace, kept) = match kept.as_slice() {
            [] => ("", String::new()),
            kept => (" --replace", format!(" What was there is kept in {}.", kept.join(" and "))),
        };
        Err(format!(
            "A restore to {} is under way or did not finish.{kept} When it has ended, start `plinth restore{replace} FILE` again: \
             it first puts back what was there, and then restores.",
            self.data.display()
        ))
    }

    /// Refuses to make a database where a file system should be mounted and is not: the directory is empty then,
    /// although the missing volume may hold a site. Otherwise an empty directory counts as a missing one.
    /// Errors: a sentence that names the mount point and says what to do.
    pub(crate) fn refuse_missing_mount(&self) -> Result<(), String> {
        let Some(file) = self.file().filter(|file| size(file).is_none_or(|bytes| bytes == 0)) else { return Ok(()) };
        let (wanted, mounted) = (fs::read_to_string("/etc/fstab"), fs::read_to_string("/proc/self/mounts"));
        let (Ok(wanted), Ok(mounted)) = (wanted, mounted) else { return Ok(()) };
        let missing =
            [parent(file), &self.data].into_iter().find_map(|path| mounts::find_missing(path, &wanted, &mounted));
        let Some(point) = missing else { return Ok(()) };
        Err(format!(
            "There is no database {}, and /etc/fstab says that a file system belongs at {}, which is not mounted. Mount \
             it, or set {} to another place. To begin a new site here all the same, start once with --new-site.",
            file.display(),
            point.display(),
            self.setting
        ))
    }
}

/// The file whose lock is held by the process that serves a database: the same one for every path to it. It is never
/// deleted.
#[must_use]
pub(crate) fn lock_file(database: &Path) -> PathBuf {
    let real = fs::canonicalize(database)
        .ok()
        .or_else(|| Some(fs::canonicalize(parent(database)).ok()?.join(database.file_name()?)));
    beside(&real.unwrap_or_else(|| database.to_owned()), "-lock")
}

/// An empty folder may be one that was just mounted.
fn holds_anything(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}

fn size(path: &Path) -> Option<u64> {
    fs::metadata(path).map(|metadata| metadata.len()).ok()
}

fn parent(file: &Path) -> &Path {
    file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
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
