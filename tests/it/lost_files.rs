//! The file of the database disappears, or is replaced by another one, while the site is served or afterwards.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use plinth::app::background;
use tempfile::TempDir;

use crate::{
    contact,
    harness::{TestApp, TestUser},
    postgres,
    program::{Program, SERVE, done, ended, plinth, refused},
    storage_faults::stored,
};

const LOST: &str = "the database is not the one that was opened";

/// A message with the text kept, because nothing can be stored.
async fn refuses(visitor: &TestUser, form_token: &str, body: &str) {
    let mut fields = contact::contact_form(&[("body", body)]);
    fields.push(("form_token", form_token));
    let reply = visitor.post("/contact", &fields).await.is(503).says("could not be stored").says(body);
    let reply = reply.says("no message can be taken at the moment").does_not_say("wait a minute");
    assert!(reply.header("retry-after").is_empty());
}

#[tokio::test]
async fn a_database_that_is_moved_away_takes_nothing_until_it_is_back() {
    if postgres::skips("it is about the files of SQLite") {
        return;
    }
    let app = TestApp::new().await;
    let (visitor, admin) = (app.visitor(), app.admin().await);
    let form_token = contact::form_token(&visitor).await;
    let (file, away) = (app.data.path().join("plinth.db"), app.data.path().join("away"));
    fs::rename(&file, &away).unwrap();
    refuses(&visitor, &form_token, "Written while it was away").await;
    assert_eq!(visitor.get("/healthz").await.is(200).header("content-type"), "text/plain; charset=utf-8");
    visitor.get("/standards").await.is(200);
    // Reading goes on in the admin area too, also when the session would be noted as seen.
    app.app.clock.advance(61_000);
    admin.get("/admin").await.is(200);
    let lost = admin.post("/admin/faq/categories/new", &[("title", "New"), ("slug", "new")]).await;
    lost.is(503).says("nothing can be changed until").does_not_say("in a minute");
    // Another file in its place is no better.
    fs::copy(&away, &file).unwrap();
    refuses(&visitor, &form_token, "Written to another one").await;
    visitor.get("/readyz").await.is(503).says(LOST);
    fs::rename(&away, &file).unwrap();
    contact::send(&app, &[("body", "Written when it was back")]).await;
}

#[tokio::test]
async fn readiness_says_that_the_file_is_gone() {
    if postgres::skips("it is about the files of SQLite") {
        return;
    }
    let app = TestApp::new().await;
    fs::remove_file(app.data.path().join("plinth.db-wal")).unwrap();
    app.visitor().get("/readyz").await.is(503).says(LOST);
    assert!(background::tick(&app.app).await.is_err());
}

#[tokio::test]
async fn what_was_acknowledged_survives_the_loss_of_the_log() {
    let data = TempDir::new().unwrap();
    let mut program = Program::start(data.path());
    program.takes("before the log went");
    fs::remove_file(data.path().join("plinth.db-wal")).unwrap();
    let since = Instant::now();
    program.logs("what was written before went into the database file");
    // A kill before that loses what was in the log.
    assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());
    program.refuses("after the log went");
    program.get("/healthz", 200);
    program.kill();
    assert_eq!(stored(data.path()).await, ["before the log went"]);
    Program::start(data.path()).takes("after a restart");
}

#[tokio::test]
async fn a_file_that_is_moved_and_linked_back_loses_nothing() {
    if postgres::skips("it is about the files of SQLite") {
        return;
    }
    let data = TempDir::new().unwrap();
    let (file, real) = (data.path().join("plinth.db"), data.path().join("plinth.db.real"));
    let mut program = Program::start(data.path());
    program.takes("before it was a link");
    program.kill();
    // The log stays behind, and SQLite would look for it elsewhere.
    fs::rename(&file, &real).unwrap();
    std::os::unix::fs::symlink("plinth.db.real", &file).unwrap();
    for command in [&SERVE[..], &["migrate"], &["user", "list"]] {
        let output = ended(plinth(data.path(), command));
        refused(&output, &["is a link to", "plinth.db-wal holds changes", "Move the file back in place of the link"]);
    }
    fs::remove_file(&file).unwrap();
    fs::rename(&real, &file).unwrap();

    let mut program = Program::start(data.path());
    program.takes("just before it was a link");
    fs::rename(&file, &real).unwrap();
    std::os::unix::fs::symlink("plinth.db.real", &file).unwrap();
    program.logs("leads to another name of the file that was opened");
    program.logs("what was written before went into the database file");
    program.refuses("after it was a link");
    program.kill();
    assert_eq!(stored(data.path()).await, ["before it was a link", "just before it was a link"]);
}

#[tokio::test]
async fn an_empty_log_in_place_of_the_lost_one_is_as_good_as_none() {
    let data = TempDir::new().unwrap();
    let mut program = Program::start(data.path());
    program.takes("before the log went");
    let log = data.path().join("plinth.db-wal");
    fs::write(data.path().join("empty"), "").unwrap();
    fs::rename(data.path().join("empty"), &log).unwrap();
    program.logs("what was written before went into the database file");
    program.kill();
    fs::remove_file(data.path().join("empty")).ok();
    assert_eq!(stored(data.path()).await, ["before the log went"]);
}

#[tokio::test]
async fn a_lost_file_is_logged_once() {
    let data = TempDir::new().unwrap();
    let program = Program::start(data.path());
    fs::remove_file(data.path().join("plinth.db")).unwrap();
    program.logs("plinth.db is gone, so nothing is written any more");
    for number in 0..3 {
        program.refuses(&format!("message {number}"));
    }
    let told = program.log().matches("Stop Plinth, put the file back").count();
    assert!(told <= 4, "once by the watch and once for each refused message: {}", program.log());
}

