//! The site that comes with the program: the folder `starter/`, embedded, read like any other folder.

use rust_embed::RustEmbed;

use super::files::{self, Folder, Site};

#[derive(RustEmbed)]
#[folder = "starter/"]
struct Files;

/// The starter site.
///
/// # Errors
/// When a file of it is at fault; a test makes sure that none is.
pub fn read() -> Result<Site, String> {
    let mut folder = Folder::new();
    for name in Files::iter() {
        let Some(file) = Files::get(&name) else { continue };
        let text = String::from_utf8(file.data.into_owned()).map_err(|_| format!("{name} is not UTF-8"))?;
        folder.insert(name.into_owned(), text);
    }
    files::parse(&folder)
}
