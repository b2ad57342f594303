//! Scheduled backups: into the folder that the maintainer named, as often as the administrators chose. Each is
//! tried by a restore drill, and old ones are deleted.

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use super::{
    backup, backup_keys,
    backup_upload::{self, AGAIN},
    drill, upgrade,
};
use crate::{
    backup::rotation::{self, BackupFolder},
    crypto::age::{header::Seal, keys::UnlockKey},
    error::Result,
    model::{
        actor::Actor,
        backup_state::{BackupOutcome, BackupSchedule, BackupTrial},
        opening,
    },
    state::{app_state::App, backup_work::BackupStage},
};

/// At the start: removes what backups and drills have left that were killed, and says when none can be made.
pub async fn begin(app: &App) {
    drill::sweep(&app.config.data);
    upgrade::sweep(&app.config.data);
    let Some(folder) = app.config.backup.dir.as_deref().filter(|_| !app.db.is_server()) else { return };
    if let Err(fault) = rotation::check(folder) {
        tracing::warn!(
            "{fault} PLINTH_BACKUP_DIR names it, and no backup is made automatically until that is put right"
        );
    }
    if app.config.backup.s3.is_some() && app.config.backup.recipients.is_empty() {
        tracing::warn!(
            "backups are put into the bucket as they are, with messages and addresses: name a public key in \
             PLINTH_BACKUP_RECIPIENT to have them encrypted"
        );
    }
    match BackupFolder::of(app.read(), folder).await {
        Ok(folder) => folder.sweep(),
        Err(error) => tracing::error!(%error, "what backups have left that were killed cannot be removed"),
    }
}

/// Makes one when that is due. A failure is logged, and kept for the screens.
pub async fn work(app: App) {
    let Some(folder) = app.config.backup.dir.clone() else { return };
    let found = find_due(&app).await;
    let made = match found {
        Ok(Some(schedule)) => {
            let _under_way = app.backup_work.begin();
            make(&app, &folder, schedule).await
        }
        Ok(None) => Ok(()),
        Err(error) => {
            tracing::error!(%error, "it cannot be found out whether a backup is due");
            return;
        }
    };
    let put = if made.is_ok() { backup_upload::work(&app, &folder).await } else { Ok(()) };
    if let Err(error) = made.and(put) {
        tracing::error!(%error, "the outcome of a backup cannot be written down");
    }
}

async fn find_due(app: &App) -> Result<Option<BackupSchedule>> {
    if app.db.is_server() || !app.db.leads() {
        return Ok(None);
    }
    let schedule = BackupSchedule::load(app.read()).await?;
    if app.backup_work.stage() == BackupStage::Asked {
        return Ok(Some(schedule));
    }
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

async fn make(app: &App, folder: &Path, schedule: BackupSchedule) -> Result<()> {
    let (begun, now) = (Instant::now(), app.now());
    let backups = BackupFolder::of(app.read(), folder).await?;
    backups.sweep();
    let seal = backup_keys::configured_seal(&app.config);
    let key = seal.as_ref().map(Seal::unlock_key);
    let file = backups.new_file(now, key.is_some());
    let tell = |done, of| app.backup_work.set(BackupStage::Making { done, of });
    let written = backup::write(&app.config, &app.db, &file, (seal, tell)).await;
    let is_there = written.is_ok();
    let made = written.and_then(|manifest| backup::refuse_lost(&manifest, &file));
    let milliseconds = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
    match &made {
        Ok(()) => tracing::info!(file = %file.display(), milliseconds, "a backup was made"),
        Err(fault) => tracing::error!(fault, "the backup that is due failed"),
    }
    let is_whole = made.is_ok();
    let name = if is_there { name_of(&file) } else { String::new() };
    let outcome = BackupOutcome { at: now, milliseconds, file: name, fault: made.err().unwrap_or_default() };
    outcome.store(&app.db, BackupTrial::Backup).await?;
    if !is_there {
        return Ok(());
    }
    app.change(Actor::system("backup"), async |write| opening::note_backup(write).await).await?;
    let file = prove(app, &backups, (file, key), is_whole).await;
    if let Err(fault) = backups.delete_old(schedule.kept) {
        tracing::error!(fault, "old backups cannot be deleted");
    }
    BackupOutcome { file: name_of(&file), ..outcome }.store(&app.db, BackupTrial::Backup).await
}

/// Restores it on trial, with the key that it was just encrypted with; gives where it is then.
async fn prove(
    app: &App,
    backups: &BackupFolder,
    (mut file, key): (PathBuf, Option<UnlockKey>),
    is_whole: bool,
) -> PathBuf {
    let begun = Instant::now();
    app.backup_work.set(BackupStage::Proving);
    let fault = drill::drill_in_turn(&app.config, &file, key).await.err().map(|fault| fault.sentence);
    if let Some(fault) = &fault {
        tracing::error!(fault, file = %file.display(), "the backup that was just made cannot be restored");
    } else if is_whole {
        file = backups.prove(file);
    }
    drill::note(&app.db, (BackupTrial::Drill, &file), (begun, app.now()), fault.as_ref()).await;
    file
}

fn name_of(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
