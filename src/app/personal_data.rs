//! The commands `personal-data find`, `personal-data export` and `personal-data erase`: everything about one e-mail address, for the
//! maintainer at the terminal.

use super::{
    start,
    terminal::{print, say},
};
use crate::{
    clock::Clock,
    config::Config,
    db::pool::Db,
    error::Error,
    model::{
        actor::Actor,
        document::rules::DocumentRules,
        personal_data::{erasure, export, found},
        steady_clock,
        write::Write,
    },
    text::wanted_address::WantedAddress,
};

/// `plinth personal-data find`: how much there is.
/// Errors: a sentence for the maintainer.
pub async fn find(config: Config, address: &str) -> Result<(), String> {
    let wanted = parse(address)?;
    let db = start::open_existing(&config).await?;
    let data = found::find(db.read(), &wanted).await.map_err(say_error)?;
    let kept = found::find_kept(db.read(), &wanted).await.map_err(say_error)?;
    db.close().await;
    print(&format!("Erasing takes away: {}.", data.sentence()))?;
    print(&format!("It leaves: {}, and backups.", kept.sentence()))
}

/// `plinth personal-data export`: all of it as JSON.
/// Errors: a sentence for the maintainer.
pub async fn export(config: Config, address: &str) -> Result<(), String> {
    let wanted = parse(address)?;
    let db = start::open_existing(&config).await?;
    let data = found::find(db.read(), &wanted).await.map_err(say_error)?;
    let kept = found::find_kept(db.read(), &wanted).await.map_err(say_error)?;
    let now = Clock::default().now();
    let document = export::export(db.read(), &wanted, (&data, &kept), now).await.map_err(say_error)?;
    let write = write(&db, &Clock::default()).await?;
    erasure::note_export(&write, &data);
    write.commit().await.map_err(say_error)?;
    db.close().await;
    print(&format!("{document:#}"))
}

/// `plinth personal-data erase`: erases what `find` counts.
/// Errors: a sentence for the maintainer; nothing is changed then.
pub async fn erase(config: Config, address: &str) -> Result<(), String> {
    let wanted = parse(address)?;
    let db = start::open_existing(&config).await?;
    let clock = Clock::default();
    steady_clock::resume(db.read(), &clock).await.map_err(say_error)?;
    let seen = found::find(db.read(), &wanted).await.map_err(say_error)?.fingerprint();
    let write = write(&db, &clock).await?;
    let erased = erasure::erase(&write, &wanted, &seen, clock.steady()).await;
    let sentence = write.finish(erased).await.map_err(say_error)?;
    db.checkpoint().await.map_err(say_error)?;
    db.close().await;
    say(&format!("Erased: {sentence}. {}", erasure::STAYS));
    Ok(())
}

fn parse(address: &str) -> Result<WantedAddress, String> {
    WantedAddress::parse(address)
        .ok_or_else(|| format!("“{address}” is not an e-mail address, such as name@example.org."))
}

async fn write(db: &Db, clock: &Clock) -> Result<Write, String> {
    Write::begin(db, clock, Actor::system("command line"), DocumentRules::default()).await.map_err(say_error)
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn say_error(error: Error) -> String {
    error.for_terminal()
}
