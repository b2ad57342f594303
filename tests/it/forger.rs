//! Changes to the database by an attacker who has its file and nothing else.

use std::fmt::Write as _;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Connection, Executor, Row, SqliteConnection, sqlite::SqliteRow};

use crate::harness::TestApp;

pub async fn file(app: &TestApp) -> SqliteConnection {
    SqliteConnection::connect(&format!("sqlite:{}", app.data.path().join("plinth.db").display())).await.unwrap()
}

pub async fn run(file: &mut SqliteConnection, sql: &str) {
    file.execute(AssertSqlSafe(sql.to_owned())).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

pub async fn drop_triggers(file: &mut SqliteConnection) {
    let names: Vec<(String,)> =
        sqlx::query_as("select name from sqlite_master where type = 'trigger'").fetch_all(&mut *file).await.unwrap();
    for (name,) in names {
        run(file, &format!("drop trigger {name}")).await;
    }
}

fn hash(values: &[String]) -> String {
    let mut text = String::new();
    for value in values {
        writeln!(text, "{}:{value}", value.len()).unwrap();
    }
    HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
}

/// A column as the hashes see it: nothing for null, numbers in digits.
fn text(row: &SqliteRow, column: &str) -> String {
    row.try_get::<Option<String>, _>(column)
        .or_else(|_| row.try_get::<Option<i64>, _>(column).map(|number| number.map(|number| number.to_string())))
        .unwrap()
        .unwrap_or_default()
}

fn texts(row: &SqliteRow, columns: &str) -> Vec<String> {
    columns.split(' ').map(|column| text(row, column)).collect()
}

pub async fn columns(file: &mut SqliteConnection, table: &str) -> Vec<String> {
    sqlx::query_scalar("select name from pragma_table_info($1) order by cid").bind(table).fetch_all(file).await.unwrap()
}

/// What a forger can do in thirty lines: recompute every content hash and the whole chain.
pub async fn recompute(file: &mut SqliteConnection) {
    let columns = "id document_id version document_type title slug category_id clause_number menu_label menu layout summary body \
                   owner review_by change_note fields author_id author_name created_at made_from";
    let mut revisions = std::collections::HashMap::new();
    for row in sqlx::query("select * from revision").fetch_all(&mut *file).await.unwrap() {
        revisions.insert(text(&row, "id"), hash(&texts(&row, columns)));
    }
    let mut previous = String::new();
    for row in sqlx::query("select * from audit_log order by id").fetch_all(&mut *file).await.unwrap() {
        let lines: Vec<String> = text(&row, "contents")
            .lines()
            .map(|line| match line.split(' ').collect::<Vec<_>>()[..] {
                ["revision", id, _] => format!("revision {id} {}", revisions[id]),
                _ => line.to_owned(),
            })
            .collect();
        let contents = lines.join("\n");
        let mut values = vec![previous];
        values.extend(texts(&row, "at actor_id actor_name action subject_kind subject_id subject detail"));
        values.push(contents.clone());
        let own = hash(&values);
        sqlx::query("update audit_log set previous_hash = $2, contents = $3, hash = $4 where id = $1")
            .bind(row.get::<i64, _>("id"))
            .bind(&values[0])
            .bind(&contents)
            .bind(&own)
            .execute(&mut *file)
            .await
            .unwrap();
        previous = own;
    }
}
