//! What the triggers of SQLite refuse, those of PostgreSQL refuse too, with the same sentence: each column of each row that
//! never changes.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use tempfile::TempDir;

use crate::{
    command_line::{plinth, succeeds},
    postgres,
};

const KEPT: [&str; 4] = ["audit_log", "revision", "publication", "document_type_version"];

async fn columns(connection: &mut SqliteConnection, table: &str) -> Vec<(String, bool)> {
    sqlx::query_as("select name, lower(type) = 'text' from pragma_table_info($1)")
        .bind(table)
        .fetch_all(connection)
        .await
        .unwrap()
}

/// Statements that nobody may run.
async fn forbidden(connection: &mut SqliteConnection) -> Vec<String> {
    let mut all = vec![
        "update publication set ended_at = null where id = 1".to_owned(),
        "update publication set note = note where id = 1".to_owned(),
        // The second one has ended.
        "update publication set ended_at = 2 where id = 2".to_owned(),
        "update publication set ended_at = ended_at where id = 2".to_owned(),
        "update publication set ended_at = null where id = 2".to_owned(),
    ];
    for table in KEPT {
        all.push(format!("delete from {table}"));
        all.push(format!("delete from {table} where id = 1"));
        for (column, is_text) in columns(connection, table).await {
            let changed = if is_text {
                format!("coalesce({column}, '') || 'x'")
            } else {
                format!("coalesce({column}, 0) + 100000")
            };
            let ended = table == "publication" && column == "ended_at";
            // A publication ends once; with its end nothing else changes.
            if !ended {
                all.push(format!("update {table} set {column} = {changed} where id = 1"));
            }
            if table == "publication" && !ended {
                all.push(format!("update publication set ended_at = 1, {column} = {changed} where id = 1"));
            }
        }
    }
    all
}

/// What a database says to a statement, which is undone; none when it takes it.
async fn said<C>(connection: &mut C, sql: &str) -> Option<String>
where
    for<'c> &'c mut C: Executor<'c>,
{
    connection.execute(AssertSqlSafe("begin".to_owned())).await.unwrap();
    let said = connection.execute(AssertSqlSafe(sql.to_owned())).await.err().map(|error| match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        other => other.to_string(),
    });
    connection.execute(AssertSqlSafe("rollback".to_owned())).await.unwrap();
    said
}

#[tokio::test]
async fn both_engines_refuse_the_same_changes() {
    if postgres::server().is_none() {
        return;
    }
    let data = TempDir::new().unwrap();
    let file = format!("sqlite:{}", data.path().join("plinth.db").display());
    let url = postgres::create("");
    for place in [&file, &url] {
        let starter = concat!(env!("CARGO_MANIFEST_DIR"), "/starter");
        succeeds(&plinth(data.path(), &["import", starter, "--new-site", "--database-url", place], ""));
    }
    let mut sqlite = SqliteConnection::connect(&file).await.unwrap();
    let mut server = PgConnection::connect(&url).await.unwrap();
    sqlite.execute("update publication set ended_at = 1 where id = 2").await.unwrap();
    server.execute("update publication set ended_at = 1 where id = 2").await.unwrap();
    let forbidden = forbidden(&mut sqlite).await;
    assert!(forbidden.len() > 60, "{forbidden:#?}");
    let mut sentences = BTreeSet::new();
    for sql in &forbidden {
        let (here, there) = (said(&mut sqlite, sql).await, said(&mut server, sql).await);
        assert!(here.is_some(), "SQLite takes it: {sql}");
        assert_eq!(here, there, "{sql}");
        sentences.extend(here);
    }
    // What replaces a row under its id; only SQLite has words for that.
    for table in KEPT {
        let copied = format!("insert into {table} select * from {table} where id = 1");
        assert!(said(&mut sqlite, &copied).await.is_some() && said(&mut server, &copied).await.is_some(), "{copied}");
        let replaced = format!("insert or replace into {table} select * from {table} where id = 1");
        sentences.extend(said(&mut sqlite, &replaced).await);
    }
    // Each sentence of a trigger was said.
    let triggers: Vec<(String,)> =
        sqlx::query_as("select sql from sqlite_master where type = 'trigger'").fetch_all(&mut sqlite).await.unwrap();
    assert!(triggers.len() > 8);
    for (sql,) in triggers {
        let sentence = sql.split('\'').nth(1).unwrap();
        assert!(sentences.iter().any(|said| said == sentence), "nothing is refused with “{sentence}”");
    }
    // The end of a publication is what may change.
    let ends = "update publication set ended_at = 1 where id = 1";
    assert_eq!((said(&mut sqlite, ends).await, said(&mut server, ends).await), (None, None));
    sqlite.close().await.unwrap();
    server.close().await.unwrap();
    postgres::drop_database(&url);
}
