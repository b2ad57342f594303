//! The sites that come with the program, embedded, read like any other folder: the portal in `starter/`, and in
//! `starter-empty/` a front page and nothing else.

use rust_embed::RustEmbed;

use super::{by_kind::ImportedSite, files, folder::FileMap};
use crate::model::document::rules::DocumentRules;

#[derive(RustEmbed)]
#[folder = "starter/"]
struct Portal;

#[derive(RustEmbed)]
#[folder = "starter-empty/"]
struct Empty;

/// The starter site.
/// Fails when a file of it is at fault; a test makes sure that none is.
pub fn read() -> Result<ImportedSite, String> {
    parse::<Portal>()
}

/// A front page and nothing else, to begin one's own site from.
/// Fails when a file of it is at fault; a test makes sure that none is.
pub(crate) fn empty() -> Result<ImportedSite, String> {
    parse::<Empty>()
}

fn parse<E: RustEmbed>() -> Result<ImportedSite, String> {
    let mut files = FileMap::new();
    for name in E::iter() {
        let Some(file) = E::get(&name) else { continue };
        let text = String::from_utf8(file.data.into_owned()).map_err(|_| format!("{name} is not UTF-8"))?;
        files.insert(name.into_owned(), text);
    }
    files::parse(&DocumentRules::default(), &files)
}
