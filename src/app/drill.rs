//! The restore drill: puts a backup into a folder of its own, checks all of it and renders pages from it, and so proves that it can
//! be restored. The site takes no notice.

use std::{
    fs::{self, DirBuilder, File, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use tokio::{task::spawn_blocking, time::sleep};

use super::{data_directory::DataDirectory, restore, start, terminal::say};
use crate::{
    backup::{
        manifest::Manifest,
        unpacking::{BackupFault, UNPACKED, unpack},
    },
    clock::{Clock, Timestamp},
    config::Config,
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

/// Where it is restored to, in the data directory.
const SCRATCH: &str = "restore-drill";
/// How many pages are rendered at most.
const PAGES: i64 = 100;
/// Bytes that a drill leaves free for the site itself.
const ROOM: u64 = 32 * MEGABYTE;
const MEGABYTE: u64 = 1_000_000;
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
pub async fn run(config: Config, file: &Path) -> Result<(), String> {
    let begun = Instant::now();
    let is_here = DataDirectory::of(&config)?.file().is_some_and(Path::exists);
    let untried = |fault| format!("{} was not tried. {fault}", file.display());
    let scratch = Scratch::begin(&config.data, file).map_err(untried)?;
    let drilled = drill(&config, file, scratch).await;
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
            note(&db, file, (begun, Clock::default().now()), fault).await;
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
pub(super) async fn note(db: &Db, file: &Path, (begun, at): (Instant, Timestamp), fault: Option<&String>) {
    let outcome = BackupOutcome {
        at,
        milliseconds: i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX),
        file: file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        fault: fault.cloned().unwrap_or_default(),
    };
    if let Err(error) = outcome.store(db, BackupTrial::Drill).await {
        tracing::error!(%error, "the outcome of a restore drill cannot be written down");
    }
}

/// Tries it as soon as no other one is tried.
/// Errors: what is wrong with the backup, or why that cannot be found out.
pub(super) async fn drill_in_turn(config: &Config, file: &Path) -> Result<Drill, BackupFault> {
    let scratch = loop {
        match Scratch::begin(&config.data, file) {
            Err(fault) if fault == BUSY => sleep(PAUSE).await,
            other => break other?,
        }
    };
    drill(config, file, scratch).await
}

async fn drill(config: &Config, file: &Path, scratch: Scratch) -> Result<Drill, BackupFault> {
    let archive = File::open(file).map_err(|error| unreadable(&error))?;
    let folder = scratch.path.clone();
    let unpacked = spawn_blocking(move || unpack(archive, &folder)).await;
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
    let path = data.join(SCRATCH);
    if path.exists() {
        drop(Scratch::hold(&path));
    }
}

/// A folder that is removed when this is dropped. One process has it at a time.
struct Scratch {
    path: PathBuf,
    _lock: File,
}

impl Scratch {
    /// For the trial of this backup.
    /// Errors: a sentence; [`BUSY`] when another one is tried.
    fn begin(data: &Path, file: &Path) -> Result<Self, String> {
        let bytes = fs::metadata(file).map_err(|error| unreadable(&error))?.len();
        let path = data.join(SCRATCH);
        let refused = |error: io::Error| format!("{} cannot be made: {}.", path.display(), io_fault(&error));
        let scratch = Self::hold(&path).map_err(refused)?.ok_or_else(|| BUSY.to_owned())?;
        let disk = rustix::fs::statvfs(&path).map_err(|error| refused(error.into()))?;
        let (free, needed) = (disk.f_bavail.saturating_mul(disk.f_frsize), bytes.saturating_add(ROOM));
        if free < needed {
            return Err(format!(
                "A restore drill needs at least {} MB in {}, and {} MB are free.",
                needed.div_ceil(MEGABYTE),
                data.display(),
                free / MEGABYTE
            ));
        }
        Ok(scratch)
    }

    /// Makes the folder, and empties it when it was left by one that was killed. None when another process has it.
    fn hold(path: &Path) -> io::Result<Option<Self>> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)?;
        let lock = File::open(path)?;
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
            Ok(()) => {}
        }
        // The one that had it may have removed it between the two.
        let is_same = fs::metadata(path).is_ok_and(|now| lock.metadata().is_ok_and(|held| now.ino() == held.ino()));
        if !is_same {
            return Ok(None);
        }
        for entry in fs::read_dir(path)? {
            let entry = entry?.path();
            if entry.is_dir() { fs::remove_dir_all(&entry) } else { fs::remove_file(&entry) }?;
        }
        Ok(Some(Self { path: path.to_owned(), _lock: lock }))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}
