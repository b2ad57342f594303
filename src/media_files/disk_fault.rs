//! What the disk says when it does not take a file, or give it.

use std::io;

use crate::error::Error;

/// What is wrong with the disk.
pub(super) fn fault(error: &io::Error) -> Error {
    let what = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "the disk is full".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        io::ErrorKind::PermissionDenied => "access is denied".to_owned(),
        kind => kind.to_string(),
    };
    Error::Storage(format!("a file of the media library: {what}"))
}
