//! What `plinth doctor` and the screen “System” say of a site that is well, and of what can be wrong with one.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Output};

use axum::{body::Body, http::Method};
use serde_json::Value;
use sqlx::{Connection, Executor, SqliteConnection};
use tempfile::TempDir;

use crate::{
    command_line::{plinth, succeeds},
    harness::TestApp,
    postgres,
    program::{Disk, Program},
};

const DAY: i64 = 24 * 60 * 60 * 1000;

/// What the command says to programs: the exit code, the worst grade, and the checks.
fn asked(data: &Path) -> (Option<i32>, String, Vec<Value>) {
    let Output { status, stdout, .. } = plinth(data, &["doctor", "--json"], "");
    let report: Value = serde_json::from_slice(&stdout).expect("JSON");
    (status.code(), report["grade"].as_str().unwrap().to_owned(), report["checks"].as_array().unwrap().clone())
}

/// The grade of one check, and what it says with what to do.
fn one(checks: &[Value], name: &str) -> (String, String) {
    let found = checks.iter().find(|one| one["check"] == name).unwrap_or_else(|| panic!("no {name} in {checks:#?}"));
    let text = |key: &str| found[key].as_str().unwrap();
    (text("grade").to_owned(), format!("{} {}", text("says"), text("do")))
}

/// Asserts that the command finds something wrong with the database.
#[track_caller]
fn refuses(data: &Path, says: &str) {
    let (code, grade, checks) = asked(data);
    assert_eq!((code, grade.as_str()), (Some(1), "wrong"));
    let (grade, text) = one(&checks, "Database");
    assert!(grade == "wrong" && text.contains(says), "“{says}” is not in: {text}");
}

#[tokio::test]
async fn administrators_see_what_is_wrong_and_what_to_do() {
    let options = ["--trusted-proxies", "10.0.0.1", "--smtp-url", "smtp://127.0.0.1:9", "--mail-from", "a@b.example"];
    let app = TestApp::with(&options).await;
    let (visitor, admin) = (app.visitor(), app.admin().await);
    let page = admin.get("/admin/system").await.is(200).says("To be completed").says("/imprint");
    let page = page.says("Only one user can sign in").says("127.0.0.1:9").says("believed from 10.0.0.1");
    page.does_not_say("newest entry of the audit log is of").does_not_say("Since the start");
    let open = format!("{} (755)", app.data.path().display());
    fs::set_permissions(app.data.path(), fs::Permissions::from_mode(0o700)).unwrap();
    admin.get("/admin/system").await.does_not_say(&open);
    app.editor().await;
    admin.get("/admin/system").await.says("2 can sign in.");

    fs::set_permissions(app.data.path(), fs::Permissions::from_mode(0o755)).unwrap();
    admin.get("/admin/system").await.says("can look at private data").says(&open).says("Run chmod go= on each");
    let forwarded = visitor.request(Method::GET, "/admin").header("x-forwarded-for", "203.0.113.9");
    visitor.send(forwarded.body(Body::empty()).unwrap()).await.is(303);
    admin
        .get("/admin/system")
        .await
        .says("Since the start this was seen")
        .says("that PLINTH_TRUSTED_PROXIES does not name");
    app.app.clock.jump(-2 * DAY);
    admin.get("/admin/system").await.says("newest entry of the audit log is of").says("Set the clock");
}

#[test]
fn the_command_works_beside_a_running_portal_and_changes_nothing() {
    let directory = TempDir::new().unwrap();
    let data = &directory.path().join("data");
    postgres::of(data);
    let program = Program::start(data);
    program.takes("A message, so that there is one.");
    program.logs("the search index was made");
    let (code, grade, checks) = asked(data);
    assert_eq!((code, grade.as_str()), (Some(0), "advice"), "{checks:#?}");
    for (name, grade) in
        [("Database", "ok"), ("Clock", "ok"), ("Backup", "advice"), ("To be completed", "advice"), ("Search", "ok")]
    {
        assert_eq!(one(&checks, name).0, grade, "{name} in {checks:#?}");
    }
    let said = succeeds(&plinth(data, &["doctor", "--mail"], ""));
    assert!(
        said.contains("ok      Database: ") && said.contains("advice  Mail server, asked: None is set.\n"),
        "{said}"
    );
    let misspelt = crate::program::plinth(data, &["doctor"]).env("PLINTH_SERVICE_HOST", "10.0.0.1").output().unwrap();
    assert!(succeeds(&misspelt).contains("advice  Settings: No setting, and ignored: PLINTH_SERVICE_HOST."));
    let command = &mut crate::program::plinth(data, &["doctor", "--mail"]);
    let command = command.env("PLINTH_SMTP_URL", "smtp://127.0.0.1:9").env("PLINTH_MAIL_FROM", "a@b.example");
    let said = command.output().unwrap();
    let text = String::from_utf8(said.stdout).unwrap();
    assert!(said.status.code() == Some(1) && text.contains("wrong   Mail server, asked: 127.0.0.1:9"), "{text}");
    program.takes("And it goes on.");
    fs::set_permissions(data, fs::Permissions::from_mode(0o750)).unwrap();
    assert_eq!(one(&asked(data).2, "Rights of files").0, "wrong");
    program.stop();
    let program = Program::start(data);
    program.logs("Rights of files: Others on this machine can look at private data");
}

