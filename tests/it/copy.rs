//! `plinth copy`: a whole database into one of the other engine and back, with every row the same.

use std::{collections::BTreeMap, path::Path};

use plinth::model::copy::run;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use tempfile::TempDir;

use crate::{
    command_line::{fails, plinth, succeeds},
    postgres,
    relay::{Loss, Relay},
};

fn command(data: &Path, url: &str, arguments: &[&str], input: &str) -> std::process::Output {
    plinth(data, &[arguments, &["--database-url", url]].concat(), input)
}

async fn tables(file: &str) -> Vec<(String, Vec<String>)> {
    let mut connection = SqliteConnection::connect(file).await.unwrap();
    let names: Vec<(String,)> = sqlx::query_as(
        "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name <> '_sqlx_migrations' \
         order by name",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let mut tables = Vec::new();
    for (name,) in names {
        let columns: Vec<(String,)> = sqlx::query_as("select name from pragma_table_info($1) order by name")
            .bind(&name)
            .fetch_all(&mut connection)
            .await
            .unwrap();
        tables.push((name, columns.into_iter().map(|(name,)| name).collect()));
    }
    tables
}

/// Every row of every table.
async fn rows(file: &str) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    let mut connection = SqliteConnection::connect(file).await.unwrap();
    for (table, columns) in tables(file).await {
        let columns: Vec<_> = columns.iter().map(|name| format!("quote(\"{name}\")")).collect();
        let sql = format!("select {} as line from \"{table}\" order by line", columns.join(" || ' ' || "));
        let lines: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap();
        all.insert(table, lines.into_iter().map(|(line,)| line).collect());
    }
    all
}

