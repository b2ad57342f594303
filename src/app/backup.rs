//! The command `backup`: a copy of the database in a file of its own.

use std::{fs, io, os::unix::fs::OpenOptionsExt, path::Path};

use super::{data_directory::DataDirectory, start, terminal::say};
use crate::{config::Config, db::opening::io_fault};

/// `plinth backup FILE`: whole and of one moment, also while the portal is served.
/// Errors: a sentence for the maintainer; no file is left then, and none that was there is touched.
pub async fn run(config: Config, file: &Path) -> Result<(), String> {
    if DataDirectory::of(&config)?.file().is_none() {
        return Err(
            "This database is kept by PostgreSQL: back it up with its own programs, such as pg_dump.".to_owned()
        );
    }
    let db = start::open_existing(&config).await?;
    make(file).map_err(|e| {
        format!("{} cannot be made: {}. Name a file that is not there yet.", file.display(), io_fault(&e))
    })?;
    let copied = db.copy_to(file).await.map_err(|error| error.for_terminal());
    db.close().await;
    let kept = copied.and_then(|()| fs::File::open(file).and_then(|file| file.sync_all()).map_err(|e| io_fault(&e)));
    match kept.and_then(|()| fs::metadata(file).map_err(|error| io_fault(&error))) {
        Ok(data) => {
            say(&format!("Copied the database to {} ({} KB).", file.display(), data.len().div_ceil(1000)));
            Ok(())
        }
        Err(error) => {
            let _ = fs::remove_file(file);
            Err(format!("The database cannot be copied to {}: {error}", file.display()))
        }
    }
}

/// An empty file that its owner alone can read: it will hold what visitors sent.
fn make(file: &Path) -> io::Result<()> {
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).map(drop)
}
