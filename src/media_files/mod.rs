//! The files of the media library: what a file is, how a picture is written again, and where all of them lie. Knows no database and no HTTP.

mod disk_fault;
pub(crate) mod file_kind;
pub(crate) mod file_name;
mod folder_place;
pub(crate) mod incoming_file;
mod jpeg_end;
mod moving_picture;
mod object_client;
pub(crate) mod object_folder;
mod object_place;
pub(crate) mod object_service;
mod picture;
mod picture_limits;
pub(crate) mod picture_output;
pub(crate) mod place;
pub(crate) mod preparation;
mod renditions;
pub(crate) mod store;
pub(crate) mod temporary_file;
