//! What the database server denies or loses while a site is served, and what other programs have in the same database.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tempfile::TempDir;

use crate::{
    command_line::{fails, plinth, succeeds},
    harness::TestApp,
    nodes::{Site, until},
    pooler::pooler,
    postgres,
};

async fn run(url: &str, sql: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    connection.execute(AssertSqlSafe(sql.to_owned())).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    connection.close().await.unwrap();
}

fn command(url: &str, arguments: &[&str]) -> std::process::Output {
    let data = TempDir::new().unwrap();
    plinth(data.path(), &[arguments, &["--database-url", url]].concat(), "")
}

const LIMIT: &str = "the database server has no connection left: raise its max_connections";

#[tokio::test]
async fn a_limit_of_connections_is_told_at_the_start_and_later() {
    let Some(site) = Site::new() else { return };
    succeeds(&command(&site.url, &["migrate"]));
    let role = format!("few_{}", postgres::name(&site.url));
    run(&site.url, &format!("create role {role} login; grant all on all tables in schema public to {role}")).await;
    run(&site.url, &format!("grant all on all sequences in schema public to {role}")).await;
    let mut url = url::Url::parse(&site.url).unwrap();
    url.set_username(&role).unwrap();
    let data = std::sync::Arc::new(TempDir::new().unwrap());
    let app = TestApp::over(data, &["--starter", "none", "--database-url", url.as_str()]).await;
    let visitor = app.visitor();
    visitor.get("/readyz").await.is(200);

    run(&site.url, &format!("alter role {role} connection limit 0")).await;
    postgres::end_connections(&site.url);
    fails(&command(url.as_str(), &["migrate"]), 1, &["cannot be opened", LIMIT, "too many connections"]);
    let write = app.app.write(plinth::model::actor::Actor::system("test")).await;
    let Some(plinth::error::Error::Storage(fault)) = write.err() else { panic!("a fault of the storage") };
    assert!(fault.contains(LIMIT) && fault.contains("53300"), "{fault}");
    visitor.get("/readyz").await.is(503);
    run(&site.url, &format!("alter role {role} connection limit -1")).await;
    let ready = async || visitor.get("/readyz").await.status == 200;
    until(Duration::from_secs(10), "it is ready again", ready).await;
    app.app.db.close().await;
    run(&site.url, &format!("drop owned by {role}; drop role {role}")).await;
}

#[tokio::test]
async fn a_pooler_that_is_not_named_is_told_with_the_settings_for_it() {
    let Some(pooler) = pooler() else { return };
    let site = Site::new().unwrap();
    succeeds(&command(&site.url, &["migrate"]));
    let through = postgres::address(&pooler, &postgres::name(&site.url));
    // The first one leaves its statements on the connection that the next one gets.
    let refused = (0..3).map(|_| command(&through, &["migrate"])).find(|output| !output.status.success());
    let says = ["there is a pooler before", "PLINTH_STATEMENT_CACHE to off", "PLINTH_DATABASE_DIRECT_URL"];
    fails(&refused.expect("statements that are there already"), 1, &says);
}

#[tokio::test]
async fn tables_that_are_gone_are_noticed() {
    let Some(server) = postgres::server() else { return };
    let site = Site::new().unwrap();
    let app = site.node().await;
    let visitor = app.visitor();
    visitor.get("/readyz").await.is(200);
    run(&site.url, "create schema elsewhere").await;
    for (gone, back) in [
        ("alter table comment set schema elsewhere", "alter table elsewhere.comment set schema public"),
        ("alter schema public rename to public_before", "alter schema public_before rename to public"),
        ("set default_transaction_read_only = on", "set default_transaction_read_only = off"),
    ] {
        let change = async |sql: &str| {
            if sql.starts_with("set") {
                postgres::run(&server, format!("alter database {} {sql}", postgres::name(&site.url)));
            } else {
                run(&site.url, sql).await;
            }
        };
        change(gone).await;
        postgres::end_connections(&site.url);
        let not_ready = async || visitor.get("/readyz").await.status == 503;
        until(Duration::from_secs(10), gone, not_ready).await;
        change(back).await;
        postgres::end_connections(&site.url);
        let ready = async || visitor.get("/readyz").await.status == 200;
        until(Duration::from_secs(10), back, ready).await;
    }
    app.app.db.close().await;
}

#[tokio::test]
async fn what_other_programs_have_in_other_schemas_does_not_count() {
    let Some(_) = postgres::server() else { return };
    let url = postgres::create("");
    let migrations = "_sqlx_migrations (version bigint, description text, installed_on timestamptz default now(), \
                      success boolean, checksum bytea, execution_time bigint)";
    for (schema, tables) in [("public", "page (id bigint)"), ("other", "audit_log (id bigint)")] {
        let sql = format!(
            "create schema if not exists {schema}; create table {schema}.{tables}; create table {schema}.{migrations}; \
             insert into {schema}._sqlx_migrations select number, 'another’s', now(), true, '', 0 \
             from generate_series(1, 200) number"
        );
        run(&url, &sql).await;
    }
    run(&url, "create schema ours").await;
    let mut ours = url::Url::parse(&url).unwrap();
    ours.set_query(Some("options=-csearch_path%3Dours,public,other"));
    fails(&command(ours.as_str(), &["audit", "head"]), 1, &["plinth migrate"]);
    succeeds(&command(ours.as_str(), &["migrate"]));
    fails(&command(ours.as_str(), &["audit", "head"]), 1, &["The audit log is empty"]);
    succeeds(&command(ours.as_str(), &["migrate"]));
    let left = "select (select count(*) from public._sqlx_migrations) + (select count(*) from other._sqlx_migrations)";
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let (left,): (i64,) = sqlx::query_as(left).fetch_one(&mut connection).await.unwrap();
    assert_eq!(left, 400, "nothing of theirs was changed");
    connection.close().await.unwrap();
    fails(&command(&url, &["migrate"]), 1, &["another site is in its schema ours"]);
    postgres::drop_database(&url);
}

#[tokio::test]
async fn a_copy_from_a_server_says_that_its_source_is_served() {
    let Some(site) = Site::new() else { return };
    succeeds(&command(&site.url, &["migrate"]));
    let dir = TempDir::new().unwrap();
    let copy = |name: &str| {
        let to = format!("sqlite:{}", dir.path().join(name).display());
        succeeds(&plinth(&dir.path().join("data"), &["copy", "--from", &site.url, "--to", &to], ""))
    };
    let served = "The source is being served";
    let data = TempDir::new().unwrap();
    let mut command = crate::program::plinth(data.path(), &crate::program::SERVE);
    let program = crate::program::Program::run(command.env("DATABASE_URL", &site.url));
    program.ready_after();
    let said = copy("served.db");
    assert!(said.contains(served), "{said}");
    program.stop();
    let said = copy("after.db");
    assert!(!said.contains(served), "{said}");
}
