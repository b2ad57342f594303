//! The backups that one site makes by itself in a folder, which other sites and the maintainer may use too: how they are called,
//! which of them are deleted, and what those that were killed have left.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rustix::fs::{Access, access};

use super::partial::{self, Partial};
use crate::{
    clock::Timestamp,
    db::{conn::Conn, opening::io_fault},
    error::Result,
    model::audit_log,
};

/// Between them are the site and the time; in the order of their names they are in that of time.
const NAME: (&str, &str) = ("plinth-", ".tar");
/// What follows the name of one that is encrypted.
pub(crate) const ENCRYPTED: &str = ".age";
/// How the name of one ends that lacks something, or was not restored on trial.
const UNPROVED: &str = "-unproved.tar";
/// Characters of the time in a name.
const TIME: usize = 20;
/// Characters that tell one site from another.
const SITE: usize = 8;

/// One that is there.
pub(crate) struct KeptBackup {
    pub(crate) name: String,
    /// When it was begun.
    pub(crate) at: Timestamp,
    pub(crate) bytes: u64,
    pub(crate) is_proved: bool,
}

/// Of one site.
pub(crate) struct BackupFolder {
    folder: PathBuf,
    /// How the names begin.
    prefix: String,
}

impl BackupFolder {
    pub(crate) async fn of(db: &Conn, folder: &Path) -> Result<Self> {
        let hash = audit_log::first_hash(db).await?.unwrap_or_default();
        let site = hash.get(..SITE).unwrap_or("00000000");
        Ok(Self { folder: folder.to_owned(), prefix: format!("{}{site}-", NAME.0) })
    }

    /// Where to put one that is not proved yet.
    #[must_use]
    pub(crate) fn new_file(&self, now: Timestamp, is_encrypted: bool) -> PathBuf {
        let end = if is_encrypted { ENCRYPTED } else { "" };
        self.folder.join(format!("{}{}{UNPROVED}{end}", self.prefix, now.iso().replace(':', "-")))
    }

    /// Gives a whole one that was restored on trial its name. When that fails, it keeps the one that it has.
    #[must_use]
    pub(crate) fn prove(&self, file: PathBuf) -> PathBuf {
        let name = name_of(&file);
        let proved = self.folder.join(name.replacen(UNPROVED, NAME.1, 1));
        if partial::rename(&file, &proved).is_ok() { proved } else { file }
    }

    /// All, the newest first.
    /// Errors: a sentence.
    pub(crate) fn list(&self) -> std::result::Result<Vec<KeptBackup>, String> {
        let mut names: Vec<_> = self.names()?;
        names.sort_unstable_by(|one, other| other.cmp(one));
        let kept = names.into_iter().filter_map(|name| {
            let is_proved = self.is_proved(&name)?;
            let at = time(name.get(self.prefix.len()..self.prefix.len() + TIME)?)?;
            // One may be deleted at this moment.
            let bytes = fs::metadata(self.folder.join(&name)).ok()?.len();
            Some(KeptBackup { name, at, bytes, is_proved })
        });
        Ok(kept.collect())
    }

    /// Where one of this site is; none when the name is none of ours.
    #[must_use]
    pub(crate) fn find(&self, name: &str) -> Option<PathBuf> {
        self.is_proved(name).map(|_| self.folder.join(name))
    }

    /// The oldest but `kept`, and of those that are not proved the oldest but as many.
    /// Errors: a sentence.
    pub(crate) fn find_old(&self, kept: usize) -> std::result::Result<Vec<PathBuf>, String> {
        let old = self.old_of(self.names()?, kept);
        Ok(old.into_iter().map(|name| self.folder.join(name)).collect())
    }

    /// The same of these names.
    #[must_use]
    pub(crate) fn old_of(&self, names: Vec<String>, kept: usize) -> Vec<String> {
        let (mut proved, mut unproved) = (Vec::new(), Vec::new());
        for name in names {
            match self.is_proved(&name) {
                Some(true) => proved.push(name),
                Some(false) => unproved.push(name),
                None => {}
            }
        }
        let mut old = Vec::new();
        for mut names in [proved, unproved] {
            names.sort();
            names.truncate(names.len().saturating_sub(kept.max(1)));
            old.extend(names);
        }
        old
    }

