//! The commands `import`, `export` and `migrate`: they open the database, do one thing, and say what they did.

use std::path::Path;

use super::{media_place, rules, start, terminal::say, unfinished::Unfinished};
use crate::{
    clock::Clock,
    config::Config,
    db::{migrator, transaction::Transaction},
    model::{
        actor::Actor,
        document::fields::FieldTable,
        transfer::{
            by_kind::ImportedSite,
            check, export, files, folder, import, media,
            summary::{RetentionChange, Summary},
        },
        write::Write,
    },
    text::count::pluralise,
};

/// `plinth import DIR`
/// Errors: a sentence for the maintainer; nothing is changed then.
pub async fn import(config: Config, directory: &Path) -> Result<(), String> {
    let nothing = |faults: String| format!("Nothing was imported.\n{faults}");
    let loaded = folder::load(directory).map_err(nothing)?;
    let rules = rules::of(FieldTable::default(), String::new());
    let mut site = files::parse_beside(&rules, &loaded.files, &loaded.faults).map_err(nothing)?;
    if site == ImportedSite::default() && loaded.media.is_empty() {
        return Err(nothing(format!(
            "{} holds no site: there is no file in it that says anything",
            directory.display()
        )));
    }
    let store = media_place::open(&config)?;
    let db = start::open(&config).await?;
    db.enlarge_write_cache().await.map_err(|error| error.for_terminal())?;
    media::prepare_all(&db, &store, &loaded.media, &mut site.media).await.map_err(nothing)?;
    let actor = Actor::system("command line");
    let write = Write::begin(&db, &Clock::default(), actor, rules).await.map_err(|e| e.for_terminal())?;
    let to_come = check::find_times_to_come(&site, write.now);
    if !to_come.is_empty() {
        return Err(nothing(to_come.join("\n")));
    }
    let done = import::run(write, &site).await.map_err(|error| nothing(error.for_terminal()))?;
    if done.changed {
        start::renew_statistics(&db).await;
    }
    db.close().await;
    for (name, reason) in &loaded.left_out {
        say(&format!("Left out {name}: {reason}."));
    }
    if let Some(RetentionChange { wanted, kept }) = done.refused {
        say(&format!(
            "Not taken from site.toml: retention_months = {wanted} would delete messages, so it is still {kept}. \
             An administrator can change it in the settings, /admin/settings, and confirm there what is deleted."
        ));
    }
    say(&describe(&done));
    for note in &done.notes {
        say(note);
    }
    Ok(())
}

fn describe(done: &Summary) -> String {
    let were = if done.saved == 1 { "was" } else { "were" };
    let rest = if done.changed { "" } else { " Nothing had to be changed." };
    format!("Imported {}; {} {were} new.{rest}", done.describe(), pluralise(done.saved, "version", "versions"))
}

/// `plinth export DIR`
/// Errors: a sentence for the maintainer.
pub async fn export(config: Config, directory: &Path) -> Result<(), String> {
    let store = media_place::open(&config)?;
    let db = start::open_existing(&config).await?;
    // All reads are in one transaction, so that the files are consistent.
    let still = Transaction::begin(&db).await.map_err(|error| error.for_terminal())?;
    let fields = FieldTable::default();
    let (files, media) = export::read_all(&still, &fields).await.map_err(|error| error.for_terminal())?;
    drop(still);
    let unfinished = Unfinished::before(directory);
    let stored = match export::store(&files, directory) {
        Ok(()) => export::store_media(&store, &media, directory).await,
        fault => fault,
    };
    if stored.is_err() {
        unfinished.remove();
    }
    stored?;
    db.close().await;
    let count = files.len() + media.len();
    say(&format!("Wrote {} to {}.", pluralise(count, "file", "files"), directory.display()));
    Ok(())
}

/// `plinth migrate`
/// Errors: a sentence for the maintainer.
pub async fn migrate(config: Config) -> Result<(), String> {
    let db = start::open(&config).await?;
    db.close().await;
    say(&format!(
        "The database is up to date with {}.",
        pluralise(migrator::list().count(), "migration", "migrations")
    ));
    Ok(())
}
