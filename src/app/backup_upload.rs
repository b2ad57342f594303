//! Copies the newest proved backup to a bucket, and deletes old ones there, as in the folder. A failure is kept for the screens,
//! and tried again.

use std::{path::Path, time::Instant};

use super::media_place::settings_of;
use crate::{
    backup::rotation::{BackupFolder, KeptBackup},
    config::Config,
    db::opening::io_fault,
    error::Result,
    media_files::object_folder::ObjectFolder,
    model::backup_state::{BackupOutcome, BackupSchedule, BackupTrial},
    state::{app_state::App, backup_work::BackupStage},
};

/// How long after a backup could not be made, or not be put there, that is tried again, in milliseconds.
pub(super) const AGAIN: i64 = 10 * 60 * 1000;

/// The bucket that the configuration names.
/// Errors: a sentence for the maintainer.
pub(super) fn bucket(config: &Config) -> std::result::Result<Option<ObjectFolder>, String> {
    let backup = &config.backup;
    let Some(url) = &backup.s3 else { return Ok(None) };
    if backup.dir.is_none() {
        return Err("PLINTH_BACKUP_S3 is set, so PLINTH_BACKUP_DIR has to be set too: backups are made and proved there, and put \
            into the bucket then."
            .to_owned());
    }
    let names = ["PLINTH_BACKUP_S3", "PLINTH_BACKUP_S3_KEY_ID", "PLINTH_BACKUP_S3_SECRET"];
    let settings = settings_of(names, (url, &backup.s3_region), [&backup.s3_key_id, &backup.s3_secret])?;
    ObjectFolder::new(&settings).map(Some)
}

/// Puts it there when that was not done yet.
pub(super) async fn work(app: &App, folder: &Path) -> Result<()> {
    if app.config.backup.s3.is_none() || app.db.is_server() {
        return Ok(());
    }
    let backups = BackupFolder::of(app.read(), folder).await?;
    let newest = backups.list().unwrap_or_default().into_iter().find(|one| one.is_proved);
    let Some(KeptBackup { name, .. }) = newest else { return Ok(()) };
    let (last, now) = (BackupOutcome::load(app.read(), BackupTrial::Upload).await?, app.now());
    // A clock that was set back must not end all of that.
    let is_done = last
        .filter(|last| last.file == name)
        .is_some_and(|last| last.fault.is_empty() || (now >= last.at && now < last.at.plus(AGAIN)));
    if is_done {
        return Ok(());
    }
    let _under_way = app.backup_work.begin();
    let begun = Instant::now();
    let kept = BackupSchedule::load(app.read()).await?.kept;
    let fault = put(app, &backups, (folder, &name), kept).await.err().unwrap_or_default();
    let milliseconds = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
    if fault.is_empty() {
        tracing::info!(name, milliseconds, "a backup was put into the bucket");
    } else {
        tracing::error!(name, fault, "a backup cannot be put into the bucket, which is tried again in ten minutes");
    }
    BackupOutcome { at: now, milliseconds, file: name, fault }.store(&app.db, BackupTrial::Upload).await
}

async fn put(
    app: &App,
    backups: &BackupFolder,
    (folder, name): (&Path, &str),
    kept: usize,
) -> std::result::Result<(), String> {
    let Some(bucket) = bucket(&app.config)? else { return Ok(()) };
    let tell = |done, of| app.backup_work.set(BackupStage::Uploading { done, of });
    let put = bucket.put(name, &folder.join(name), tell).await;
    put.map_err(|error| format!("The file cannot be read: {}.", io_fault(&error)))??;
    for old in backups.old_of(bucket.names().await?, kept) {
        bucket.delete(&old).await?;
    }
    Ok(())
}
