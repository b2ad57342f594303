//! The command `upgrade --rehearse`: what this version of the program would make of the site, tried on a copy. The site itself is read
//! once and not changed; only what was found says how to go on.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use axum_extra::routing::TypedPath;
use url::Url;

use super::{
    data_directory::DataDirectory,
    rehearsal_answers::Differences,
    rehearsal_server::RehearsalServer,
    scratch::{Scratch, Trial},
    start,
    terminal::say,
};
use crate::{
    config::Config,
    db::{address::DatabaseAddress, migrations, opening::io_fault, pool::Db},
    model::{audit_log_check, page::public},
    render::site_paths::{ApiDocumentsPath, FeedPath, LlmsPath, ManifestPath, OpenSearchPath, RobotsPath, SitemapPath},
    text::count::pluralise,
};

/// Where the copies are.
const REHEARSAL: Trial = Trial { folder: "upgrade-rehearsal", name: "rehearsal" };
/// The name of the database in both.
const DATABASE: &str = "plinth.db";
/// Pages that are listed at a time.
const PAGES: i64 = 500;
/// What is public other than pages and what a site map names.
const OTHERS: [&str; 7] = [
    SitemapPath::PATH,
    RobotsPath::PATH,
    FeedPath::PATH,
    LlmsPath::PATH,
    OpenSearchPath::PATH,
    ManifestPath::PATH,
    ApiDocumentsPath::PATH,
];
/// How the paths of the site map and of its parts begin.
const MAP: &str = SitemapPath::PATH.split_at(8).0;
/// The host of a site that has no public address, and is served to nobody else.
const NO_HOST: &str = "http://rehearsal.invalid";

/// The folders of the two copies.
struct Copies {
    old: PathBuf,
    new: PathBuf,
}

/// `plinth upgrade --rehearse`, compared with the program `old` when there is one.
/// Errors: what would be different, as sentences for the maintainer.
pub async fn rehearse(config: Config, old: Option<&Path>) -> Result<(), String> {
    let directory = DataDirectory::of(&config)?;
    let Some(database) = directory.file() else {
        return Err("This database is kept by PostgreSQL. Restore a dump of it into another database, and start this program over \
            that one."
            .to_owned());
    };
    let db = start::open_as_it_is(&config).await?;
    let bytes = fs::metadata(database).map_or(0, |file| file.len());
    let scratch = Scratch::begin(&config.data, &REHEARSAL, bytes.saturating_mul(3))?;
    let scratch = scratch.ok_or("Another rehearsal is under way. Try again when it has ended.")?;
    let copies = copy(&db, &scratch.path).await?;
    let before = list(&copies.old).await;
    migrate(&copies.new.join(DATABASE)).await?;
    let after = list(&copies.new).await.map_err(|fault| format!("The pages of the copy cannot be listed: {fault}"))?;
    say("The copy was brought up to date, and its database and audit log are sound.");
    let url = public_url(&config)?;
    let own =
        std::env::current_exe().map_err(|error| format!("This program cannot be found: {}.", io_fault(&error)))?;
    let new = RehearsalServer::start(&own, &copies.new, &url).await?;
    let mut differences = Differences::default();
    let looked = if let Some(old) = old {
        let old = RehearsalServer::start(old, &copies.old, &url).await?;
        compare(&mut differences, (&old, &new), after).await
    } else {
        // An older form may be one that cannot be listed.
        for path in before.unwrap_or_default().difference(&after) {
            differences.add(path, "It was public until now.".to_owned());
        }
        for path in &after {
            differences.look(path, &new).await;
        }
        after.len()
    };
    judge(&differences, looked, old.is_some())
}

/// Removes what a rehearsal has left that was killed.
pub(super) fn sweep(data: &Path) {
    Scratch::sweep(data, &REHEARSAL);
}

fn judge(differences: &Differences, looked: usize, is_compared: bool) -> Result<(), String> {
    let paths = pluralise(looked, "public path", "public paths");
    if !differences.is_empty() {
        return Err(format!(
            "{} of {paths} would not be as they are now. Nothing was changed.\n{}",
            differences.count(),
            differences.describe()
        ));
    }
    let found = if is_compared {
        "all are the same with both programs"
    } else {
        "all answer; --old PROGRAM would also compare them with what is served now"
    };
    say(&format!(
        "Looked at {paths}: {found}. Nothing was changed. To switch:\n\
         1. plinth backup FILE, then plinth backup --verify FILE\n\
         2. stop the portal, put this program in the place of the old one, and start it\n\
         To go back: stop it, put the old program back, and plinth restore --replace FILE."
    ));
    Ok(())
}

