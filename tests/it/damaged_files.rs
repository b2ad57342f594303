//! The files of the database are damaged by something else, while the site is served or before.

use std::{
    fs::{self, File},
    io::Write,
    os::unix::fs::FileExt,
    path::Path,
};

use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

use crate::{
    postgres,
    program::{Program, SERVE, ended, plinth, refused},
    storage_faults::stored,
};

type Damage = fn(&File);

/// What may happen to the log in its place.
const DAMAGES: [(&str, Damage); 4] = [
    ("cut to nothing", |log| log.set_len(0).unwrap()),
    ("cut to a part", |log| log.set_len(4000).unwrap()),
    ("emptied at its beginning", |log| log.write_all_at(&[0; 32], 0).unwrap()),
    ("overwritten", |mut log| log.write_all(&b"other ".repeat(usize::try_from(length(log)).unwrap() / 6)).unwrap()),
];

fn length(file: &File) -> u64 {
    file.metadata().unwrap().len()
}

#[tokio::test]
async fn a_log_that_is_damaged_in_its_place_ends_all_writing() {
    if postgres::skips("it is about the files of SQLite") {
        return;
    }
    for (how, damage) in DAMAGES {
        let data = TempDir::new().unwrap();
        let program = Program::start(data.path());
        program.takes("in the file");
        program.ready_after();
        program.takes("in the log");
        program.get("/standards", 200);
        let file = || fs::read(data.path().join("plinth.db")).unwrap();
        let before = file();
        damage(&File::options().write(true).open(data.path().join("plinth.db-wal")).unwrap());
        program.logs("is damaged, so nothing is written any more: something other than Plinth cut it or wrote into it");
        program.logs("Stop Plinth, keep a copy of");
        let log = fs::read(data.path().join("plinth.db-wal")).unwrap();
        program.refuses("after that");
        let answer = program.not_ready();
        assert!(answer.contains("the files of the database are damaged, so nothing is written"), "{how}: {answer}");
        program.get("/healthz", 200);
        program.get("/standards", 200);
        let told = program.log().matches("Stop Plinth, keep a copy").count();
        assert!(told <= 4, "{how}: once by the watch and once for each refusal: {}", program.log());
        program.stop();
        assert!(file() == before, "{how}: nothing is written over what is in the file");
        assert!(fs::read(data.path().join("plinth.db-wal")).unwrap() == log, "{how}: the log stays for a rescue");
        assert_eq!(stored(data.path()).await, ["in the file"], "{how}");
        Program::start(data.path()).takes("after a new start");
    }
}

#[tokio::test]
async fn damage_that_sqlite_finds_ends_all_writing() {
    if postgres::skips("it is about the files of SQLite") {
        return;
    }
    let data = TempDir::new().unwrap();
    Program::start(data.path()).stop();
    spoil(data.path(), "message").await;
    let program = Program::start(data.path());
    program.refuses("into a damaged table");
    program.logs("is damaged, so nothing is written any more: something other than Plinth cut it or wrote into it");
    assert!(program.not_ready().contains("the files of the database are damaged"));
    program.get("/standards", 200);
    program.stop();
}

#[tokio::test]
async fn a_database_whose_audit_log_cannot_be_read_is_not_served() {
    if postgres::skips("it is about the files of SQLite") {
        return;
    }
    let data = TempDir::new().unwrap();
    Program::start(data.path()).stop();
    spoil(data.path(), "audit_log").await;
    for command in [&SERVE[..], &["migrate"]] {
        let said = ["the newest entry of its audit log cannot be read", "the file is damaged", "restore a backup"];
        refused(&ended(plinth(data.path(), command)), &said);
    }
}

/// Empties the first page of a table.
async fn spoil(data: &Path, table: &str) {
    let file = data.join("plinth.db");
    let mut connection = SqliteConnection::connect(&format!("sqlite:{}", file.display())).await.unwrap();
    let (page,): (i64,) = sqlx::query_as("select rootpage from sqlite_master where name = $1")
        .bind(table)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    let at = u64::try_from(page - 1).unwrap() * 4096;
    File::options().write(true).open(file).unwrap().write_all_at(&[0; 4096], at).unwrap();
}
