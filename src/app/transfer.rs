//! The commands `import`, `export` and `migrate`: they open the database, do one thing, and say what they did.

use std::path::Path;

use super::start;
use crate::{
    config::Config,
    db::{migrations, transaction::Transaction},
    model::{
        actor::Actor,
        transfer::{export, files, import},
        write::Write,
    },
    text::time::Clock,
};

/// `plinth import DIR`
///
/// # Errors
/// A sentence for the maintainer; nothing is changed then.
pub async fn import(config: Config, directory: &Path) -> Result<(), String> {
    let site = files::parse(&files::load(directory)?)?;
    if site.pages.is_empty() && site.categories.is_empty() && site.settings.is_none() {
        return Err(format!(
            "{} holds no site: there is neither pages/ nor faq/ nor site.toml in it",
            directory.display()
        ));
    }
    let db = start::open(&config).await?;
    db.expect_much().await.map_err(|error| error.to_string())?;
    let write = Write::begin(&db, &Clock::default(), Actor::system("command line")).await.map_err(|e| e.to_string())?;
    let done = import::apply(&write, &site).await.map_err(|error| format!("Nothing was imported. {error}"))?;
    write.commit().await.map_err(|error| error.to_string())?;
    db.close().await;
    say(&format!("Imported {} pages and {} questions; {} versions were new.", done.pages, done.items, done.saved));
    Ok(())
}

/// `plinth export DIR`
///
/// # Errors
/// A sentence for the maintainer.
pub async fn export(config: Config, directory: &Path) -> Result<(), String> {
    let db = start::open_existing(&config).await?;
    // Within a transaction nobody writes in between, so the files fit together.
    let still = Transaction::begin(&db).await.map_err(|error| error.to_string())?;
    let folder = export::read(&still).await.map_err(|error| error.to_string())?;
    drop(still);
    export::store(&folder, directory)?;
    db.close().await;
    say(&format!("Wrote {} files to {}.", folder.len(), directory.display()));
    Ok(())
}

/// `plinth migrate`
///
/// # Errors
/// A sentence for the maintainer.
pub async fn migrate(config: Config) -> Result<(), String> {
    let db = start::open(&config).await?;
    db.close().await;
    say(&format!("The database is up to date with {} migrations.", migrations::known().count()));
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the result of a command")]
fn say(sentence: &str) {
    println!("{sentence}");
}
