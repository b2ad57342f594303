//! A storage that fails and works again, for real: the real program, a preloaded library that makes system calls fail,
//! and a small disk that is full.

use std::{
    fs::{self, File},
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

use crate::{
    contact,
    harness::TestApp,
    postgres,
    program::{Disk, Program, SERVE, done, ended, plinth, refused},
};

/// How soon writing works after a failure.
const HEALED: Duration = Duration::from_secs(5);

/// The texts of all messages, read by another process.
pub async fn stored(data: &Path) -> Vec<String> {
    let url = format!("sqlite:{}", data.join("plinth.db").display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let rows: Vec<(String,)> =
        sqlx::query_as("select body from message order by id").fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    rows.into_iter().map(|(body,)| body).collect()
}

#[tokio::test]
async fn writing_works_again_when_the_storage_does() {
    let (data, faults) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let Some(program) = Program::start_with_faults(data.path(), faults.path()) else { return };
    program.takes("before");
    let mut taken = vec!["before".to_owned()];
    for fault in ["sync", "write", "full"] {
        let flag = faults.path().join(fault);
        File::create(&flag).unwrap();
        for number in 1..=3 {
            program.refuses(&format!("{fault} {number}"));
        }
        program.get("/healthz", 200);
        let answer = program.not_ready();
        assert!(answer.contains("the storage does not work"), "{answer}");
        fs::remove_file(&flag).unwrap();
        assert!(program.ready_after() < HEALED, "after {fault}");
        let after = format!("after {fault}");
        program.takes(&after);
        taken.push(after);
    }
    program.stop();
    assert_eq!(stored(data.path()).await, taken, "what was acknowledged is there, and nothing else");
}

#[tokio::test]
async fn a_file_that_takes_nothing_while_its_log_does_is_told() {
    if postgres::skips("it is about the files of SQLite") {
        return;
    }
    let (data, faults) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let Some(mut program) = Program::start_with_faults(data.path(), faults.path()) else { return };
    program.takes("before");
    let flag = faults.path().join("main");
    File::create(&flag).unwrap();
    let answer = program.not_ready();
    assert!(answer.contains("does not go into the database file"), "{answer}");
    program.takes("during");
    program.get("/healthz", 200);
    program.get("/standards", 200);
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(3) {
        program.get("/readyz", 503);
    }
    let line = "what is written cannot go into the database file";
    assert_eq!(program.log().matches(line).count(), 1, "{}", program.log());
    fs::remove_file(&flag).unwrap();
    assert!(program.ready_after() < HEALED);
    program.logs("what is written goes into the database file again");
    program.takes("after");
    program.kill();
    assert_eq!(stored(data.path()).await, ["before", "during", "after"]);
}

#[tokio::test]
async fn a_storage_that_hangs_keeps_nobody_else_waiting() {
    let (data, faults) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let Some(program) = Program::start_with_faults(data.path(), faults.path()) else { return };
    let flag = faults.path().join("hang");
    File::create(&flag).unwrap();
    let since = Instant::now();
    let answer = program.get("/readyz", 503);
    assert!(answer.contains("does not answer in time"), "{answer}");
    for path in ["/healthz", "/standards", "/search?q=audit", "/readyz"] {
        program.get(path, if path == "/readyz" { 503 } else { 200 });
    }
    assert!(since.elapsed() < Duration::from_secs(20), "{:?}", since.elapsed());
    fs::remove_file(&flag).unwrap();
    assert!(program.ready_after() < HEALED);
    program.takes("afterwards");
}

#[tokio::test]
async fn what_a_session_keeps_does_not_wait_for_the_storage() {
    if postgres::skips("it is about the files of SQLite") {
        return;
    }
    let (data, faults) = (Arc::new(TempDir::new().unwrap()), TempDir::new().unwrap());
    let app = TestApp::over(data.clone(), &[]).await;
    let editor = app.editor().await;
    editor.post("/admin/account", &[("was_name", &editor.actor.name), ("name", "Another name")]).await.is(303);
    let cookie = editor.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).next().unwrap();
    app.app.db.close().await;
    let Some(program) = Program::start_with_faults(data.path(), faults.path()) else { return };
    File::create(faults.path().join("sync")).unwrap();
    program.refuses("cannot last");
    let seen = |times: usize| {
        let (status, screen) = program.send_with(&cookie, "GET", "/admin/account", "");
        assert_eq!(status, 200, "{screen}");
        assert_eq!(screen.matches("Your name was saved").count(), times, "{screen}");
    };
    seen(1);
    seen(0);
    program.refuses("cannot last either");
}

#[tokio::test]
async fn a_full_disk_is_survived() {
    let Some(disk) = Disk::mount(48 * 1024) else { return };
    let data = disk.path().join("data");
    let program = Program::start(&data);
    program.takes("before");
    disk.fill();
    // What is small may still fit into the last page that was there.
    let mut texts = (0..).map(|number| format!("{number} {}", "x".repeat(4000)));
    let mut taken = vec!["before".to_owned()];
    loop {
        let text = texts.next().unwrap();
        let (status, answer) = program.message(&text);
        if status == 503 {
            assert!(answer.contains(&text), "the text is kept");
            break;
        }
        assert_eq!(status, 303, "{answer}");
        taken.push(text);
    }
    program.refuses("while it is full");
    program.get("/healthz", 200);
    program.not_ready();
    program.get("/standards", 200);
    disk.free();
    assert!(program.ready_after() < HEALED);
    program.takes("after");
    taken.push("after".to_owned());
    program.stop();
    assert_eq!(stored(&data).await, taken);
}

#[test]
fn search_goes_on_while_its_index_cannot_be_written() {
    let Some(disk) = Disk::mount(48 * 1024) else { return };
    let dir = TempDir::new().unwrap();
    let url = format!("sqlite:{}", dir.path().join("plinth.db").display());
    let program = Program::run(plinth(disk.path(), &SERVE).env("DATABASE_URL", url));
    program.logs("the search index was made");
    disk.fill();
    program.takes("what the index has no place for");
    program.logs("the search index failed");
    assert!(program.get("/search?q=audit", 200).contains("results for"), "what was indexed is found");
}

#[test]
fn a_disk_that_is_full_or_read_only_at_the_first_start_is_told() {
    let Some(disk) = Disk::mount(256) else { return };
    disk.fill();
    let data = disk.path().join("data");
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["migrate"]] {
        let output = ended(plinth(&data, command));
        refused(&output, &[data.to_str().unwrap(), "the disk is full", "PLINTH_DATA"]);
    }
    disk.free();
    let output = ended(plinth(&data, &["serve", "--listen", "127.0.0.1:0"]));
    refused(&output, &["the disk is full"]);
    let again = ended(plinth(&data, &["serve", "--listen", "127.0.0.1:0"]));
    refused(&again, &["the disk is full"]);
    let output = ended(plinth(&disk.path().join("other"), &["migrate"]));
    refused(&output, &["the disk is full"]);
    disk.make_read_only();
    let output = ended(plinth(&data, &["migrate"]));
    refused(&output, &[data.to_str().unwrap(), "cannot be written to", "the file system is read-only", "PLINTH_DATA"]);
}

