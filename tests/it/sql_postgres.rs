//! Every SQL text as PostgreSQL sees it: it understands it, and finds what is asked for by an index. The excuses of `sql`
//! count here too.

use std::sync::Arc;

use crate::{
    harness::config,
    postgres,
    sql::{SMALL, SQLITE_ONLY, WHOLE, statements},
};
use plinth::{
    app::{first_run, start},
    clock::Clock,
    model::password::Cost,
};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tempfile::TempDir;

/// Statements that SQLite answers with an index and PostgreSQL does not, and why that is right.
const WHOLE_HERE: [(&str, &str); 3] = [
    ("select m.", "the inbox is searched; only a folder's messages are looked at where that is few"),
    ("select count(*) from message m", "the same, counted"),
    ("select cast(c.relname as text)", "the server's own tables"),
];

/// The nodes of a plan that go through a whole table although they should not, by the table. Which index is used, and how, the
/// planner decides by what is in the tables, and here they hold little; that there is one for each text, `sql` shows.
fn goes_through(plan: &Value, found: &mut Vec<String>) {
    let text = |key: &str| plan.get(key).and_then(Value::as_str).unwrap_or_default();
    if text("Node Type") == "Seq Scan" {
        found.push(text("Relation Name").to_owned());
    }
    for inner in plan.get("Plans").and_then(Value::as_array).into_iter().flatten() {
        goes_through(inner, found);
    }
}

fn parameters(statement: &str) -> usize {
    let numbers = statement.split('$').skip(1);
    let number = |rest: &str| rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok();
    numbers.filter_map(number).max().unwrap_or(0)
}

/// A database with the starter site, and what the planner knows of it.
async fn site() -> (String, PgConnection) {
    let data = Arc::new(TempDir::new().unwrap());
    let url = postgres::create("");
    let config = config(data.path(), &["--database-url", &url]);
    let db = start::open(&config).await.unwrap();
    let app = start::state(config, db, Clock::default(), Cost::ForTests).await.unwrap();
    first_run::prepare(&app).await.unwrap();
    app.db.close().await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    // As if each table were larger than it is: what an index can do is done with it.
    connection
        .execute(
            "analyze; set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; \
             set plan_cache_mode = force_generic_plan",
        )
        .await
        .unwrap();
    (url, connection)
}

#[tokio::test]
async fn postgresql_understands_every_statement_and_uses_an_index() {
    if postgres::server().is_none() {
        return;
    }
    let (url, mut connection) = site().await;
    let mut faults = Vec::new();
    let statements = statements(&SQLITE_ONLY);
    assert!(statements.len() > 120, "only {} statements were found", statements.len());
    for (number, statement) in statements.iter().enumerate() {
        let prepare = format!("prepare s{number} as {statement}");
        if let Err(error) = connection.execute(AssertSqlSafe(prepare)).await {
            faults.push(format!("{error}: {statement}"));
            continue;
        }
        let values = vec!["null"; parameters(statement)].join(", ");
        let values = if values.is_empty() { values } else { format!("({values})") };
        let explain = format!("explain (format json) execute s{number}{values}");
        let rows = sqlx::raw_sql(AssertSqlSafe(explain)).fetch_all(&mut connection).await.unwrap();
        let plan: String = sqlx::Row::try_get_unchecked(&rows[0], 0).unwrap();
        let plan: Value = serde_json::from_str(&plan).unwrap();
        let mut tables = Vec::new();
        goes_through(&plan[0]["Plan"], &mut tables);
        let excused = WHOLE.iter().chain(&WHOLE_HERE).any(|(begins, _)| statement.starts_with(begins));
        tables.retain(|table| !excused && SMALL.iter().all(|(small, _)| small != table));
        if !tables.is_empty() {
            faults.push(format!("{tables:?}: {statement}"));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    connection.close().await.unwrap();
    postgres::drop_database(&url);
}