/// A copy of the database, made by another process.
fn backup(data: &Path, to: &Path) {
    let (archive, restored) = (to.with_extension("tar"), to.with_extension("restored"));
    done(&ended(plinth(data, &["backup", archive.to_str().unwrap()])));
    done(&ended(plinth(&restored, &["restore", archive.to_str().unwrap()])));
    fs::rename(restored.join("plinth.db"), to).unwrap();
}

#[test]
fn a_database_that_is_copied_over_the_open_one_is_noticed() {
    let dir = TempDir::new().unwrap();
    let other = dir.path().join("other");
    done(&ended(plinth(&other, &["import", concat!(env!("CARGO_MANIFEST_DIR"), "/starter-empty")])));
    let old = dir.path().join("old.db");
    let text = dir.path().join("text");
    fs::write(&text, "This is no database.\n".repeat(10_000)).unwrap();
    for from in [&old, &other.join("plinth.db"), &text] {
        let data = TempDir::new().unwrap();
        let program = Program::start(data.path());
        program.takes("in the backup");
        if !old.exists() {
            backup(data.path(), &old);
        }
        program.takes("after the backup");
        let form = program.get("/contact", 200);
        let form_token = form.split_once("name=\"form_token\" value=\"").unwrap().1.split_once('"').unwrap().0;
        // As `cp` does: the same file with another content.
        fs::copy(from, data.path().join("plinth.db")).unwrap();
        // A copy begins by emptying the file. When a connection is opened at that moment, SQLite removes the log, which is then missed first.
        program.logs("so nothing is written any more");
        let mut fields = contact::contact_form(&[("body", "after it was overwritten")]);
        fields.push(("form_token", form_token));
        let (status, _) = program.send("POST", "/contact", &serde_html_form::to_string(fields).unwrap());
        assert_ne!(status, 303);
        let answer = program.not_ready();
        assert!(answer.contains(LOST) || answer.contains("the database are damaged"), "{answer}");
        program.get("/healthz", 200);
    }
}

#[test]
fn what_other_commands_write_is_no_reason_to_stop() {
    let data = TempDir::new().unwrap();
    let program = Program::start(data.path());
    program.takes("before");
    let export = data.path().join("export");
    done(&ended(plinth(data.path(), &["export", export.to_str().unwrap()])));
    fs::write(export.join("pages/large.md"), format!("+++\ntitle = \"Large\"\n+++\n\n{}", "words ".repeat(50_000)))
        .unwrap();
    done(&ended(plinth(data.path(), &["import", export.to_str().unwrap()])));
    program.get("/large", 200);
    program.takes("after");
    program.ready_after();
}

fn without_database(data: &Path) {
    for name in ["plinth.db", "plinth.db-wal", "plinth.db-shm"] {
        let _ = fs::remove_file(data.join(name));
    }
}

#[test]
fn no_new_site_is_begun_where_there_was_one() {
    let data = TempDir::new().unwrap();
    let program = Program::start(data.path());
    program.takes("what may still be rescued");
    program.logs("the search index was made");
    program.stop();
    let index = data.path().join("search").join("public").join("meta.json");
    let old = fs::read(&index).unwrap();
    without_database(data.path());
    let sentence = ["is missing or empty", "search", "plinth.db-lock", "--new-site", "PLINTH_DATA"];
    for command in [&SERVE[..], &["migrate"], &["import", "starter"]] {
        let mut command = plinth(data.path(), command);
        refused(&ended(command.current_dir(env!("CARGO_MANIFEST_DIR"))), &sentence);
        assert!(!data.path().join("plinth.db").exists());
    }
    fs::write(data.path().join("plinth.db"), "").unwrap();
    refused(&ended(plinth(data.path(), &SERVE)), &sentence);
    assert_eq!(fs::read(&index).unwrap(), old, "nothing of it was touched");
    let mut arguments = SERVE.to_vec();
    arguments.push("--new-site");
    Program::run(&mut plinth(data.path(), &arguments)).takes("a new beginning");
}

#[test]
fn a_log_without_its_database_is_kept() {
    let data = TempDir::new().unwrap();
    done(&ended(plinth(data.path(), &["migrate"])));
    fs::remove_file(data.path().join("plinth.db")).unwrap();
    let log = data.path().join("plinth.db-wal");
    fs::write(&log, "what may still be rescued").unwrap();
    refused(&ended(plinth(data.path(), &["migrate"])), &["plinth.db-wal", "--new-site"]);
    fs::write(data.path().join("plinth.db"), "").unwrap();
    refused(&ended(plinth(data.path(), &["migrate"])), &["plinth.db-wal"]);
    assert_eq!(fs::read(&log).unwrap(), b"what may still be rescued");
}

#[test]
fn traces_beside_a_database_elsewhere_count() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    let site = |name: &str| -> (PathBuf, String) {
        let file = dir.path().join(name);
        (file.clone(), format!("sqlite:{}?mode=rwc", file.display()))
    };
    let (file, url) = site("site.db");
    let program = Program::run(plinth(&data, &SERVE).env("DATABASE_URL", &url));
    program.logs("the search index was made");
    program.stop();
    assert!(!data.join("plinth.db").exists() && file.exists());
    // A typing error in the address would begin an empty site beside the real one.
    let (_, slip) = site("stie.db");
    let output = ended(plinth(&data, &SERVE).env("DATABASE_URL", slip));
    refused(&output, &["stie.db is missing or empty", "search", "DATABASE_URL"]);
}
