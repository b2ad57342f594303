//! The whole site as a folder of text files, and back: import, export, and the starter site.

pub mod export;
pub mod files;
pub mod import;
pub mod starter;
