//! The restore drill: puts a backup into a folder of its own, checks all of it and renders pages from it, and so proves that it can
//! be restored. The site takes no notice.

use std::{
    fs::{self, File},
    io,
    path::Path,
    time::{Duration, Instant},
};

use tokio::{task::spawn_blocking, time::sleep};

use super::{
    backup_keys,
    data_directory::DataDirectory,
    restore,
    scratch::{Scratch, Trial},
    start,
    terminal::say,
};
use crate::{
    backup::{
        manifest::Manifest,
        reading,
        unpacking::{BackupFault, UNPACKED, unpack},
    },
    clock::{Clock, Timestamp},
    config::{Config, backup::UnlockOptions},
    crypto::age::keys::UnlockKey,
    db::{address::DatabaseAddress, opening::io_fault, pool::Db},
    error::Error,
    model::{
        audit_log::{self, AuditHead},
        backup_state::{BackupOutcome, BackupTrial},
        page::public,
        password::Cost,
    },
    render::page::{self, RenderOptions},
    site::lookup::render_input,
    text::count::pluralise,
};

/// Where it is restored to.
const DRILL: Trial = Trial { folder: "restore-drill", name: "restore drill" };
/// How many pages are rendered at most.
const PAGES: i64 = 100;
/// How often it is looked whether another drill has ended.
const PAUSE: Duration = Duration::from_secs(1);
const BUSY: &str = "Another restore drill is under way. Try again when it has ended.";

/// What a drill has seen.
pub(super) struct Drill {
    manifest: Manifest,
    pages: usize,
}

/// `plinth backup --verify FILE`: whether it can be restored.
/// Errors: what is wrong with it.
pub async fn run(config: Config, file: &Path, keys: &UnlockOptions) -> Result<(), String> {
    let begun = Instant::now();
    let key = backup_keys::unlock(keys)?;
    let of = if key.is_some() { BackupTrial::Key } else { BackupTrial::Drill };
    let is_here = DataDirectory::of(&config)?.file().is_some_and(Path::exists);
    let untried = |fault| format!("{} was not tried. {fault}", file.display());
    let scratch = begin(&config, file).and_then(|scratch| scratch.ok_or_else(|| BUSY.to_owned())).map_err(untried)?;
    let drilled = drill(&config, file, (scratch, key)).await;
    let mut is_ours = true;
    if is_here {
        let db = start::open_existing(&config).await?;
        let (head, fault) = match &drilled {
            Ok(drill) => (&drill.manifest.audit_head, None),
            Err(fault) => (&fault.audit_head, Some(&fault.sentence)),
        };
        // What is no backup of this site says nothing of those that are.
        is_ours = is_of(&db, head).await.map_err(|error| error.for_terminal())?;
        if is_ours {
            note(&db, (of, file), (begun, Clock::default().now()), fault).await;
        }
        db.close().await;
    }
    let Drill { manifest, pages } =
        drilled.map_err(|fault| format!("{} cannot be restored. {}", file.display(), fault.sentence))?;
    say(&format!(
        "{} can be restored: “{}” as it was at {}. The database, {} and {} were tried, in {:.1} s.",
        file.display(),
        manifest.site_name,
        manifest.created_at,
        pluralise(manifest.members.len() - 1, "file", "files"),
        pluralise(pages, "page", "pages"),
        begun.elapsed().as_secs_f32(),
    ));
    if !is_ours {
        say(&format!("It is no backup of the site in {}, which takes no note of this.", config.data.display()));
    }
    let lost = manifest.missing.len() + manifest.damaged.len();
    if lost > 0 {
        say(&format!(
            "{} of the media library were lost or damaged before it was made.",
            pluralise(lost, "file", "files")
        ));
    }
    Ok(())
}

/// Whether the site has had this newest entry of its audit log.
async fn is_of(db: &Db, head: &str) -> Result<bool, Error> {
    let Ok(AuditHead { id, hash }) = head.parse() else { return Ok(false) };
    Ok(audit_log::hash_of(db.read(), id).await? == Some(hash))
}

/// Tells the site, for its screens.
pub(super) async fn note(
    db: &Db,
    (of, file): (BackupTrial, &Path),
    (begun, at): (Instant, Timestamp),
    fault: Option<&String>,
) {
    let outcome = BackupOutcome {
        at,
        milliseconds: i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX),
        file: file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        fault: fault.cloned().unwrap_or_default(),
    };
    if let Err(error) = outcome.store(db, of).await {
        tracing::error!(%error, "the outcome of a restore drill cannot be written down");
    }
}

/// Tries it as soon as no other one is tried.
/// Errors: what is wrong with the backup, or why that cannot be found out.
pub(super) async fn drill_in_turn(config: &Config, file: &Path, key: Option<UnlockKey>) -> Result<Drill, BackupFault> {
    let scratch = loop {
        match begin(config, file)? {
            None => sleep(PAUSE).await,
            Some(scratch) => break scratch,
        }
    };
    drill(config, file, (scratch, key)).await
}

async fn drill(
    config: &Config,
    file: &Path,
    (scratch, key): (Scratch, Option<UnlockKey>),
) -> Result<Drill, BackupFault> {
    let archive = File::open(file).map_err(|error| unreadable(&error))?;
    let folder = scratch.path.clone();
    let unpacked = spawn_blocking(move || unpack(reading::open(archive, key.as_ref())?, &folder)).await;
    let manifest = unpacked.map_err(|error| error.to_string())??;
    let tried = async {
        restore::check(&scratch.path, &manifest).await?;
        render(config, &scratch.path).await.map_err(|fault| format!("Its pages cannot be rendered: {fault}."))
    };
    match tried.await {
        Ok(pages) => Ok(Drill { manifest, pages }),
        Err(sentence) => Err(BackupFault { sentence, audit_head: manifest.audit_head }),
    }
}

fn unreadable(error: &io::Error) -> String {
    format!("It cannot be read: {}.", io_fault(error))
}

/// Renders pages as visitors would see them; gives how many.
async fn render(config: &Config, folder: &Path) -> Result<usize, String> {
    let config = Config { data: folder.to_owned(), database_url: None, database_direct_url: None, ..config.clone() };
    let db = Db::open(&DatabaseAddress::File(folder.join(UNPACKED))).await.map_err(|fault| fault.to_string())?;
    let app = start::state(config, db, Clock::default(), Cost::Usual).await?;
    let rendered = async {
        let listed = public::list_all(app.read(), "", PAGES).await.map_err(|error| error.for_terminal())?;
        for page in &listed {
            let failed = |error: crate::error::Error| format!("{}: {}", page.path, error.for_terminal());
            let Some(live) = public::at(app.read(), &page.path).await.map_err(failed)? else { continue };
            drop(page::render(&app, &render_input(live), &RenderOptions::default()).await.map_err(failed)?);
        }
        Ok(listed.len())
    };
    let rendered = rendered.await;
    app.db.close().await;
    rendered
}

/// Removes what a drill has left that was killed.
pub(super) fn sweep(data: &Path) {
    Scratch::sweep(data, &DRILL);
}

/// Where one is made; none while another one is.
fn begin(config: &Config, file: &Path) -> Result<Option<Scratch>, String> {
    let bytes = fs::metadata(file).map_err(|error| unreadable(&error))?.len();
    Scratch::begin(&config.data, &DRILL, bytes)
}
