//! What a maintainer reads at the terminal: sentences of Plinth, not of the libraries and the system below it.

use std::{
    fs::{self, File},
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

use crate::{
    postgres,
    program::{PATIENCE, Program, SERVE, done, ended, plinth, refused},
};

#[test]
fn a_number_that_is_none_is_refused_in_a_sentence() {
    let data = TempDir::new().unwrap();
    for (name, value, range) in [
        ("PLINTH_CONTACT_LIMIT", "ten", "from 1 to 1000000000"),
        ("PLINTH_LOGIN_LIMIT", "0", "from 1 to 1000000000"),
        ("PLINTH_PAGE_CACHE", "-5", "from 0 to 1000000"),
        ("PLINTH_HEADER_TIMEOUT", "", "from 1 to 3600"),
        ("PLINTH_KEEPALIVE_TIMEOUT", "3601", "from 1 to 3600"),
    ] {
        let output = ended(plinth(data.path(), &["user", "list"]).env(name, value));
        let said = String::from_utf8_lossy(&output.stderr);
        let sentence = format!("{name} (in the environment or .env) is “{value}”: it must be a whole number {range}\n");
        assert!(output.status.code() == Some(2) && said.ends_with(&sentence), "{said}");
    }
    let output = ended(plinth(data.path(), &["--page-cache", "many", "user", "list"]));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("it must be a whole number") && !said.contains("invalid digit"), "{said}");
}

#[test]
fn what_the_system_refuses_is_told_without_its_numbers() {
    if postgres::skips("it is about files of SQLite") {
        return;
    }
    let data = TempDir::new().unwrap();
    done(&ended(plinth(data.path(), &["migrate"])));
    let there = data.path().join("there");
    fs::write(&there, "").unwrap();
    refused(
        &ended(plinth(data.path(), &["backup", there.to_str().unwrap()])),
        &["There is a file", "Name a file that is not there yet"],
    );
    refused(&ended(plinth(data.path(), &["import", "/nowhere"])), &["/nowhere cannot be read: it is not there"]);

    let file = data.path().join("plinth.db");
    let mut bytes = fs::read(&file).unwrap();
    bytes[8192..].fill(0x5a);
    fs::write(&file, bytes).unwrap();
    let said = refused(&ended(plinth(data.path(), &["user", "list"])), &["the file is damaged"]);
    assert!(!said.contains("SQLite"), "{said}");
}

#[test]
fn the_usage_names_what_must_be_typed_and_no_more() {
    let data = TempDir::new().unwrap();
    for (typed, usage) in [
        (&["user", "add"][..], "Usage: plinth user add [OPTIONS] --email <EMAIL>"),
        (&["import"][..], "Usage: plinth import [OPTIONS] <DIR>"),
    ] {
        let output = ended(plinth(data.path(), typed).env("PLINTH_LOG", "info"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && said.contains(usage), "{said}");
        assert!(!said.contains("--data <DATA>"), "{said}");
    }
}

async fn make(file: &Path, statements: &[&'static str]) {
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    for statement in statements {
        sqlx::raw_sql(*statement).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
}

#[tokio::test]
async fn whatever_another_program_has_in_a_database_makes_it_foreign() {
    if postgres::skips("it is about files of SQLite") {
        return;
    }
    let migrations = "create table _sqlx_migrations (version bigint primary key, description text not null, installed_on \
         timestamp not null default current_timestamp, success boolean not null, checksum blob not null, execution_time \
         bigint not null)";
    let row = "insert into _sqlx_migrations values (1, 'x', '2026-01-01', true, x'00', 1)";
    for (statements, says) in [
        (&["create view seen as select 1"][..], "it has a view “seen” and no migrations of Plinth"),
        (&[migrations, row][..], "it has the migrations of another program"),
    ] {
        let data = TempDir::new().unwrap();
        let file = data.path().join("plinth.db");
        make(&file, statements).await;
        let before = fs::read(&file).unwrap();
        for command in [&["migrate"][..], &["user", "list"], &["audit", "head"], &SERVE] {
            refused(&ended(plinth(data.path(), command)), &["belongs to another program", says]);
        }
        assert_eq!(fs::read(&file).unwrap(), before);
    }
}

#[test]
fn output_that_cannot_be_written_is_a_failure() {
    let data = TempDir::new().unwrap();
    postgres::of(data.path());
    done(&ended(plinth(data.path(), &["import", concat!(env!("CARGO_MANIFEST_DIR"), "/starter-empty")])));
    let mut add = plinth(data.path(), &["user", "add", "--email", "a@b.example", "--name", "A", "--role", "editor"]);
    let password = data.path().join("password");
    fs::write(&password, "correct horse battery staple\n").unwrap();
    done(&ended(add.arg("--password-stdin").stdin(File::open(&password).unwrap())));
    for command in [&["audit", "head"][..], &["audit", "verify"], &["user", "list"]] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let child = plinth(data.path(), command).stdout(full).stderr(Stdio::piped()).spawn().unwrap();
        refused(&child.wait_with_output().unwrap(), &["Standard output cannot be written to: the disk is full"]);
    }
}

#[test]
fn a_lock_file_that_was_deleted_is_made_again_and_held() {
    if postgres::skips("nodes share a database of PostgreSQL") {
        return;
    }
    let data = TempDir::new().unwrap();
    let program = Program::start(data.path());
    let lock = data.path().join("plinth.db-lock");
    fs::remove_file(&lock).unwrap();
    let since = Instant::now();
    while fs::read(&lock).unwrap_or_default().is_empty() {
        assert!(since.elapsed() < PATIENCE);
        std::thread::sleep(Duration::from_millis(5));
    }
    refused(&ended(plinth(data.path(), &SERVE)), &["serves the site in", "already"]);
    program.get("/healthz", 200);

    // Someone else had it first: then this one stops.
    let other = File::create(data.path().join("other")).unwrap();
    other.lock().unwrap();
    fs::rename(data.path().join("other"), &lock).unwrap();
    program.logs("stopping: Another Plinth serves the site");
}