#[tokio::test]
async fn a_site_moves_to_postgresql_and_back() {
    let dir = TempDir::new().unwrap();
    let file = |name: &str| format!("sqlite:{}?mode=rwc", dir.path().join(name).display());
    let (first, last) = (file("first.db"), file("last.db"));
    let data = dir.path().join("data");
    let starter = concat!(env!("CARGO_MANIFEST_DIR"), "/starter");
    succeeds(&command(&data, &first, &["import", starter], ""));
    let user = ["user", "add", "--email", "ada@portal.example", "--name", "Ada “Ä”", "--role", "administrator"];
    succeeds(&command(&data, &first, &[&user[..], &["--password-stdin"]].concat(), "velvet anchor orbit mango\n"));
    let mut connection = SqliteConnection::connect(&first).await.unwrap();
    connection
        .execute(
            "insert into message (id, reference, received_at, status, topic, name, email, role, country, body, spam_score, \
             spam_reasons, assignee_id, kept_from) values (7, 'A', 1, 'open', 't', 'n', 'e', 'r', 'c', 'b ''\"\\ ü', 0, '', 1, 1); \
             insert into message_note (message_id, created_at, author_name, body) values (7, 1, 'n', 'b'); \
             insert into message_draft (message_id, user_id, note) values (7, 1, 'draft'); \
             insert into message_note (message_id, created_at, author_name, body) \
             with recursive n (i) as (select 1 union all select i + 1 from n where i < 2500) select 7, i, 'n', 'b' from n; \
             insert into search_term with recursive n (i) as (select 1 union all select i + 1 from n where i < 12000) \
             select '2026-11-' || (10 + i % 17), 'iso ' || i, 'ISO', 2, 1 from n; \
             insert into document_draft (user_id, key, kind, document_id, parent, base, fields, sequence, tab, state, saved_at) \
             values (1, '1', 'page', 1, '', 1, '{\"title\":\"Ä\"}', 3, 'x', 'open', 9); \
             update page set parent_id = (select max(document_id) from page) where path = '/about'",
        )
        .await
        .unwrap();
    connection.close().await.unwrap();
    let mut known = run::tables();
    for (_, columns) in &mut known {
        columns.sort_unstable();
    }
    known.sort_unstable();
    assert_eq!(
        tables(&first).await,
        known
            .iter()
            .map(|(table, columns)| {
                ((*table).to_owned(), columns.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
            })
            .collect::<Vec<_>>()
    );
    let before = rows(&first).await;

    let Some(_) = postgres::server() else { return };
    let url = postgres::create("");
    let said = succeeds(&plinth(&data, &["copy", "--from", &first, "--to", &url], ""));
    assert!(said.contains("users: 1 row,") && said.contains("All rows were copied"), "{said}");
    assert!(said.contains("search_term: 12,000 rows copied") && said.contains("message_note: 2,501 rows, "), "{said}");
    let head = succeeds(&command(&data, &first, &["audit", "head"], ""));
    assert_eq!(succeeds(&command(&data, &url, &["audit", "head"], "")), head);
    succeeds(&command(&data, &url, &["audit", "verify", "--head", head.trim()], ""));
    fails(&plinth(&data, &["copy", "--from", &first, "--to", &url], ""), 1, &["Nothing was copied", "not empty"]);

    succeeds(&plinth(&data, &["copy", "--from", &url, "--to", &last], ""));
    assert_eq!(rows(&last).await, before);
    // New rows are numbered after those that were copied.
    let user =
        ["user", "add", "--email", "bob@portal.example", "--name", "Bob", "--role", "editor", "--password-stdin"];
    for place in [&url, &last] {
        succeeds(&command(&data, place, &user, "velvet anchor orbit mango\n"));
        succeeds(&command(&data, place, &["audit", "verify"], ""));
    }
    fails(
        &plinth(&data, &["copy", "--from", &file("none.db"), "--to", &file("new.db")], ""),
        1,
        &["There is no database"],
    );
    postgres::drop_database(&url);
}

async fn run_on(url: &str, sql: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    connection.execute(AssertSqlSafe(sql.to_owned())).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    connection.close().await.unwrap();
}

/// A site in a file.
fn site(dir: &TempDir) -> String {
    let file = format!("sqlite:{}", dir.path().join("site.db").display());
    let starter = concat!(env!("CARGO_MANIFEST_DIR"), "/starter");
    succeeds(&command(&dir.path().join("data"), &file, &["import", starter], ""));
    file
}

/// All tables of a database with the number of their rows.
async fn contents(url: &str) -> Vec<(String, i64)> {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let sql = "select cast(table_name as text), cast((xpath('/row/c/text()', query_to_xml(format( \
               'select count(*) as c from %I', table_name), false, true, '')))[1] as text) \
               from information_schema.tables where table_schema = 'public' order by table_name";
    let rows: Vec<(String, String)> = sqlx::query_as(sql).fetch_all(&mut connection).await.unwrap();
    rows.into_iter().map(|(table, rows)| (table, rows.parse().unwrap())).collect()
}

#[tokio::test]
async fn a_target_that_is_refused_is_left_as_it_was() {
    if postgres::server().is_none() {
        return;
    }
    let dir = TempDir::new().unwrap();
    let (data, from) = (dir.path().join("data"), site(&dir));
    let copy = |from: &str, to: &str| plinth(&data, &["copy", "--from", from, "--to", to], "");
    // A database that an older program made, one of another program, and the source itself by another name.
    let url = postgres::create("");
    succeeds(&command(&data, &url, &["migrate"], ""));
    run_on(&url, "delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)").await;
    let before = contents(&url).await;
    fails(&copy(&from, &url), 1, &["Nothing was copied", "older version", "nothing in it was changed"]);
    assert_eq!(contents(&url).await, before);
    let foreign = postgres::create("");
    run_on(&foreign, "create table moz_places (id bigint)").await;
    fails(&copy(&from, &foreign), 1, &["Nothing was copied", "belongs to another program", "moz_places"]);
    assert_eq!(contents(&foreign).await, [("moz_places".to_owned(), 0)]);
    run_on(
        &foreign,
        &format!(
            "drop table moz_places; alter database {} set default_transaction_read_only = on",
            postgres::name(&foreign)
        ),
    )
    .await;
    fails(&copy(&from, &foreign), 1, &["Nothing was copied", "can only be read"]);
    let full = postgres::create("");
    succeeds(&copy(&from, &full));
    let before = contents(&full).await;
    let mut named_otherwise = url::Url::parse(&full).unwrap();
    named_otherwise.set_host(Some("localhost")).unwrap();
    fails(&copy(&full, named_otherwise.as_str()), 1, &["Nothing was copied", "name the same database"]);
    fails(&copy(&from, &full), 1, &["Nothing was copied", "not empty"]);
    assert_eq!(contents(&full).await, before);
    let link = dir.path().join("link.db");
    std::os::unix::fs::symlink(dir.path().join("site.db"), &link).unwrap();
    fails(&copy(&from, &format!("sqlite:{}", link.display())), 1, &["name the same database"]);
    // The address past a pooler is that of the database that is served, not of the target.
    let empty = postgres::create("");
    let mut command = crate::program::plinth(&data, &["copy", "--from", &from, "--to", &empty]);
    crate::program::done(&crate::program::ended(command.env("PLINTH_DATABASE_DIRECT_URL", &url)));
    assert_eq!(contents(&empty).await, before);
    for url in [url, foreign, full, empty] {
        postgres::drop_database(&url);
    }
}

/// A copy that failed after it had said how far it was.
#[track_caller]
fn ends(copied: &std::process::Output, says: &[&str]) {
    let said = String::from_utf8_lossy(&copied.stderr);
    assert_eq!(copied.status.code(), Some(1), "{said}");
    for part in says {
        assert!(said.contains(part), "“{part}” is not in: {said}");
    }
}

#[tokio::test]
async fn a_copy_whose_server_is_lost_leaves_nothing_and_begins_again() {
    if postgres::server().is_none() {
        return;
    }
    let dir = TempDir::new().unwrap();
    let (data, from) = (dir.path().join("data"), site(&dir));
    let full = postgres::create("");
    succeeds(&plinth(&data, &["copy", "--from", &from, "--to", &full], ""));
    for (text, how) in [("insert into audit_log", Loss::Closed), ("insert into publication", Loss::Silent)] {
        // The target is lost.
        let url = postgres::create("");
        let relay = Relay::to(&url);
        relay.lose_at(text, 1, how);
        let copied = plinth(&data, &["copy", "--from", &from, "--to", &relay.url()], "");
        ends(&copied, &["Nothing was copied", "holds no row", "again"]);
        assert!(contents(&url).await.iter().all(|(table, rows)| *rows <= 1 || table == "_sqlx_migrations"));
        relay.come_back();
        succeeds(&plinth(&data, &["copy", "--from", &from, "--to", &relay.url()], ""));
        assert_eq!(contents(&url).await, contents(&full).await);
        // The source is lost.
        let relay = Relay::to(&full);
        relay.lose_at("from message_note t where", 1, how);
        let file = format!("sqlite:{}", dir.path().join("copy.db").display());
        let copied = plinth(&data, &["copy", "--from", &relay.url(), "--to", &file], "");
        ends(&copied, &["Nothing was copied", "holds no row", "again"]);
        relay.come_back();
        succeeds(&plinth(&data, &["copy", "--from", &relay.url(), "--to", &file], ""));
        std::fs::remove_file(dir.path().join("copy.db")).unwrap();
        postgres::drop_database(&url);
    }
    // The server is lost when everything is committed.
    let url = postgres::create("");
    let relay = Relay::to(&url);
    succeeds(&command(&data, &url, &["migrate"], ""));
    relay.lose_at("\u{b}commit", 1, Loss::Silent);
    let copied = plinth(&data, &["copy", "--from", &from, "--to", &relay.url()], "");
    ends(&copied, &["Either everything was copied or nothing"]);
    postgres::drop_database(&url);
    postgres::drop_database(&full);
}