    /// Deletes them.
    /// Errors: a sentence.
    pub(crate) fn delete_old(&self, kept: usize) -> std::result::Result<(), String> {
        for file in self.find_old(kept)? {
            fs::remove_file(&file).map_err(|error| format!("{}: {}", file.display(), io_fault(&error)))?;
        }
        Ok(())
    }

    /// Removes what processes have left that were killed; never what a process is making, and nothing of other sites.
    pub(crate) fn sweep(&self) {
        for name in self.names().unwrap_or_default() {
            let target = name.split_once(partial::END).map(|(target, _)| target);
            if let Some(target) = target.filter(|target| self.is_proved(target).is_some()) {
                Partial::sweep(&self.folder.join(target));
            }
        }
    }

    /// Whether one of this site is proved; none when the name is none of ours.
    fn is_proved(&self, name: &str) -> Option<bool> {
        let rest = name.strip_prefix(&self.prefix)?;
        let rest = rest.strip_suffix(ENCRYPTED).unwrap_or(rest);
        let (time, is_proved) = match rest.strip_suffix(UNPROVED) {
            Some(time) => (time, false),
            None => (rest.strip_suffix(NAME.1)?, true),
        };
        let fits = |(at, byte): (usize, u8)| match at {
            4 | 7 | 13 | 16 => byte == b'-',
            10 => byte == b'T',
            19 => byte == b'Z',
            _ => byte.is_ascii_digit(),
        };
        (time.len() == TIME && time.bytes().enumerate().all(fits)).then_some(is_proved)
    }

    fn names(&self) -> std::result::Result<Vec<String>, String> {
        let unreadable = |error| format!("{}: {}", self.folder.display(), io_fault(&error));
        let entries = fs::read_dir(&self.folder).map_err(unreadable)?;
        entries.map(|entry| Ok(name_of(&entry.map_err(unreadable)?.path()))).collect()
    }
}

/// Errors: a sentence that says why no backup can be put there.
pub(crate) fn check(folder: &Path) -> std::result::Result<(), String> {
    let fault = match fs::metadata(folder) {
        Err(error) => io_fault(&error),
        Ok(found) if !found.is_dir() => "it is no folder".to_owned(),
        Ok(_) => match access(folder, Access::WRITE_OK | Access::EXEC_OK) {
            Ok(()) => return Ok(()),
            Err(error) => io_fault(&error.into()),
        },
    };
    Err(format!("No backup can be put into the folder {}: {fault}.", folder.display()))
}

/// The time in a name.
fn time(text: &str) -> Option<Timestamp> {
    let (day, time) = text.split_once('T')?;
    let time: jiff::Timestamp = format!("{day}T{}", time.replace('-', ":")).parse().ok()?;
    Some(Timestamp(time.as_millisecond()))
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_others_are_never_taken_for_backups_of_ours() {
        let ours = BackupFolder { folder: PathBuf::new(), prefix: "plinth-0123abcd-".to_owned() };
        assert_eq!(ours.is_proved("plinth-0123abcd-2026-11-27T11-58-03Z.tar"), Some(true));
        assert_eq!(ours.is_proved("plinth-0123abcd-2026-11-27T11-58-03Z-unproved.tar"), Some(false));
        assert_eq!(ours.is_proved("plinth-0123abcd-2026-11-27T11-58-03Z.tar.age"), Some(true));
        assert_eq!(ours.is_proved("plinth-0123abcd-2026-11-27T11-58-03Z-unproved.tar.age"), Some(false));
        for name in [
            "plinth-2026-11-27.tar",
            "plinth-0123abcd-2026-11-27T11-58-03Z.tar.age.age",
            "plinth-4567abcd-2026-11-27T11-58-03Z.tar",
            "plinth-0123abcd-2026-11-27T11-58-03Z.tar.partial",
            "plinth-0123abcd-xxxx-11-27T11-58-03Z.tar",
        ] {
            assert_eq!(ours.is_proved(name), None, "{name}");
        }
    }
}
