//! What the media library is called in the folder of a site.

use crate::media_files::{file_kind::FileKind, file_name};

/// The file with what is said of all others.
pub(super) const WORDS_FILE: &str = "media.toml";
/// The folder of the files.
pub(super) const FOLDER: &str = "media";

/// Whether a name may be in the folder of the files.
#[must_use]
pub(super) fn is_name(name: &str) -> bool {
    file_name::is_plain(name) && FileKind::has_extension(file_name::split(name).1)
}
