//! Where the files of types lie in the folder of a site, and how they are called.

/// The folder of types.
pub(super) const FOLDER: &str = "types";

/// The key of the type that a file holds; none for a file that holds none.
#[must_use]
pub(super) fn key_of(name: &str) -> Option<&str> {
    name.strip_prefix(FOLDER)?.strip_prefix('/')
}

/// Whether a file is a type's, or lies where these lie.
#[must_use]
pub(super) fn is_type(name: &str) -> bool {
    key_of(name).is_some()
}

/// Whether a file in the folder of types has a name that a type can have.
#[must_use]
pub(super) fn is_name(name: &str) -> bool {
    key_of(name).and_then(|file| file.strip_suffix(".toml")).is_some_and(|key| !key.is_empty() && !key.contains('/'))
}
