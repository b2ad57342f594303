//! The files of the media library as they lie on the disk: what a file is, how a picture is written again, and the folder with all
//! of them. Knows no database and no HTTP.

mod disk_fault;
pub(crate) mod file_kind;
pub(crate) mod file_name;
pub(crate) mod incoming_file;
mod jpeg_end;
mod moving_picture;
mod picture;
mod picture_limits;
pub(crate) mod picture_output;
pub(crate) mod preparation;
mod renditions;
pub(crate) mod store;
pub(crate) mod temporary_file;