/// The address that both show in their pages.
fn public_url(config: &Config) -> Result<Url, String> {
    match &config.public_url {
        Some(url) => Ok(url.clone()),
        None => Url::parse(NO_HOST).map_err(|error| error.to_string()),
    }
}

async fn copy(db: &Db, scratch: &Path) -> Result<Copies, String> {
    let failed = |fault: String| format!("The database cannot be copied: {fault}.");
    let copies = Copies { old: scratch.join("old"), new: scratch.join("new") };
    for folder in [&copies.old, &copies.new] {
        fs::create_dir(folder).map_err(|error| failed(io_fault(&error)))?;
    }
    let done = db.copy_to(&copies.old.join(DATABASE)).await;
    db.close().await;
    done.map_err(|error| failed(error.for_terminal()))?;
    let done = fs::copy(copies.old.join(DATABASE), copies.new.join(DATABASE));
    done.map_err(|error| failed(io_fault(&error)))?;
    Ok(copies)
}

/// Brings a copy up to date, and checks all of it.
async fn migrate(file: &Path) -> Result<(), String> {
    let failed =
        |fault: String| format!("This program cannot be used with the site, of which nothing was changed: {fault}");
    let db = Db::open(&DatabaseAddress::File(file.to_owned())).await.map_err(|fault| failed(fault.to_string()))?;
    let checked = async {
        migrations::run(&db).await.map_err(|fault| format!("{fault}."))?;
        let faults = db.faults().await.map_err(|error| error.for_terminal())?;
        if let Some(fault) = faults.first() {
            return Err(format!("the copy of the database is not sound: {fault}."));
        }
        let report = audit_log_check::check(db.read(), None, |_| {}).await.map_err(|error| error.for_terminal())?;
        if report.is_good() { Ok(()) } else { Err(report.sentences().join(" ")) }
    };
    let checked = checked.await;
    db.close().await;
    checked.map_err(failed)
}

/// The paths of all live pages.
async fn list(folder: &Path) -> Result<BTreeSet<String>, String> {
    let db = Db::open(&DatabaseAddress::File(folder.join(DATABASE))).await.map_err(|fault| fault.to_string())?;
    let mut paths = BTreeSet::new();
    let mut after = String::new();
    let listed = loop {
        let pages = match public::list_all(db.read(), &after, PAGES).await {
            Ok(pages) => pages,
            Err(error) => break Err(error.for_terminal()),
        };
        let Some(last) = pages.last() else { break Ok(()) };
        after.clone_from(&last.path);
        paths.extend(pages.into_iter().map(|page| page.path));
    };
    db.close().await;
    listed.map(|()| paths)
}

/// Compares every path that either knows; gives how many.
async fn compare(
    differences: &mut Differences,
    (old, new): (&RehearsalServer, &RehearsalServer),
    mut paths: BTreeSet<String>,
) -> usize {
    for server in [old, new] {
        paths.extend(mapped(server).await);
    }
    let markdown: Vec<_> =
        paths.iter().filter(|path| !path.contains('.') && path.len() > 1).map(|path| format!("{path}.md")).collect();
    paths.extend(markdown);
    paths.extend(OTHERS.map(str::to_owned));
    for path in &paths {
        differences.compare(path, old, new).await;
    }
    paths.len()
}

/// What the site map of a program names, and its parts.
async fn mapped(server: &RehearsalServer) -> BTreeSet<String> {
    let (mut found, mut maps) = (BTreeSet::new(), vec![SitemapPath::PATH.to_owned()]);
    while let Some(map) = maps.pop() {
        let Ok((200, text)) = server.get(&map).await else { continue };
        let places = text.split("<loc>").skip(1).filter_map(|rest| rest.split_once("</loc>"));
        for (place, _) in places {
            let Ok(url) = Url::parse(place) else { continue };
            let path = url.path().to_owned();
            if found.insert(path.clone()) && path.starts_with(MAP) {
                maps.push(path);
            }
        }
    }
    found
}
