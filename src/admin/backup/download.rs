//! Downloading a backup: a form that asks for the password and has an entry in the audit log, and then the file itself, whole or in
//! part, so that a download that broke off goes on where it was. The session remembers which file was asked for last.

use std::{io::SeekFrom, path::Path};

use axum::{
    body::Body,
    extract::Query,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt},
};
use tokio_util::io::ReaderStream;

use super::files;
use crate::{
    admin::{
        paths::{BackupDownloadPath, BackupPath},
        shared::{admin_context::AdminContext, routes::Routes, sessions::fault, submission::Repeated},
    },
    error::{Error, Result},
    model::{backup_state, policy::Action, write::Write},
    web::{
        cache::range::{self, RequestedRange},
        conditions::{self, Verdict},
        form::Form,
    },
};

/// Bytes that are read from the disk at a time.
const PIECE: usize = 256 * 1024;
/// Key of the name of the file among a session's values.
const ASKED_FOR: &str = "backup_download";
const GONE: &str = "This backup is not there any more. A newer one may be.";

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::DownloadBackups, send).post(Action::DownloadBackups, ask)
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Wanted {
    file: String,
}

/// Notes in the audit log who has a file, and leads to it.
async fn ask(
    _: BackupDownloadPath,
    admin: AdminContext,
    repeated: Repeated,
    Form(wanted): Form<Wanted>,
) -> Result<Response> {
    if files::find(&admin, &wanted.file).await?.is_none() {
        return admin.not_done(BackupPath::PATH, GONE).await;
    }
    if repeated == Repeated(false) {
        let note = async |write: &Write| -> Result<()> {
            backup_state::note_download(write, &wanted.file);
            Ok(())
        };
        admin.change(note).await?;
    }
    admin.session.insert(ASKED_FOR, &wanted.file).await.map_err(fault)?;
    let query = serde_html_form::to_string(&wanted).map_err(|error| Error::internal("a query", error))?;
    Ok(Redirect::to(&format!("{}?{query}", BackupDownloadPath::PATH)).into_response())
}

/// Sends the file as it lies there, or the part that is asked for. Only that for which the password was given in this session.
async fn send(
    _: BackupDownloadPath,
    admin: AdminContext,
    method: Method,
    asked: HeaderMap,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let allowed = admin.session.get::<String>(ASKED_FOR).await.map_err(fault)?;
    if allowed.is_none_or(|allowed| allowed != wanted.file) {
        return Ok(Redirect::to(BackupPath::PATH).into_response());
    }
    let Some(path) = files::find(&admin, &wanted.file).await? else {
        return admin.not_done(BackupPath::PATH, GONE).await;
    };
    let (length, tag) = describe(&path).await?;
    let mut response = match conditions::judge(&method, &asked, Some(&tag)) {
        Verdict::Failed => StatusCode::PRECONDITION_FAILED.into_response(),
        Verdict::Unchanged => StatusCode::NOT_MODIFIED.into_response(),
        Verdict::Go => send_part(&path, length, range::requested(&method, &asked, &tag, length)).await?,
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, tag);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    // Its name is made of letters, digits, points and hyphens.
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", wanted.file));
    headers.insert(header::CONTENT_DISPOSITION, disposition.map_err(|error| Error::internal("a name", error))?);
    Ok(response)
}

/// How long a file is, and a tag that it keeps as long as nobody writes to it.
async fn describe(path: &Path) -> Result<(usize, HeaderValue)> {
    let unreadable = |error| Error::internal("the size of a backup", error);
    let file = tokio::fs::metadata(path).await.map_err(unreadable)?;
    let written = file.modified().map_err(unreadable)?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let tag = HeaderValue::from_str(&format!("\"{:x}-{:x}\"", file.len(), written.as_nanos()));
    Ok((usize::try_from(file.len()).unwrap_or(usize::MAX), tag.map_err(|error| Error::internal("a tag", error))?))
}

async fn send_part(path: &Path, length: usize, range: RequestedRange) -> Result<Response> {
    let (status, part) = match range {
        RequestedRange::Whole => (StatusCode::OK, 0..length),
        RequestedRange::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
        RequestedRange::Unsatisfiable => {
            let told = [(header::CONTENT_RANGE, format!("bytes */{length}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, told).into_response());
        }
    };
    let unreadable = |error| Error::internal("a backup", error);
    let mut file = File::open(path).await.map_err(unreadable)?;
    file.seek(SeekFrom::Start(part.start as u64)).await.map_err(unreadable)?;
    let body = Body::from_stream(ReaderStream::with_capacity(file.take(part.len() as u64), PIECE));
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_LENGTH, part.len().to_string()),
    ];
    let mut response = (status, headers, body).into_response();
    if status == StatusCode::PARTIAL_CONTENT {
        response.headers_mut().insert(header::CONTENT_RANGE, range::describe(&part, length)?);
    }
    Ok(response)
}
