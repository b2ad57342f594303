//! Servers that cannot be written to: a standby that takes over, a disk that is full. Writes get a sentence and keep the text,
//! and when the server is put right, nothing has to be restarted.

use std::{process::Command, sync::Arc, time::Duration};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tempfile::TempDir;

use crate::{
    command_line::{fails, plinth},
    harness::TestApp,
    nodes::{Site, start, until},
    postgres,
    postgres_server::PostgresServer,
    program::Disk,
    relay::{Loss, Relay},
};

/// Whether a standby has all that is in the database at an address.
async fn has(standby: &PostgresServer, url: &str) -> bool {
    let sql = "select count(*) from audit_log";
    let count = async |url: &str| -> sqlx::Result<i64> {
        let mut connection = PgConnection::connect(url).await?;
        let (count,) = sqlx::query_as(sql).fetch_one(&mut connection).await?;
        connection.close().await?;
        Ok(count)
    };
    let there = count(&standby.url).await.ok();
    there.is_some_and(|there| there > 0) && there == count(url).await.ok()
}

#[tokio::test]
async fn a_standby_is_refused_until_it_is_promoted() {
    let Some(site) = Site::new() else { return };
    let relay = Relay::to(&site.url);
    let app = TestApp::over(Arc::new(TempDir::new().unwrap()), &["--database-url", &relay.url()]).await;
    let tasks = start(&app, true);
    let (visitor, editor) = (app.visitor(), app.editor().await);
    let Some(standby) = PostgresServer::standby_of(&site.url) else { return };
    until(Duration::from_secs(30), "the standby has everything", async || has(&standby, &site.url).await).await;
    let data = TempDir::new().unwrap();
    let migrate = plinth(data.path(), &["migrate", "--database-url", &standby.url], "");
    fails(&migrate, 1, &["a standby", "the server that is written to"]);
    // The server is lost, and its address leads to the standby.
    relay.lose(Loss::Closed);
    relay.lead_to(&standby.url);
    relay.come_back();
    let page = [("base", "0"), ("title", "Kept title"), ("slug", "kept"), ("body", "Kept text."), ("do", "publish")];
    visitor.get("/standards").await.is(200);
    editor.post("/admin/pages/new", &page).await.is(503).says("nothing was changed").says("Kept text.");
    let is_red = async || visitor.get("/readyz").await.status == 503;
    until(Duration::from_secs(10), "it is not ready", is_red).await;
    postgres::run(&standby.url, "select pg_promote()".into());
    let is_ready = async || visitor.get("/readyz").await.status == 200;
    until(Duration::from_secs(20), "it is ready", is_ready).await;
    editor.post("/admin/pages/new", &page).await.is(303);
    visitor.get("/kept").await.is(200);
    until(Duration::from_secs(10), "it leads", async || app.app.db.leads()).await;
    tasks.end().await;
    app.app.db.close().await;
}

#[tokio::test]
async fn a_full_disk_of_the_server_is_told_and_keeps_the_text() {
    if postgres::server().is_none() {
        return;
    }
    let Some(disk) = Disk::mount(24 * 1024) else { return };
    // While its disk is full a server completes no checkpoint, for which each new database of another test would wait.
    let Some(server) = PostgresServer::start() else { return };
    let is_up = async || PgConnection::connect(&server.url).await.is_ok();
    until(Duration::from_secs(30), "the server is up", is_up).await;
    let url = create_on(&server, &disk).await;
    let app = TestApp::over(Arc::new(TempDir::new().unwrap()), &["--database-url", &url]).await;
    let (visitor, editor) = (app.visitor(), app.editor().await);
    visitor.get("/about").await.is(200);
    disk.fill();
    // What is there already has a little room left.
    let text = "A text that needs room of its own. ".repeat(400);
    let page = |slug: &str| -> Vec<(String, String)> {
        let fields = [("base", "0"), ("title", slug), ("slug", slug), ("body", &*text), ("do", "publish")];
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let mut refused = None;
    for number in 0..60 {
        let fields = page(&format!("full-{number}"));
        let fields: Vec<_> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        let reply = editor.post("/admin/pages/new", &fields).await;
        if reply.status != 303 {
            refused = Some((number, reply));
            break;
        }
    }
    let (number, refused) = refused.expect("the disk is full");
    refused.is(503).says("nothing was changed").says("needs room of its own");
    visitor.get("/about").await.is(200);
    for earlier in 0..number {
        visitor.get(&format!("/full-{earlier}")).await.is(200);
    }
    disk.free();
    let fields = page("room");
    let fields: Vec<_> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    editor.post("/admin/pages/new", &fields).await.is(303);
    visitor.get("/room").await.is(200);
    visitor.get("/readyz").await.is(200);
    app.app.db.close().await;
}

/// A database that has its tables on this disk.
async fn create_on(server: &PostgresServer, disk: &Disk) -> String {
    let mut connection = PgConnection::connect(&server.url).await.unwrap();
    let (data,): (String,) =
        sqlx::query_as("select current_setting('data_directory')").fetch_one(&mut connection).await.unwrap();
    // The directory of a tablespace is that of the server's user.
    let owner = Command::new("chown").arg("--reference").arg(data).arg(disk.path()).status();
    assert!(owner.unwrap().success());
    let space = format!("create tablespace small location '{}'", disk.path().display());
    connection.execute(AssertSqlSafe(space)).await.unwrap();
    connection.execute("create database small tablespace small").await.unwrap();
    connection.close().await.unwrap();
    postgres::address(&server.url, "small")
}
