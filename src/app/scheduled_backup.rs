//! Backups that are made by themselves: into the folder that the maintainer named, as often as the administrators chose. Each is
//! tried by a restore drill, and old ones are deleted.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Instant,
};

use super::{backup, drill};
use crate::{
    db::opening::io_fault,
    error::Result,
    model::{
        actor::Actor,
        backup_state::{BackupOutcome, BackupSchedule, BackupTrial},
        opening,
    },
    state::app_state::App,
};

/// How the files are called, with the time between the two; in the order of their names they are in that of time.
const NAME: (&str, &str) = ("plinth-", ".tar");
/// How long after none could be made it is tried again, in milliseconds.
const AGAIN: i64 = 10 * 60 * 1000;

/// Makes one when that is due. A failure is logged, and kept for the screens.
pub async fn work(app: App) {
    let Some(folder) = app.config.backup_dir.clone() else { return };
    match find_due(&app).await {
        Ok(Some(schedule)) => make(&app, &folder, schedule).await,
        Ok(None) => {}
        Err(error) => tracing::error!(%error, "it cannot be found out whether a backup is due"),
    }
}

async fn find_due(app: &App) -> Result<Option<BackupSchedule>> {
    if app.db.is_server() || !app.db.leads() {
        return Ok(None);
    }
    let schedule = BackupSchedule::load(app.read()).await?;
    let Some(interval) = schedule.every.milliseconds() else { return Ok(None) };
    let last = BackupOutcome::load(app.read(), BackupTrial::Backup).await?;
    let now = app.now();
    let is_due = last.is_none_or(|last| {
        let wait = if last.file.is_empty() { AGAIN } else { interval };
        // A clock that was set back must not end all backups.
        now >= last.at.plus(wait) || now < last.at
    });
    Ok(is_due.then_some(schedule))
}

async fn make(app: &App, folder: &Path, schedule: BackupSchedule) {
    let (begun, now) = (Instant::now(), app.now());
    let name = format!("{}{}{}", NAME.0, now.iso().replace(':', "-"), NAME.1);
    let file = folder.join(&name);
    let written = backup::write(&app.config, &app.db, &file, |_, _| {}).await;
    let is_there = written.is_ok();
    let made = written.and_then(|manifest| backup::refuse_lost(&manifest, &file));
    let milliseconds = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
    match &made {
        Ok(()) => tracing::info!(file = %file.display(), milliseconds, "a backup was made"),
        Err(fault) => tracing::error!(fault, "the backup that is due failed"),
    }
    let is_whole = made.is_ok();
    let fault = made.err().unwrap_or_default();
    let outcome = BackupOutcome { at: now, milliseconds, file: if is_there { name } else { String::new() }, fault };
    let mut stored = outcome.store(&app.db, BackupTrial::Backup).await;
    if is_there {
        stored = stored.and(app.change(Actor::system("backup"), async |write| opening::note_backup(write).await).await);
        let is_proved = prove(app, &file).await;
        // One that lacks something must not take the place of those that do not.
        if is_whole && is_proved {
            delete_old(folder, schedule.kept);
        }
    }
    if let Err(error) = stored {
        tracing::error!(%error, "the outcome of a backup cannot be written down");
    }
}

/// Whether it can be restored.
async fn prove(app: &App, file: &Path) -> bool {
    let begun = Instant::now();
    let fault = drill::drill(&app.config, file).await.err();
    if let Some(fault) = &fault {
        tracing::error!(fault, file = %file.display(), "the backup that was just made cannot be restored");
    }
    drill::note(&app.db, file, (begun, app.now()), fault.as_ref()).await;
    fault.is_none()
}

fn delete_old(folder: &Path, kept: usize) {
    if let Err(error) = rotate(folder, kept) {
        tracing::error!(fault = io_fault(&error), folder = %folder.display(), "old backups cannot be deleted");
    }
}

/// Deletes the oldest but `kept`; what has another name is none of ours.
fn rotate(folder: &Path, kept: usize) -> io::Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        files.extend(is_ours(&path).then_some(path));
    }
    files.sort();
    let old: &[PathBuf] = &files[..files.len().saturating_sub(kept.max(1))];
    old.iter().try_for_each(fs::remove_file)
}

fn is_ours(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let time = name.strip_prefix(NAME.0).and_then(|rest| rest.strip_suffix(NAME.1));
    let fits = |(at, byte): (usize, u8)| match at {
        4 | 7 | 13 | 16 => byte == b'-',
        10 => byte == b'T',
        19 => byte == b'Z',
        _ => byte.is_ascii_digit(),
    };
    time.is_some_and(|time| time.len() == 20 && time.bytes().enumerate().all(fits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_others_are_never_taken_for_backups_of_ours() {
        assert!(is_ours(Path::new("/x/plinth-2026-11-27T11-58-03Z.tar")));
        for name in
            ["plinth-2026-11-27.tar", "plinth-2026-11-27T11-58-03Z.tar.partial", "plinth-xxxx-11-27T11-58-03Z.tar"]
        {
            assert!(!is_ours(Path::new(name)), "{name}");
        }
    }
}
