//! `plinth copy`: a whole database into one of the other engine and back, with every row the same.

use std::{collections::BTreeMap, path::Path};

use plinth::model::copy::run;
use sqlx::{AssertSqlSafe, Connection, Executor, SqliteConnection};
use tempfile::TempDir;

use crate::{
    command_line::{fails, plinth, succeeds},
    postgres,
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
             insert into search_term values ('2026-11-26', 'iso', 'ISO', 2, 1); \
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
    assert!(said.contains("users: 1 row,") && said.contains("Everything was copied"), "{said}");
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
