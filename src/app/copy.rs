//! The command `copy`: a whole database into another one, such as from SQLite to PostgreSQL.

use super::{start, terminal::say};
use crate::{
    config::Config,
    error::Error,
    model::copy::run::{self, Copied},
    text::count::pluralise,
};

/// `plinth copy --from URL --to URL`
/// Errors: a sentence for the maintainer; nothing is in the target then.
pub async fn run(config: Config, from: String, to: String) -> Result<(), String> {
    if from == to {
        return Err("--from and --to name the same database.".to_owned());
    }
    let source = Config { database_url: Some(from), ..config.clone() };
    let target = Config { database_url: Some(to), new_site: true, ..config };
    // An older source is not brought up to date in passing.
    start::open_read_only(&source).await?.close().await;
    let source = start::open_existing(&source).await?;
    let target = start::open(&target).await?;
    let done = run::copy(&source, &target, |copied| {
        let Copied { table, rows, hash } = copied;
        let rows = usize::try_from(*rows).unwrap_or(usize::MAX);
        say(&format!("{table}: {}, {}", pluralise(rows, "row", "rows"), &hash[..16]));
    })
    .await;
    source.close().await;
    target.close().await;
    match done {
        Ok(()) => {
            say("Everything was copied, and each row is the same on both sides.");
            Ok(())
        }
        Err(Error::Conflict(why)) => Err(format!("Nothing was copied: the target cannot be used, as {why}.")),
        Err(error) => Err(format!("Nothing was copied: {error}.")),
    }
}
