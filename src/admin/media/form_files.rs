//! Reads the files of a form as they arrive, each into a file of its own. Nothing is done with any of them before all are there, so
//! a form that is cut off leaves nothing behind.

use axum::{
    extract::{
        Multipart,
        multipart::{Field, MultipartError},
    },
    http::StatusCode,
};

use crate::{
    error::{Error, Result},
    media_files::{store::MediaStore, temporary_file::WrittenFile},
};

/// Most files of one form.
pub(super) const FILES_MAX: usize = 100;
/// The field of the form.
const FIELD: &str = "files";

/// The files of a form, with their names.
#[derive(Default)]
pub(super) struct Arrived {
    pub(super) files: Vec<(String, WrittenFile)>,
    /// How many there were beyond the most that are taken.
    pub(super) left_out: usize,
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

/// `TooLarge`; `Storage` when the disk does not take them; `BadRequest` when the form ends too early.
pub(super) async fn receive(store: &MediaStore, mut form: Multipart) -> Result<Arrived, Unread> {
    let mut arrived = Arrived::default();
    while let Some(field) = form.next_field().await? {
        let name = field.file_name().unwrap_or_default().to_owned();
        if field.name() != Some(FIELD) {
            continue;
        }
        if arrived.files.len() >= FILES_MAX {
            arrived.left_out += 1;
            continue;
        }
        let file = write(store, field).await?;
        // What a browser sends when no file was chosen.
        if file.bytes > 0 || !name.is_empty() {
            arrived.files.push((name, file));
        }
    }
    Ok(arrived)
}

async fn write(store: &MediaStore, mut field: Field<'_>) -> Result<WrittenFile, Unread> {
    let mut file = store.receive().await?;
    while let Some(piece) = field.chunk().await? {
        file.write(&piece).await?;
    }
    Ok(file.finish().await?)
}