/// Lets others work `times` times.
async fn turns(times: u32) {
    for _ in 0..times {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_client_that_hangs_up_halfway_leaves_the_writer_to_others() {
    let app = TestApp::with(&["--contact-limit", "10000"]).await;
    let visitor = app.visitor();
    let form_token = contact::form_token(&visitor).await;
    for turn in 0..120 {
        let body = format!("hung up after {turn} turns");
        let mut fields = contact::contact_form(&[("body", &body)]);
        fields.push(("form_token", &form_token));
        tokio::select! {
            biased;
            _ = visitor.post("/contact", &fields) => {}
            () = turns(turn * 3) => {}
        }
    }
    contact::send(&app, &[("body", "to the end")]).await;
    visitor.get("/readyz").await.is(200);
}

#[test]
fn an_export_that_finds_no_room_leaves_nothing_behind() {
    let Some(disk) = Disk::mount(64) else { return };
    let data = TempDir::new().unwrap();
    done(&ended(plinth(data.path(), &["import", concat!(env!("CARGO_MANIFEST_DIR"), "/starter")])));
    let folder = disk.path().join("site");
    let output = ended(plinth(data.path(), &["export", folder.to_str().unwrap()]));
    refused(&output, &["cannot be written", "the disk is full"]);
    assert!(!folder.exists(), "half an export");
    let deep = disk.path().join("new/folder");
    refused(&ended(plinth(data.path(), &["export", deep.to_str().unwrap()])), &["the disk is full"]);
    assert_eq!(fs::read_dir(disk.path()).unwrap().count(), 0, "directories that it made");
    fs::create_dir(&folder).unwrap();
    refused(&ended(plinth(data.path(), &["export", folder.to_str().unwrap()])), &["the disk is full"]);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0, "a directory that was there stays, and is empty");
}

/// The names of all that is on a disk.
fn names(disk: &Disk) -> Vec<String> {
    let entries = fs::read_dir(disk.path()).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn a_backup_or_a_copy_that_finds_no_room_leaves_nothing_behind() {
    if postgres::skips("it is about the files of SQLite") {
        return;
    }
    let data = TempDir::new().unwrap();
    done(&ended(plinth(data.path(), &["import", concat!(env!("CARGO_MANIFEST_DIR"), "/starter")])));
    let from = format!("sqlite:{}", data.path().join("plinth.db").display());
    // Left by the program that serves the source.
    File::create(data.path().join("plinth.db-lock")).unwrap();
    // Enough for nothing, for the tables, and for a part of the rows.
    let sizes = [8, 64, 400, 700];
    for size in sizes {
        let Some(disk) = Disk::mount(size) else { return };
        let file = disk.path().join("site.tar");
        let output = ended(plinth(data.path(), &["backup", file.to_str().unwrap()]));
        refused(&output, &["cannot be backed up", "the disk is full"]);
        assert_eq!(names(&disk), Vec::<String>::new(), "after a backup to {size} KiB");
        let to = format!("sqlite:{}", disk.path().join("new/copy.db").display());
        for _ in 0..2 {
            let output = ended(plinth(data.path(), &["copy", "--from", &from, "--to", &to]));
            refused(&output, &["the disk is full"]);
            assert_eq!(names(&disk), Vec::<String>::new(), "after a copy to {size} KiB");
        }
    }
}
