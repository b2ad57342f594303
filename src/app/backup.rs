//! The command `backup`: a copy of the database in a file of its own.

use std::{fs, io, os::unix::fs::OpenOptionsExt, path::Path};

use super::{data_directory::DataDirectory, start, terminal::say, unfinished::Unfinished};
use crate::{
    clock::Clock,
    config::Config,
    db::{opening::io_fault, pool::Db},
    error::Result,
    media_files::store::FOLDER,
    model::{actor::Actor, document::rules::DocumentRules, opening, write::Write},
};

/// `plinth backup FILE`: whole and of one moment, also while the portal is served.
/// Errors: a sentence for the maintainer; no file is left then, and none that was there is touched.
pub async fn run(config: Config, file: &Path) -> std::result::Result<(), String> {
    if DataDirectory::of(&config)?.file().is_none() {
        return Err(
            "This database is kept by PostgreSQL: back it up with its own programs, such as pg_dump.".to_owned()
        );
    }
    let db = start::open_existing(&config).await?;
    let unfinished = Unfinished::before_database(file);
    make(file).map_err(|e| {
        format!("{} cannot be made: {}. Name a file that is not there yet.", file.display(), io_fault(&e))
    })?;
    let copied = db.copy_to(file).await.map_err(|error| error.for_terminal());
    let kept = copied.and_then(|()| fs::File::open(file).and_then(|file| file.sync_all()).map_err(|e| io_fault(&e)));
    let kept = kept.and_then(|()| fs::metadata(file).map_err(|error| io_fault(&error)));
    let noted = if kept.is_ok() { note(&db).await } else { Ok(()) };
    db.close().await;
    match kept {
        Ok(data) => {
            say(&format!("Copied the database to {} ({} KB).", file.display(), data.len().div_ceil(1000)));
            let media = config.data.join(FOLDER);
            if let Some(url) = &config.media_s3.url {
                say(&format!("The files of the media library are in {url}: that has to be kept too."));
            } else if media.exists() {
                say(&format!("The files of the media library are in {}: copy that folder too, now.", media.display()));
            }
            if let Err(error) = noted {
                say(&format!("The site itself does not know of this backup: {}", error.for_terminal()));
            }
            Ok(())
        }
        Err(error) => {
            unfinished.remove();
            Err(format!("The database cannot be copied to {}: {error}", file.display()))
        }
    }
}

/// Tells the site, for its dashboard, that a backup was made. The backup itself does not say so.
async fn note(db: &Db) -> Result<()> {
    let actor = Actor::system("backup");
    let write = Write::begin(db, &Clock::default(), actor, DocumentRules::default()).await?;
    opening::note_backup(&write).await?;
    write.commit().await
}

/// An empty file that its owner alone can read: it will hold what visitors sent.
fn make(file: &Path) -> io::Result<()> {
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).map(drop)
}
