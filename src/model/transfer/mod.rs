//! The whole site as a folder of text files, and back: import, export, and the starter sites.

pub mod by_kind;
pub(crate) mod check;
mod document_file;
pub mod editorial;
pub mod export;
mod export_document;
pub(crate) mod fields;
pub mod files;
pub mod folder;
mod former_slugs;
pub mod import;
mod import_document;
mod item_places;
pub(crate) mod media;
mod media_names;
mod menus;
pub mod starter;
pub mod summary;
mod type_names;
mod types;
