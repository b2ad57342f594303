//! The backups that the site has made by itself: asking for one now, how far it is, and downloading one, for which the password is
//! asked first. Makes none itself: that is background work.

use axum::{
    body::Body,
    http::header,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};
use tokio::fs::File;
use tokio_util::io::ReaderStream;

use crate::{
    admin::{
        paths::{BackupDownloadPath, BackupNowPath, BackupPath},
        shared::{
            admin_context::{AdminContext, When},
            routes::Routes,
            submission::Repeated,
        },
    },
    backup::rotation::{BackupFolder, ENCRYPTED, KeptBackup},
    error::{Error, Result},
    model::{backup_state, policy::Action, write::Write},
    state::backup_work::BackupStage,
    web::form::Form,
};

/// Bytes that are read from the disk at a time.
const PIECE: usize = 256 * 1024;
const MEGABYTE: u64 = 1_000_000;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post(Action::ChangeSettings, ask).post(Action::DownloadBackups, download)
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

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DownloadForm {
    file: String,
}

/// Sends the file as it lies there, once that is in the audit log.
async fn download(
    _: BackupDownloadPath,
    admin: AdminContext,
    repeated: Repeated,
    Form(form): Form<DownloadForm>,
) -> Result<Response> {
    let path = folder(&admin).await?.and_then(|folder| folder.find(&form.file));
    let opened = match path {
        Some(path) => File::open(path).await.ok(),
        None => None,
    };
    let Some(file) = opened else {
        return admin.not_done(BackupPath::PATH, "This backup is not there any more. A newer one may be.").await;
    };
    let bytes = file.metadata().await.map_err(|error| Error::internal("the size of a backup", error))?.len();
    if repeated == Repeated(false) {
        let note = async |write: &Write| -> Result<()> {
            backup_state::note_download(write, &form.file);
            Ok(())
        };
        admin.change(note).await?;
    }
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_LENGTH, bytes.to_string()),
        // Its name is made of letters, digits, points and hyphens.
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", form.file)),
    ];
    Ok((headers, Body::from_stream(ReaderStream::with_capacity(file, PIECE))).into_response())
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    FileView { name, at, size, is_proved, is_encrypted }
    WorkView { sentence, per_cent }
}
