//! Migrations: the program and sqlx-cli do the same, and each sees what the other did. sqlx-cli runs sqlx's `Migrator`
//! over the folder, and so does this file.

use std::{path::Path, sync::Arc};

use plinth::{app::start, db::migrator};
use sqlx::{Connection, SqliteConnection, migrate::Migrator};
use tempfile::TempDir;

use crate::{
    harness::{TestApp, config},
    postgres,
};

async fn folder() -> Migrator {
    Migrator::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations")).await.unwrap()
}

async fn connect(data: &Path, mode: &str) -> SqliteConnection {
    SqliteConnection::connect(&format!("sqlite:{}?mode={mode}", data.join("plinth.db").display())).await.unwrap()
}

async fn applied(connection: &mut SqliteConnection) -> Vec<(i64, Vec<u8>)> {
    sqlx::query_as("select version, checksum from _sqlx_migrations where success order by version")
        .fetch_all(connection)
        .await
        .unwrap()
}

#[tokio::test]
async fn the_command_line_tool_sees_what_the_program_did() {
    if postgres::skips("the migrations of PostgreSQL have a test of their own") {
        return;
    }
    let data = TempDir::new().unwrap();
    start::open(&config(data.path(), &[])).await.unwrap().close().await;
    let mut connection = connect(data.path(), "rw").await;
    let folder = folder().await;
    let known: Vec<_> = folder.iter().map(|one| (one.version, one.checksum.to_vec())).collect();
    assert_eq!(applied(&mut connection).await, known);
    assert_eq!(known.len(), migrator::list().count());
    folder.run(&mut connection).await.unwrap();
    assert_eq!(applied(&mut connection).await, known);
}

#[tokio::test]
async fn the_program_sees_what_the_command_line_tool_did() {
    if postgres::skips("the migrations of PostgreSQL have a test of their own") {
        return;
    }
    let data = Arc::new(TempDir::new().unwrap());
    let mut connection = connect(data.path(), "rwc").await;
    folder().await.run(&mut connection).await.unwrap();
    let before = applied(&mut connection).await;
    connection.close().await.unwrap();
    let app = TestApp::over(data.clone(), &[]).await;
    app.visitor().get("/").await.is(200);
    assert_eq!(applied(&mut connect(data.path(), "rw").await).await, before);
}
