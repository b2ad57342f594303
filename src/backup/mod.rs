//! Backups: one archive with the database and every file of the media library that it names. Makes them piece by piece, reads
//! them into a folder, and checks what was read. Knows neither commands nor screens, and never touches a site.

pub(crate) mod archive;
pub(crate) mod checking;
pub(crate) mod compression;
pub(crate) mod making;
pub(crate) mod manifest;
pub(crate) mod partial;
pub(crate) mod reading;
pub(crate) mod rotation;
pub(crate) mod unpacking;
