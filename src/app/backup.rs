//! The command `backup`: the whole site in one file, also while it is served.

use std::{
    fs::File,
    io::{self, BufWriter, IsTerminal, Write as _},
    path::Path,
    time::{Duration, Instant},
};

use bytes::Bytes;
use tokio::{
    sync::mpsc::{self, Receiver},
    task::spawn_blocking,
};

use super::{
    backup_keys,
    data_directory::DataDirectory,
    media_place, start,
    terminal::{say, show},
};
use crate::{
    backup::{
        making::{self, BackupSource},
        manifest::{Manifest, media_name},
        partial::Partial,
    },
    clock::Clock,
    config::{
        Config,
        backup::{LockOptions, UnlockOptions},
    },
    crypto::age::{header::Seal, payload::EncryptedWriter},
    db::{opening::io_fault, pool::Db},
    error::Result,
    model::{actor::Actor, document::rules::DocumentRules, opening, write::Write},
    text::count::pluralise,
};

/// Pieces that wait for a slow disk.
const WAITING: usize = 8;
/// What is written to the disk at a time, in bytes.
const BUFFER: usize = 1024 * 1024;
/// How often a terminal shows how far it is.
const SHOWN: Duration = Duration::from_millis(200);
const MEGABYTE: u64 = 1_000_000;
/// How many files that are missing are named.
const TOLD: usize = 10;

/// `plinth backup FILE`: whole and of one moment, also while the portal is served.
/// Errors: a sentence for the maintainer; no file is left then unless it says so, and none that was there is touched.
pub async fn run(
    config: Config,
    file: &Path,
    (lock, files): (LockOptions, &UnlockOptions),
) -> std::result::Result<(), String> {
    if DataDirectory::of(&config)?.file().is_none() {
        return Err("This database is kept by PostgreSQL: back it up with its own programs, such as \
            `pg_dump --format=custom --file=FILE DATABASE_URL`, then copy the folder “media” of the data directory."
            .to_owned());
    }
    let seal = backup_keys::seal(&config, lock, files)?;
    let is_encrypted = seal.is_some();
    let db = start::open_existing(&config).await?;
    let made = write(&config, &db, file, (seal, progress())).await;
    let noted = if made.is_ok() { note(&db).await } else { Ok(()) };
    db.close().await;
    let manifest = made?;
    let members = manifest.members.values().map(|member| member.bytes);
    say(&format!(
        "Backed up the site to {} ({}the database and {}, {} KB).",
        file.display(),
        if is_encrypted { "encrypted: " } else { "" },
        pluralise(members.len() - 1, "file", "files"),
        members.sum::<u64>().div_ceil(1000)
    ));
    if let Err(error) = noted {
        say(&format!("The site itself does not know of this backup: {}", error.for_terminal()));
    }
    refuse_lost(&manifest, file)
}

/// Makes a backup, encrypted when there is a seal, and tells how many bytes of how many are written.
/// Errors: a sentence; nothing is left then.
pub(super) async fn write(
    config: &Config,
    db: &Db,
    file: &Path,
    (seal, tell): (Option<Seal>, impl FnMut(u64, u64)),
) -> std::result::Result<Manifest, String> {
    let partial = Partial::begin(file)?;
    let failed =
        |fault: String| format!("The site cannot be backed up to {}: {fault}. Nothing is left there.", file.display());
    let output = partial.file().map_err(|error| failed(io_fault(&error)))?;
    let (pieces, receiver) = mpsc::channel(WAITING);
    let writing = spawn_blocking(move || write_pieces(output, seal.as_ref(), receiver));
    let media = media_place::open(config)?;
    let source = BackupSource { db, media: &media, now: Clock::default().now() };
    let made = making::make(source, &partial.scratch(), &pieces, tell).await;
    drop(pieces);
    let written = writing.await.map_err(|error| failed(error.to_string()))?;
    // When the disk did not take it, that is why it could not be made.
    written.map_err(|error| failed(io_fault(&error)))?;
    let manifest = made.map_err(|error| failed(error.for_terminal()))?;
    partial.keep().map_err(|error| failed(io_fault(&error)))?;
    Ok(manifest)
}

fn write_pieces(file: File, seal: Option<&Seal>, pieces: Receiver<Result<Bytes>>) -> io::Result<()> {
    let mut file = BufWriter::with_capacity(BUFFER, file);
    if let Some(seal) = seal {
        let mut encrypted = EncryptedWriter::begin(file, seal)?;
        write_all(&mut encrypted, pieces)?;
        file = encrypted.finish()?;
    } else {
        write_all(&mut file, pieces)?;
    }
    file.flush()
}

fn write_all(to: &mut impl io::Write, mut pieces: Receiver<Result<Bytes>>) -> io::Result<()> {
    while let Some(Ok(piece)) = pieces.blocking_recv() {
        to.write_all(&piece)?;
    }
    Ok(())
}

/// Shows at a terminal how far it is.
fn progress() -> impl FnMut(u64, u64) {
    let is_shown = io::stdout().is_terminal();
    let mut shown = Instant::now();
    move |done, of| {
        if is_shown && (done == of || shown.elapsed() > SHOWN) {
            shown = Instant::now();
            let end = if done == of { "\n" } else { "" };
            show(&format!("\r{} of {} MB{end}", done / MEGABYTE, of.div_ceil(MEGABYTE)));
        }
    }
}

/// Errors: a sentence when the media library lacked something: that must not be overlooked.
pub(super) fn refuse_lost(
    Manifest { missing, damaged, .. }: &Manifest,
    file: &Path,
) -> std::result::Result<(), String> {
    if missing.is_empty() && damaged.is_empty() {
        return Ok(());
    }
    let missing = missing.iter().map(|hash| format!("{} is missing", media_name(hash)));
    let damaged = damaged.iter().map(|hash| format!("{} is damaged", media_name(hash)));
    let lost: Vec<_> = missing.chain(damaged).collect();
    let more = lost.len().checked_sub(TOLD + 1).map_or_else(String::new, |more| format!("\nand {} more", more + 1));
    Err(format!(
        "The backup {} was made, but the media library has lost files that the site uses, so they are not in it. Put them \
        back from an earlier backup.\n{}{more}",
        file.display(),
        lost[..lost.len().min(TOLD)].join("\n"),
    ))
}

/// Tells the site, for its dashboard, that a backup was made. The backup itself does not say so.
async fn note(db: &Db) -> Result<()> {
    let actor = Actor::system("backup");
    let write = Write::begin(db, &Clock::default(), actor, DocumentRules::default()).await?;
    opening::note_backup(&write).await?;
    write.commit().await
}
