//! The command `restore`: puts a backup in place, after everything in it was checked, and keeps aside what was there.

use std::{
    fs::{self, File},
    io::Read,
    path::Path,
};

use tokio::task::spawn_blocking;

use super::{
    backup_keys,
    data_directory::DataDirectory,
    lock::ServeLock,
    media_place,
    restore_plan::{RestorePlan, SCRATCH},
    restored_files::{self, RestoredFiles},
    terminal::say,
    unfinished::Unfinished,
};
use crate::{
    backup::{
        checking,
        manifest::{Manifest, media_hash, media_name},
        reading,
        unpacking::{UNPACKED, unpack},
    },
    clock::Clock,
    config::{Config, backup::UnlockOptions},
    db::{address::DatabaseAddress, migrations, opening::io_fault, pool::Db},
    error::Error,
    media_files::store::FOLDER,
    model::{
        actor::Actor, document::rules::DocumentRules, mail::outbox, opening, session, webhook::queue, write::Write,
    },
    text::count::pluralise,
};

/// `plinth restore FILE`: into a place where there is no site, or `replaces` the one that is there and is not served.
/// Errors: a sentence for the maintainer; the site that was there is as it was then.
pub async fn run(config: Config, file: &Path, (replaces, keys): (bool, &UnlockOptions)) -> Result<(), String> {
    let directory = DataDirectory::of(&config)?;
    let Some(database) = directory.file() else {
        return Err("This database is kept by PostgreSQL: restore it with its own programs, such as \
            `pg_restore --clean --if-exists --dbname=DATABASE_URL FILE`, and put the folder “media” back into the data \
            directory."
            .to_owned());
    };
    let archive =
        File::open(file).map_err(|error| format!("{} cannot be read: {}.", file.display(), io_fault(&error)))?;
    let refused = |fault| format!("{} was not restored, and nothing was changed. {fault}", file.display());
    let archive = reading::open(archive, backup_keys::unlock(keys)?.as_ref()).map_err(refused)?;
    finish_earlier(&directory, database)?;
    if directory.holds_site() && !replaces {
        return Err(format!(
            "There is a site in {} already, and nothing was changed. Add --replace to put the backup in its place; what is \
            there is kept aside.",
            directory.data.display()
        ));
    }
    let locks = directory.lock_files();
    let unfinished = locks.iter().fold(Unfinished::before(database), |all, lock| all.and(Unfinished::before(lock)));
    let unfinished = unfinished.and(Unfinished::before(&directory.data.join(SCRATCH)));
    let restored = restore(&config, &directory, archive).await;
    match restored {
        Ok((manifest, files)) => {
            tell(&manifest, &files, file);
            Ok(())
        }
        Err(fault) => {
            if !directory.holds_site() {
                unfinished.remove();
            }
            let is_broken = RestorePlan::find(&directory.data, database).is_ok_and(|plan| plan.is_some());
            let unchanged = if is_broken { "" } else { ", and nothing was changed" };
            Err(format!("{} was not restored{unchanged}. {fault}", file.display()))
        }
    }
}

/// Undoes a restore that was killed, so that this one begins where that one did.
fn finish_earlier(directory: &DataDirectory, database: &Path) -> Result<(), String> {
    if RestorePlan::find(&directory.data, database)?.is_none() {
        return Ok(());
    }
    let _lock = ServeLock::take(directory)?;
    if restored_files::finish(&directory.data, database)? {
        say("The restore before this one did not finish. It is undone: what was there is back in its place.");
    }
    Ok(())
}

async fn restore(
    config: &Config,
    directory: &DataDirectory,
    archive: Box<dyn Read + Send>,
) -> Result<(Manifest, RestoredFiles), String> {
    let _lock = ServeLock::take(directory)?;
    let database = directory.file().ok_or("This database is not a file.")?;
    let files = RestoredFiles::begin(&directory.data, database, Clock::default().now())?;
    let scratch = files.scratch().to_owned();
    let unpacked = spawn_blocking(move || unpack(archive, &scratch)).await;
    let manifest = unpacked.map_err(|error| error.to_string())?.map_err(|fault| fault.sentence)?;
    check(files.scratch(), &manifest).await?;
    put_into_bucket(config, files.scratch(), &manifest).await?;
    let files = files.put_in_place(&[UNPACKED, FOLDER])?;
    Ok((manifest, files))
}

/// Puts the files of the media library where they lie when that is not the data directory. What a restore that fails after this has put
/// there has no name, and is deleted some day.
async fn put_into_bucket(config: &Config, scratch: &Path, manifest: &Manifest) -> Result<(), String> {
    let Some(url) = &config.media_s3.url else { return Ok(()) };
    let store = media_place::open(config)?;
    for (name, digest) in &manifest.members {
        let Some(hash) = media_hash(name) else { continue };
        let put = store.take(scratch.join(name), hash, digest.bytes).await;
        put.map_err(|error| {
            format!("The files of the media library cannot be put into {url}: {}", error.for_terminal())
        })?;
    }
    // Empty folders are left of it.
    let _ = fs::remove_dir_all(scratch.join(FOLDER));
    Ok(())
}

/// Brings the database of a backup that was unpacked up to date, and checks it.
/// Errors: what is wrong with it.
pub(super) async fn check(folder: &Path, manifest: &Manifest) -> Result<(), String> {
    let db = Db::open(&DatabaseAddress::File(folder.join(UNPACKED))).await;
    let db = db.map_err(|fault| format!("The database in it cannot be opened: {fault}."))?;
    let checked = async {
        migrations::run(&db).await.map_err(|fault| format!("The database in it cannot be used: {fault}."))?;
        let faults = checking::faults(&db, manifest).await.map_err(|error| error.for_terminal())?;
        if faults.is_empty() {
            note(&db, manifest).await.map_err(|error| error.for_terminal())
        } else {
            Err(faults.join(" "))
        }
    };
    let checked = checked.await;
    db.close().await;
    checked
}

/// Writes down that it was restored, ends all sessions, some of which were ended after the backup was made, and holds back
/// e-mails.
async fn note(db: &Db, manifest: &Manifest) -> Result<(), Error> {
    let actor = Actor::system("restore");
    let write = Write::begin(db, &Clock::default(), actor, DocumentRules::default()).await?;
    session::end_every(&write).await?;
    outbox::hold_all(&write).await?;
    queue::hold_all(&write, "It waited when the backup was made that was restored, and may have been sent since.")
        .await?;
    opening::note_restore(&write, &manifest.created_at);
    write.commit().await
}

fn tell(manifest: &Manifest, files: &RestoredFiles, file: &Path) {
    say(&format!(
        "Restored “{}” as it was at {} from {}: the database and {}. Everyone has to sign in again.",
        manifest.site_name,
        manifest.created_at,
        file.display(),
        pluralise(manifest.members.len() - 1, "file", "files"),
    ));
    for hash in &manifest.missing {
        say(&format!("{} is not in the backup: the media library had lost that file.", media_name(hash)));
    }
    for hash in &manifest.damaged {
        say(&format!("{} is damaged: it was so when the backup was made.", media_name(hash)));
    }
    for folder in files.kept_aside() {
        say(&format!("What was there is in {}. Delete it when all is well.", folder.display()));
    }
}
