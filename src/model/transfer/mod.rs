//! The whole site as a folder of text files, and back: import, export, and the starter sites.

pub(crate) mod check;
pub mod export;
pub(crate) mod fields;
pub mod files;
pub mod folder;
pub mod import;
mod location;
pub mod starter;
