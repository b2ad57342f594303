//! In place of `file_events` where the program does not know how the kernel tells of files.

use std::{future::pending, io, path::PathBuf};

pub(super) struct FileEvents;

impl FileEvents {
    pub(super) fn listen(_: &[PathBuf]) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) async fn next(&self) -> io::Result<()> {
        pending().await
    }
}