#[test]
fn settings_with_which_the_portal_does_not_start_are_told_to_programs_too() {
    let directory = TempDir::new().unwrap();
    let data = &directory.path().join("data");
    postgres::of(data);
    succeeds(&plinth(data, &["migrate"], ""));
    assert_eq!(one(&asked(data).2, "Start").0, "ok");
    let bucket = "https://s3.example/bucket";
    for (variable, value, code, check, says) in [
        ("PLINTH_BACKUP_S3", bucket, 1, "Start", "PLINTH_BACKUP_DIR has to be set too"),
        ("PLINTH_LISTEN", "banana", 2, "Settings", "PLINTH_LISTEN (in the environment or .env) is “banana”"),
        ("PLINTH_LISTN", "3000", 1, "Settings", "Did you mean PLINTH_LISTEN?"),
    ] {
        let mut command = crate::program::plinth(data, &["doctor", "--json"]);
        let said = command.env(variable, value).output().unwrap();
        let report: Value = serde_json::from_slice(&said.stdout).unwrap_or_else(|error| panic!("{variable}: {error}"));
        let (grade, text) = one(report["checks"].as_array().unwrap(), check);
        assert_eq!((said.status.code(), &*grade), (Some(code), "wrong"), "{text}");
        assert!(report["grade"] == "wrong" && text.contains(says), "“{says}” is not in: {text}");
    }
}

#[tokio::test]
async fn whatever_lies_in_the_place_of_the_database_is_named() {
    if postgres::skips("it is about the file of SQLite") {
        return;
    }
    let directory = TempDir::new().unwrap();
    let data = directory.path().join("data");
    refuses(&data, "There is no database at");
    assert!(!data.exists(), "nothing is made");
    assert_eq!(one(&asked(&data).2, "Folders").0, "wrong");
    fs::write(&data, "").unwrap();
    assert!(one(&asked(&data).2, "Folders").1.contains("there is a file in its place"));
    fs::remove_file(&data).unwrap();
    fs::create_dir(&data).unwrap();
    let database = data.join("plinth.db");
    fs::write(&database, "no database at all, and long enough to be looked at as one".repeat(100)).unwrap();
    refuses(&data, "cannot be read");
    fs::remove_file(&database).unwrap();
    succeeds(&plinth(&data, &["migrate"], ""));
    assert_eq!(one(&asked(&data).2, "Database").0, "ok");
    let whole = fs::read(&database).unwrap();
    // The first page stays, so that it looks like one of ours.
    let mut torn = whole.clone();
    torn[4096..].fill(0x5a);
    fs::write(&database, torn).unwrap();
    let (code, grade, checks) = asked(&data);
    assert_eq!((code, grade.as_str()), (Some(1), "wrong"), "{checks:#?}");
    fs::write(&database, whole).unwrap();
    let mut newer = SqliteConnection::connect(&format!("sqlite:{}", database.display())).await.unwrap();
    let sql = "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
               values (99990101000000, 'later', 1, x'', 0)";
    newer.execute(sql).await.unwrap();
    newer.close().await.unwrap();
    refuses(&data, "newer than this program");
}

#[test]
fn a_full_disk_is_told() {
    let Some(disk) = Disk::mount(24 * 1024) else { return };
    let data = disk.path().join("data");
    fs::create_dir(&data).unwrap();
    postgres::of(&data);
    succeeds(&plinth(&data, &["migrate"], ""));
    disk.fill();
    let (code, _, checks) = asked(&data);
    let (grade, text) = one(&checks, "Disk");
    assert!(code == Some(1) && grade == "wrong" && text.contains("Free: 0 MiB"), "{text}");
    assert_eq!(one(&checks, "Database").0, "ok", "reading goes on");
}
