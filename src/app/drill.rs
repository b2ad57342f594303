//! The restore drill: puts a backup into a folder of its own, checks all of it and renders pages from it, and so proves that it can
//! be restored. The site takes no notice.

use std::{
    fs::{self, DirBuilder, File},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    time::Instant,
};

use tokio::task::spawn_blocking;

use super::{data_directory::DataDirectory, restore, start, terminal::say};
use crate::{
    backup::{
        manifest::Manifest,
        unpacking::{UNPACKED, unpack},
    },
    clock::{Clock, Timestamp},
    config::Config,
    db::{address::DatabaseAddress, opening::io_fault, pool::Db},
    model::{
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
    let drilled = drill(&config, file).await;
    if is_here {
        let db = start::open_existing(&config).await?;
        note(&db, file, (begun, Clock::default().now()), drilled.as_ref().err()).await;
        db.close().await;
    }
    let Drill { manifest, pages } =
        drilled.map_err(|fault| format!("{} cannot be restored. {fault}", file.display()))?;
    say(&format!(
        "{} can be restored: “{}” as it was at {}. The database, {} and {} were tried, in {:.1} s.",
        file.display(),
        manifest.site_name,
        manifest.created_at,
        pluralise(manifest.members.len() - 1, "file", "files"),
        pluralise(pages, "page", "pages"),
        begun.elapsed().as_secs_f32(),
    ));
    let lost = manifest.missing.len() + manifest.damaged.len();
    if lost > 0 {
        say(&format!(
            "{} of the media library were lost or damaged before it was made.",
            pluralise(lost, "file", "files")
        ));
    }
    Ok(())
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

/// Errors: what is wrong with the backup, or why that cannot be found out.
pub(super) async fn drill(config: &Config, file: &Path) -> Result<Drill, String> {
    let archive = File::open(file).map_err(|error| format!("It cannot be read: {}.", io_fault(&error)))?;
    let scratch = Scratch::begin(&config.data)?;
    let folder = scratch.path.clone();
    let unpacked = spawn_blocking(move || unpack(archive, &folder)).await;
    let manifest = unpacked.map_err(|error| error.to_string())??;
    restore::check(&scratch.path, &manifest).await?;
    let pages =
        render(config, &scratch.path).await.map_err(|fault| format!("Its pages cannot be rendered: {fault}."))?;
    Ok(Drill { manifest, pages })
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

/// A folder that is removed when this is dropped. One process has it at a time.
struct Scratch {
    path: PathBuf,
    _lock: File,
}

impl Scratch {
    fn begin(data: &Path) -> Result<Self, String> {
        let path = data.join(SCRATCH);
        let refused = |error: io::Error| format!("{} cannot be made: {}.", path.display(), io_fault(&error));
        DirBuilder::new().recursive(true).mode(0o700).create(&path).map_err(refused)?;
        let lock = File::open(&path).map_err(refused)?;
        if lock.try_lock().is_err() {
            return Err("Another restore drill is under way.".to_owned());
        }
        // Left by one that was killed.
        for entry in fs::read_dir(&path).map_err(refused)?.flatten() {
            let entry = entry.path();
            let removed = if entry.is_dir() { fs::remove_dir_all(&entry) } else { fs::remove_file(&entry) };
            removed.map_err(refused)?;
        }
        Ok(Self { path, _lock: lock })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}
