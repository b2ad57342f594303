//! Checks of the files of the site: whether the folders are there and can be written, who may look into them, whose they are.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use rustix::fs::{Access, access};

use super::{diagnosis::Diagnosis, examined::Machine};
use crate::{
    backup::rotation,
    db::{files::beside, opening::io_fault},
    media_files::store::FOLDER as MEDIA_FOLDER,
};

const FOLDERS: &str = "Folders";
const RIGHTS: &str = "Rights of files";
const OWNERS: &str = "Owner of files";

/// Whether this user can read and write where the site is.
pub(super) fn check_folders(machine: &Machine) -> Diagnosis {
    let mut faults = Vec::new();
    let parent = machine.database.as_deref().and_then(Path::parent).filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.filter(|parent| *parent != machine.config.data);
    let needed = [(machine.config.data.as_path(), "PLINTH_DATA")];
    for (folder, setting) in needed.into_iter().chain(parent.map(|parent| (parent, "DATABASE_URL"))) {
        if let Err(fault) = reach(folder, true) {
            faults.push(format!("{} ({setting}): {fault}.", folder.display()));
        }
    }
    for path in files(machine).into_iter().filter(|path| path.exists()) {
        if let Err(fault) = reach(&path, path.is_dir()) {
            faults.push(format!("{}: {fault}.", path.display()));
        }
    }
    faults.extend(machine.config.backup.dir.as_deref().and_then(|folder| rotation::check(folder).err()));
    if faults.is_empty() {
        return Diagnosis::ok(FOLDERS, format!("The data directory is {}.", machine.config.data.display()));
    }
    Diagnosis::wrong(
        FOLDERS,
        faults.join(" "),
        "Make the folder that is missing, correct the setting that names it, or give it to the user that the program runs as; run this \
         command as that user.",
    )
}

fn reach(path: &Path, is_folder: bool) -> Result<(), String> {
    if is_folder && path.exists() && !path.is_dir() {
        return Err("there is a file in its place".to_owned());
    }
    let rights = Access::READ_OK | Access::WRITE_OK | if is_folder { Access::EXEC_OK } else { Access::empty() };
    access(path, rights).map_err(|error| io_fault(&error.into()))
}

/// Whether others may look into what holds private data.
pub(super) fn check_rights(machine: &Machine) -> Diagnosis {
    let modes = all(machine).into_iter().filter_map(|path| Some((fs::metadata(&path).ok()?.mode() & 0o777, path)));
    let open: Vec<_> = modes
        .filter(|(mode, _)| mode & 0o077 != 0)
        .map(|(mode, path)| format!("{} ({mode:03o})", path.display()))
        .collect();
    if open.is_empty() {
        return Diagnosis::ok(RIGHTS, "Only their owner can look at them.");
    }
    let says = format!("Others on this machine can look at private data: {}.", open.join(", "));
    Diagnosis::wrong(RIGHTS, says, "Run chmod go= on each of these.")
}

/// Whether all of them belong to the user that the data directory belongs to; a command that another user ran leaves some that the
/// program cannot write.
pub(super) fn check_owners(machine: &Machine) -> Diagnosis {
    let owner = |path: &Path| fs::metadata(path).ok().map(|file| file.uid());
    let Some(own) = owner(&machine.config.data) else {
        return Diagnosis::unknown(OWNERS, "the data directory cannot be looked at");
    };
    let foreign: Vec<_> = files(machine)
        .iter()
        .filter_map(|path| Some((owner(path).filter(|owner| *owner != own)?, path)))
        .map(|(owner, path)| format!("{} (user {owner})", path.display()))
        .collect();
    if foreign.is_empty() {
        return Diagnosis::ok(OWNERS, "The same user as that of the data directory.");
    }
    Diagnosis::wrong(
        OWNERS,
        format!("The data directory belongs to user {own}, but not so: {}.", foreign.join(", ")),
        format!("Run chown {own} on each of these, and commands of Plinth as this user."),
    )
}

/// The data directory and what is in it.
fn all(machine: &Machine) -> Vec<PathBuf> {
    [vec![machine.config.data.clone()], files(machine)].concat()
}

/// What the site keeps, whether it is there or not.
fn files(machine: &Machine) -> Vec<PathBuf> {
    let data = &machine.config.data;
    let of_database = |file: &PathBuf| ["", "-wal", "-shm", "-lock"].map(|end| beside(file, end));
    [data.join("search"), data.join(MEDIA_FOLDER)]
        .into_iter()
        .chain(machine.database.iter().flat_map(of_database))
        .collect()
}
