//! The backups that the site has made by itself: asking for one now, and how far it is. Makes none itself: that is background work.

use std::path::PathBuf;

use axum::response::Response;
use axum_extra::routing::TypedPath;
use serde::Serialize;

use crate::{
    admin::{
        paths::{BackupNowPath, BackupPath},
        shared::{
            admin_context::{AdminContext, When},
            routes::Routes,
        },
    },
    backup::rotation::{BackupFolder, ENCRYPTED, KeptBackup},
    error::{Error, Result},
    model::policy::Action,
    state::backup_work::BackupStage,
};

const MEGABYTE: u64 = 1_000_000;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post(Action::ChangeSettings, ask)
}

#[derive(Serialize)]
pub(super) struct FileView {
    name: String,
    at: When,
    size: String,
    is_proved: bool,
    is_encrypted: bool,
}

/// A backup that is being made.
#[derive(Serialize)]
pub(super) struct WorkView {
    sentence: String,
    /// Of 100; none while that is not known.
    per_cent: Option<u8>,
}

/// The newest first; none when the folder cannot be read, which the outcome of the next backup tells.
pub(super) async fn list(admin: &AdminContext) -> Result<Vec<FileView>> {
    let Some(folder) = folder(admin).await? else { return Ok(Vec::new()) };
    let view = |KeptBackup { name, at, bytes, is_proved }: KeptBackup| FileView {
        at: admin.when(at),
        size: size(bytes),
        is_proved,
        is_encrypted: name.ends_with(ENCRYPTED),
        name,
    };
    Ok(folder.list().unwrap_or_default().into_iter().map(view).collect())
}

/// What is under way.
pub(super) fn work(admin: &AdminContext) -> Option<WorkView> {
    let (sentence, per_cent) = match admin.app.backup_work.stage() {
        BackupStage::Idle => return None,
        BackupStage::Asked => ("A backup begins in a moment.".to_owned(), None),
        BackupStage::Making { of: 0, .. } => ("A backup is being made: the database is copied.".to_owned(), None),
        BackupStage::Making { done, of } => {
            let sentence = format!("A backup is being made: {} of {} are written.", size(done), size(of));
            (sentence, per_cent(done, of))
        }
        BackupStage::Uploading { done, of } => {
            let sentence =
                format!("The newest backup is put into the bucket: {} of {} are there.", size(done), size(of));
            (sentence, per_cent(done, of))
        }
        BackupStage::Proving => ("The backup is made and is being restored on trial.".to_owned(), None),
    };
    Some(WorkView { sentence, per_cent })
}

fn per_cent(done: u64, of: u64) -> Option<u8> {
    u8::try_from(done.saturating_mul(100).checked_div(of)?).ok()
}

fn size(bytes: u64) -> String {
    format!("{}.{} MB", bytes / MEGABYTE, bytes % MEGABYTE / (MEGABYTE / 10))
}

async fn folder(admin: &AdminContext) -> Result<Option<BackupFolder>> {
    let app = &admin.app;
    let Some(folder) = app.config.backup.dir.as_deref().filter(|_| app.db.files().is_some()) else { return Ok(None) };
    BackupFolder::of(app.read(), folder).await.map(Some)
}

/// The file of a backup with this name; none when there is none, whatever else has that name.
pub(super) async fn find(admin: &AdminContext, name: &str) -> Result<Option<PathBuf>> {
    Ok(folder(admin).await?.and_then(|folder| folder.find(name)))
}

async fn ask(_: BackupNowPath, admin: AdminContext) -> Result<Response> {
    if folder(&admin).await?.is_none() {
        return Err(Error::Conflict("There is no folder for backups: set PLINTH_BACKUP_DIR.".to_owned()));
    }
    if admin.app.backup_work.ask() {
        admin.done(BackupPath::PATH, "A backup was asked for. It is made while you go on.").await
    } else {
        admin.not_done(BackupPath::PATH, "A backup is being made already.").await
    }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    FileView { name, at, size, is_proved, is_encrypted }
    WorkView { sentence, per_cent }
}
