//! Reads the files of a form as they arrive, each into a file of its own. Nothing is done with any of them before all are there, so
//! a form that is cut off leaves nothing behind.

use axum::{
    extract::{
        Multipart,
        multipart::{Field, MultipartError, MultipartRejection},
    },
    http::{HeaderMap, StatusCode, header},
};

use crate::{
    admin::shared::{admin_context::AdminContext, body_limit::FILES_UNIT},
    error::{Error, Result},
    media_files::{store::MediaStore, temporary_file::WrittenFile},
};

/// Most files of one form.
pub(super) const FILES_MAX: usize = 100;
/// The field of the form that has them.
pub(super) const FIELD: &str = "files";
/// The field that says what its user has seen of the file and its uses, and its longest value in bytes.
const SEEN_USES: (&str, usize) = ("seen_uses", 200);

/// The files of a form, with their names.
#[derive(Default)]
pub(super) struct Arrived {
    pub(super) files: Vec<(String, WrittenFile)>,
    /// How many there were beyond the most that are taken.
    pub(super) left_out: usize,
    /// What its user has seen of the uses of what is replaced.
    pub(super) seen_uses: String,
}

/// Why a form was not read to its end.
pub(super) enum Unread {
    TooLarge,
    Fault(Error),
}

impl From<Error> for Unread {
    fn from(error: Error) -> Self {
        Self::Fault(error)
    }
}

impl From<MultipartError> for Unread {
    fn from(error: MultipartError) -> Self {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return Self::TooLarge;
        }
        Self::Fault(Error::BadRequest(
            "The files did not arrive whole, so nothing was added. Send them again.".to_owned(),
        ))
    }
}

/// `TooLarge`, at once when the request says so; `Storage` when the disk does not take them; `BadRequest` when it is no form with
/// files, or ends too early.
pub(super) async fn receive(
    admin: &AdminContext,
    headers: &HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Arrived, Unread> {
    let stated = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if stated.is_some_and(|length| length > admin.app.config.upload_limit * FILES_UNIT) {
        return Err(Unread::TooLarge);
    }
    let mut form = form.map_err(|_| Error::BadRequest("This is no form with files.".to_owned()))?;
    let mut arrived = Arrived::default();
    while let Some(field) = form.next_field().await? {
        if field.name() == Some(SEEN_USES.0) {
            arrived.seen_uses = read_short(field).await?;
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        if field.name() != Some(FIELD) {
            continue;
        }
        if arrived.files.len() >= FILES_MAX {
            arrived.left_out += 1;
            continue;
        }
        let file = write(&admin.app.media, field).await?;
        // What a browser sends when no file was chosen.
        if file.bytes > 0 || !name.is_empty() {
            arrived.files.push((name, file));
        }
    }
    Ok(arrived)
}

async fn read_short(mut field: Field<'_>) -> Result<String, Unread> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await? {
        let left = SEEN_USES.1.saturating_sub(bytes.len());
        bytes.extend_from_slice(&piece[..piece.len().min(left)]);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

async fn write(store: &MediaStore, mut field: Field<'_>) -> Result<WrittenFile, Unread> {
    let mut file = store.receive().await?;
    while let Some(piece) = field.chunk().await? {
        file.write(&piece).await?;
    }
    Ok(file.finish().await?)
}
