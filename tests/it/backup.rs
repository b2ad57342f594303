//! `plinth backup` and `plinth restore`: what is backed up comes back, while others write and whatever ends it.

use std::{
    collections::BTreeSet,
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::Output,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Instant,
};

use image::ImageFormat;
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

use crate::{
    command_line::{fails, plinth, succeeds},
    harness::TestApp,
    media::{pdf, picture, upload},
    media_s3, postgres,
    program::{self, Disk, PATIENCE, Program},
};

/// The database and the media library are files.
pub const SKIPPED: &str = "PostgreSQL makes its backups itself";

pub fn backup(data: &Path, file: &Path) -> Output {
    plinth(data, &["backup", file.to_str().unwrap()], "")
}

pub fn restore(file: &Path, data: &Path) -> Output {
    plinth(data, &["restore", file.to_str().unwrap()], "")
}

pub fn replace(file: &Path, data: &Path) -> Output {
    plinth(data, &["restore", "--replace", file.to_str().unwrap()], "")
}

pub fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// A data directory with the empty starter site and a file, and its backup.
pub async fn site_with_media(folder: &Path) -> (Arc<TempDir>, PathBuf) {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let photo = picture(900, 600, ImageFormat::Jpeg);
    upload(&editor, &[("Photo.jpg", &photo), ("fees.pdf", &pdf("fees"))]).await.is(303);
    let data = app.data.clone();
    app.app.db.close().await;
    let file = folder.join("site.tar");
    succeeds(&backup(data.path(), &file));
    (data, file)
}

pub async fn messages(data: &Path) -> Vec<String> {
    let address = format!("sqlite:{}?mode=ro", data.join("plinth.db").display());
    let mut connection = SqliteConnection::connect(&address).await.unwrap();
    let rows: Vec<(String,)> = sqlx::query_as("select body from message").fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    rows.into_iter().map(|(body,)| body).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_holds_every_write_that_was_acknowledged_before() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let (data, folder) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let program = Program::start(data.path());
    let (taken, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (one, two) = (folder.path().join("one.tar"), folder.path().join("two.tar"));
    let before = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::SeqCst) {
                program.takes(&format!("message {}.", taken.load(Ordering::SeqCst)));
                taken.fetch_add(1, Ordering::SeqCst);
            }
        });
        let since = Instant::now();
        while taken.load(Ordering::SeqCst) < 5 {
            assert!(since.elapsed() < PATIENCE);
            std::thread::yield_now();
        }
        let before = taken.load(Ordering::SeqCst);
        // Two at once are both whole.
        let other = scope.spawn(|| backup(data.path(), &two));
        succeeds(&backup(data.path(), &one));
        succeeds(&other.join().unwrap());
        stop.store(true, Ordering::SeqCst);
        before
    });
    fails(&replace(&one, data.path()), 1, &["Another Plinth", "nothing was changed"]);
    program.takes("still served");
    for file in [&one, &two] {
        let restored = folder.path().join("restored");
        let said = succeeds(&restore(file, &restored));
        assert!(said.contains("Restored “"), "{said}");
        assert_eq!(names(&restored), ["plinth.db", "plinth.db-lock"].map(str::to_owned).into());
        let kept = messages(&restored).await;
        for number in 0..before {
            let body = format!("message {number}.");
            assert!(kept.iter().any(|message| message.contains(&body)), "{body} of {before} is lost: {kept:?}");
        }
        succeeds(&plinth(&restored, &["audit", "verify"], ""));
        Program::start(&restored).takes("it goes on");
        fs::remove_dir_all(restored).unwrap();
    }
    assert_eq!(names(folder.path()), ["one.tar", "two.tar"].map(str::to_owned).into());
}

#[tokio::test]
async fn a_restored_site_has_its_media_and_its_audit_log_says_so() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let (data, file) = site_with_media(folder.path()).await;
    let restored = TempDir::new().unwrap();
    succeeds(&restore(&file, restored.path()));
    for shard in names(&data.path().join("media")) {
        for name in names(&data.path().join("media").join(&shard)) {
            let path = Path::new("media").join(&shard).join(name);
            assert_eq!(fs::read(restored.path().join(&path)).unwrap(), fs::read(data.path().join(&path)).unwrap());
        }
    }
    if let (Some(from), Some(to)) = (media_s3::folder(data.path()), media_s3::folder(restored.path())) {
        let to = media_s3::objects(&to).len();
        assert!(to > 2 && to == media_s3::objects(&from).len(), "they are in the bucket: {to}");
    }
    let app = TestApp::over(restored.into(), &[]).await;
    let admin = app.admin().await;
    admin.get("/admin/media").await.is(200).says("fees");
    admin.get("/admin/audit-log").await.is(200).says("restored the backup of");
}

