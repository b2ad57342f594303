//! Where the indexes lie on disk.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::index_kind::IndexKind;
use crate::error::{Error, Result};

/// The file that begins an index.
pub(super) const META: &str = "meta.json";

#[must_use]
pub(super) fn is_index(directory: &Path) -> bool {
    directory.join(META).exists()
}

/// Whether any of the indexes is below `root`.
#[must_use]
pub(crate) fn is_at(root: &Path) -> bool {
    IndexKind::ALL.into_iter().any(|kind| is_index(&directory(root, kind)))
}

/// Where an index lies.
pub(super) fn directory(root: &Path, kind: IndexKind) -> PathBuf {
    root.join(kind.as_str())
}

/// Takes a directory away with all that is in it; it may be gone already.
pub(crate) fn remove(directory: &Path) -> Result<()> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::internal("the old search index", error)),
        _ => Ok(()),
    }
}
