//! The command `copy`: a whole database into another one, such as from SQLite to PostgreSQL. Refuses a target before anything
//! is written to it.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use super::{
    data_directory::{DataDirectory, lock_file},
    lock::is_served,
    start,
    terminal::say,
    unfinished::Unfinished,
};
use crate::{
    config::Config,
    db::{address::DatabaseAddress, pool::Db, target},
    error::Error,
    media_files::store::FOLDER,
    model::copy::run::{self, Progress},
    text::count::pluralise,
};

/// A table of no more rows is copied before anyone could wonder.
const SMALL: i64 = 1000;
/// How often it is said how far a large table is.
const SAID: Duration = Duration::from_secs(2);

/// `plinth copy --from URL --to URL`
/// Errors: a sentence for the maintainer; nothing is in the target then, unless it says otherwise.
pub async fn run(config: Config, from: String, to: String) -> Result<(), String> {
    // What is set besides is meant for the database that is served.
    let config = Config { database_direct_url: None, ..config };
    let source = Config { database_url: Some(from), ..config.clone() };
    let target = Config { database_url: Some(to), new_site: true, ..config };
    // An older source is not brought up to date in passing.
    start::open_read_only(&source).await?.close().await;
    let origin = DataDirectory::of(&source)?;
    refuse(&origin.database, &DataDirectory::of(&target)?.database, &target).await?;
    let source = start::open_existing(&source).await?;
    let place = DataDirectory::of(&target)?;
    let media = origin.file().and_then(Path::parent).unwrap_or(&origin.data).join(FOLDER);
    let unfinished = place.file().map(|file| Unfinished::before_database(file).and(Unfinished::before(&place.data)));
    let done = fill(&source, &target).await;
    let is_served = match origin.file() {
        Some(file) => is_served(&lock_file(file)),
        None => source.is_served().await,
    };
    source.close().await;
    // It may have everything, or another process may use it.
    let is_kept = matches!(done, Ok(Ok(()) | Err(Error::Uncertain | Error::Conflict(_))))
        || place.file().is_some_and(|file| lock_file(file).exists());
    if let Some(unfinished) = unfinished.filter(|_| !is_kept) {
        unfinished.remove();
    }
    match done? {
        Ok(()) => {
            say("All rows were copied, and each is the same on both sides.");
            if media.exists() {
                say(&format!(
                    "The files of the media library are in {}: copy that folder to where the new site keeps its data.",
                    media.display()
                ));
            }
            if is_served {
                say(
                    "The source is being served: what is saved there from now on is not in the target. Stop it and copy \
                    into a new target to have all of it.",
                );
            }
            Ok(())
        }
        Err(Error::Conflict(why)) => Err(not_used(&why)),
        Err(Error::Uncertain) => {
            Err("Either everything was copied or nothing: the target was lost at the last moment. \
             Start the same command again when it is back; it says whether there are rows in it."
                .to_owned())
        }
        Err(error) => {
            Err(format!("Nothing was copied: {error}. The target holds no row; start the same command again."))
        }
    }
}

/// Makes the target and copies into it; the outcome of that.
/// Errors: a sentence when it cannot be made.
async fn fill(source: &Db, target: &Config) -> Result<crate::error::Result<()>, String> {
    let target = start::open(target).await?;
    let mut said = Instant::now();
    let done = run::copy(source, &target, |progress| tell(progress, &mut said)).await;
    if done.is_ok() {
        start::renew_statistics(&target).await;
    }
    target.close().await;
    Ok(done)
}

fn not_used(why: &str) -> String {
    format!("Nothing was copied: the target cannot be used, as {why}.")
}

/// Refuses a target that holds anything, without changing it.
async fn refuse(source: &DatabaseAddress, address: &DatabaseAddress, target: &Config) -> Result<(), String> {
    let fails = |fault: &dyn std::fmt::Display| {
        format!("Nothing was copied: the target {address} cannot be opened: {fault}. Nothing in it was changed.")
    };
    if target::is_same(source, address).await.map_err(|fault| fails(&fault))? {
        return Err("Nothing was copied: --from and --to name the same database.".to_owned());
    }
    if target::is_blank(address).await.map_err(|fault| fails(&fault))? {
        return Ok(());
    }
    let db = start::open_read_only(target).await.map_err(|fault| format!("Nothing was copied. {fault}"))?;
    let empty = run::must_be_empty(db.read()).await;
    db.close().await;
    empty.map_err(|error| match error {
        Error::Conflict(why) => not_used(&why),
        error => fails(&error),
    })
}

fn tell(progress: Progress, said: &mut Instant) {
    let rows = |rows: i64| pluralise(rows, "row", "rows");
    match progress {
        Progress::Copied { table, rows: copied, of } => {
            let is_done = copied == of && of > SMALL;
            if is_done || said.elapsed() > SAID {
                *said = Instant::now();
                say(&format!("{table}: {} copied{}", rows(copied), if is_done { "" } else { " so far" }));
            }
        }
        Progress::Compared { table, rows: compared, hash } => {
            say(&format!("{table}: {}, {}", rows(compared), &hash[..16]));
        }
    }
}
