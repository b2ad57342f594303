//! A pooler in transaction mode between the nodes and PostgreSQL: each transaction gets another connection, and nothing of a
//! node stays on one.

use std::{env, io::Write, str::FromStr, sync::Arc, time::Duration};

use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::{
    contact,
    harness::TestApp,
    nodes::{Site, publish, shows, start, until},
    postgres,
};

/// The pooler to test with, if there is one.
pub fn pooler() -> Option<String> {
    postgres::server()?;
    let pooler = env::var("PLINTH_TEST_POOLER").ok().filter(|pooler| !pooler.is_empty());
    if pooler.is_none() {
        assert!(env::var_os("CI").is_none(), "PLINTH_TEST_POOLER names no PgBouncer; tests/all installs it");
        let _ = writeln!(std::io::stderr(), "skipped: PLINTH_TEST_POOLER names no PgBouncer; tests/all installs it");
    }
    pooler
}

#[tokio::test]
async fn nodes_work_behind_a_pooler_in_transaction_mode() {
    let Some(pooler) = pooler() else { return };
    let site = Site::new().unwrap();
    let through = postgres::address(&pooler, &postgres::name(&site.url));
    let options = [
        "--page-cache",
        "0",
        "--database-url",
        &through,
        "--database-direct-url",
        &site.url,
        "--statement-cache",
        "off",
    ];
    let nodes = [
        TestApp::over(Arc::new(TempDir::new().unwrap()), &options).await,
        TestApp::over(Arc::new(TempDir::new().unwrap()), &options).await,
    ];
    let tasks = nodes.each_ref().map(|node| start(node, true));
    until(Duration::from_secs(10), "both are counted", async || nodes.iter().all(|node| node.app.db.nodes() == 2))
        .await;
    assert_eq!(nodes.iter().filter(|node| node.app.db.leads()).count(), 1);
    // More at once than the pooler has connections.
    let mut editors = JoinSet::new();
    for number in 0..8 {
        let editor = nodes[number % 2].editor().await;
        editors.spawn(async move {
            for save in 0..4 {
                let slug = format!("page-{number}-{save}");
                let fields = [("base", "0"), ("title", &*slug), ("slug", &*slug), ("body", "x"), ("do", "publish")];
                editor.post("/admin/pages/new", &fields).await.is(303);
                editor.get(&format!("/{slug}")).await.is(200);
            }
        });
    }
    editors.join_all().await;
    for number in 0..8 {
        nodes[number % 2].visitor().get(&format!("/page-{number}-3")).await.is(200);
    }
    let home = nodes[0].page_id("/").await;
    publish(&nodes[0], home, "Told past the pooler.").await;
    let there = nodes[1].visitor();
    until(Duration::from_secs(1), "the other node shows it", async || shows(&there, "Told past").await).await;
    let token = contact::form_token(&there).await;
    let mut fields = contact::contact_form(&[("body", "Sent through a pooler.")]);
    fields.push(("form_token", &token));
    there.post("/contact", &fields).await.is(303);
    // Nothing was left on the connections that others get.
    let options = PgConnectOptions::from_str(&through).unwrap().extra_float_digits(None);
    let mut connection = PgConnection::connect_with(&options).await.unwrap();
    for _ in 0..6 {
        // In a transaction, because the pooler may send each message outside one to another connection.
        let mut transaction = connection.begin().await.unwrap();
        let left: (String, String, i64) = sqlx::query_as(
            "select current_setting('lock_timeout'), current_setting('default_transaction_read_only'), \
             (select count(*) from pg_prepared_statements where name <> '')",
        )
        .persistent(false)
        .fetch_one(&mut *transaction)
        .await
        .unwrap();
        transaction.commit().await.unwrap();
        assert_eq!((&*left.0, &*left.1), ("0", "off"));
    }
    connection.close().await.unwrap();
    for tasks in tasks {
        tasks.end().await;
    }
    for node in nodes {
        node.app.db.close().await;
    }
}