#[tokio::test]
async fn what_was_there_is_kept_aside() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let (folder, data) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (_old, file) = site_with_media(folder.path()).await;
    let program = Program::start(data.path());
    program.takes("of the other site");
    program.stop();
    fails(&restore(&file, data.path()), 1, &["There is a site in", "Add --replace"]);
    let said = succeeds(&replace(&file, data.path()));
    let aside = names(data.path()).into_iter().find(|name| name.starts_with("before-restore-")).unwrap();
    assert!(said.contains(&aside), "{said}");
    assert!(messages(&data.path().join(&aside)).await.iter().any(|body| body.contains("of the other site")));
    assert!(names(data.path()).contains("media") && !names(data.path()).contains("restore-partial"));
    assert_eq!(messages(data.path()).await, Vec::<String>::new());
    let program = Program::start(data.path());
    program.takes("of the restored one");
}

#[tokio::test]
async fn a_backup_that_is_killed_leaves_no_file_that_looks_whole() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let (data, _) = site_with_media(folder.path()).await;
    let file = folder.path().join("killed.tar");
    let partial = folder.path().join("killed.tar.partial");
    for _ in 0..5 {
        let mut child = program::plinth(data.path(), &["backup", file.to_str().unwrap()]).spawn().unwrap();
        while !partial.exists() && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        if !child.wait().unwrap().success() {
            assert!(!file.exists(), "it was killed");
        }
        let _ = fs::remove_file(&file);
    }
    fs::write(folder.path().join("killed.tar.partial.db"), "left").unwrap();
    succeeds(&backup(data.path(), &file));
    assert_eq!(names(folder.path()), ["killed.tar", "site.tar"].map(str::to_owned).into());
    let before = fs::read(&file).unwrap();
    fails(&backup(data.path(), &file), 1, &["Name a file that is not there yet"]);
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[tokio::test]
async fn one_file_is_made_by_one_process_at_a_time() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let (data, _) = site_with_media(folder.path()).await;
    let (file, partial) = (folder.path().join("two.tar"), folder.path().join("two.tar.partial"));
    fs::write(&partial, "of the other").unwrap();
    let other = fs::File::open(&partial).unwrap();
    other.try_lock().unwrap();
    fails(&backup(data.path(), &file), 1, &["Another process is making", "two.tar"]);
    assert_eq!(fs::read(&partial).unwrap(), b"of the other");
    drop(other);
    succeeds(&backup(data.path(), &file));
}

#[tokio::test]
async fn lost_files_are_told() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let (data, _) = site_with_media(folder.path()).await;
    let media = data.path().join("media");
    let mut files = names(&media).into_iter().flat_map(|shard| names(&media.join(shard)));
    let (lost, changed) = (files.next().unwrap(), files.next().unwrap());
    let path = |hash: &str| media.join(&hash[..2]).join(hash);
    fs::remove_file(path(&lost)).unwrap();
    let mut bytes = fs::read(path(&changed)).unwrap();
    bytes.pop();
    fs::write(path(&changed), bytes).unwrap();
    let file = folder.path().join("lost.tar");
    let output = backup(data.path(), &file);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for part in [format!("{lost} is missing"), format!("{changed} is damaged"), "was made".to_owned()] {
        assert!(said.contains(&part), "{part}: {said}");
    }
    let said = succeeds(&restore(&file, &folder.path().join("restored")));
    assert!(said.contains(&format!("{lost} is not in the backup")) && said.contains(&format!("{changed} is damaged")));
}

#[tokio::test]
async fn a_restore_that_finds_no_room_leaves_nothing_behind() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let (_data, file) = site_with_media(folder.path()).await;
    for size in [64, 300, 700] {
        let Some(disk) = Disk::mount(size) else { return };
        let data = disk.path().join("data");
        fails(&restore(&file, &data), 1, &["the disk is full", "nothing was changed"]);
        assert_eq!(names(disk.path()), BTreeSet::new(), "after a restore to {size} KiB");
    }
}

#[tokio::test]
async fn it_can_be_unpacked_by_hand() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let (_data, file) = site_with_media(folder.path()).await;
    let unpacked = folder.path().join("unpacked");
    tar::Archive::new(fs::File::open(&file).unwrap()).unpack(&unpacked).unwrap();
    let mut database = Vec::new();
    let packed = fs::File::open(unpacked.join("plinth.db.zst")).unwrap();
    zstd::Decoder::new(packed).unwrap().read_to_end(&mut database).unwrap();
    assert!(database.starts_with(b"SQLite format 3"));
    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(unpacked.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["format"], 1);
    assert_eq!(manifest["database"]["bytes"], database.len());
    for (name, member) in manifest["members"].as_object().unwrap() {
        assert_eq!(fs::metadata(unpacked.join(name)).unwrap().len(), member["bytes"].as_u64().unwrap(), "{name}");
    }
}
