//! Both engines have the same schema: table by table, column by column, constraint by constraint.

use std::collections::{BTreeMap, BTreeSet};

use plinth::app::start;
use sqlx::{Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;

use crate::{harness::config, postgres, structure};

/// What PostgreSQL needs no trigger for, or has one more for.
const SQLITE_ONLY: [&str; 4] =
    ["document_type_version_keeps_ids", "revision_keeps_ids", "publication_keeps_ids", "audit_log_keeps_ids"];
const POSTGRES_ONLY: [&str; 6] = [
    "document_type_version_is_not_emptied",
    "revision_is_not_emptied",
    "publication_is_not_emptied",
    "audit_log_is_not_emptied",
    "audit_log_notifies",
    "site_notifies",
];

/// A column: type, whether it is never null, default, whether it numbers itself.
type Columns = BTreeMap<(String, String), (String, bool, String, bool)>;
/// Lines that say what is constrained.
type Lines = BTreeSet<String>;

#[derive(Debug, Default, PartialEq, Eq)]
struct Schema {
    columns: Columns,
    keys: Lines,
    references: Lines,
    checks: Lines,
    indexes: Lines,
    triggers: Lines,
}

/// Its kind, its table, its columns, those that they refer to, and the rest.
type Constraint = (String, String, Vec<String>, Vec<String>, String);

/// A default or an expression without what only one engine writes.
fn plain(text: &str) -> String {
    let text = text.to_lowercase().replace("::text", "").replace("::bigint", "").replace(" collate \"c\"", "");
    text.chars().filter(|c| !"() \"\n".contains(*c)).collect()
}

/// A condition word by word, in the order in which it is written, without what only one engine writes.
fn words(condition: &str) -> String {
    let lower = condition.to_lowercase().replace("::text", "").replace("::bigint", "").replace("check", "");
    let lower = lower.replace("= any", "in").replace("array", "");
    // Brackets are the engine's own; texts stay with their quotation marks.
    let spaced = lower.replace(['(', ')', '[', ']', ','], " ").replace('=', " = ");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The conditions of all `check (…)` in a statement.
fn checks(sql: &str) -> Vec<String> {
    sql.match_indices("check (")
        .filter(|(at, _)| !sql[..*at].ends_with('_'))
        .map(|(at, begin)| {
            let mut depth = 1;
            let rest = &sql[at + begin.len()..];
            let end = rest.find(|c| {
                depth += i32::from(c == '(') - i32::from(c == ')');
                depth == 0
            });
            words(&rest[..end.unwrap()])
        })
        .collect()
}

/// `create index name on table (columns) where condition`, as one line.
fn index(sql: &str) -> String {
    let sql = sql.to_lowercase().replace("public.", "").replace(" using btree", "");
    let (head, condition) = sql.split_once(" where ").unwrap_or((&sql, ""));
    let (name, columns) = head.split_once('(').unwrap();
    format!("{} {} where {}", name.trim(), plain(columns), words(condition))
}

async fn of_sqlite(connection: &mut SqliteConnection) -> Schema {
    let mut schema = Schema::default();
    let objects: Vec<(String, String, String)> = sqlx::query_as(
        "select type, name, sql from sqlite_master where sql is not null and name not like 'sqlite_%' \
         and name <> '_sqlx_migrations'",
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    for (kind, name, sql) in objects {
        match kind.as_str() {
            "index" => drop(schema.indexes.insert(index(&sql))),
            "trigger" => drop(schema.triggers.insert(name)),
            "view" => {}
            _ => table_of_sqlite(connection, &name, &sql, &mut schema).await,
        }
    }
    schema
}

async fn table_of_sqlite(connection: &mut SqliteConnection, table: &str, sql: &str, schema: &mut Schema) {
    let columns: Vec<(String, String, bool, Option<String>, i64)> =
        sqlx::query_as("select name, type, \"notnull\", dflt_value, pk from pragma_table_info($1)")
            .bind(table)
            .fetch_all(&mut *connection)
            .await
            .unwrap();
    let mut key: Vec<_> = columns.iter().filter(|column| column.4 > 0).map(|column| (column.4, &column.0)).collect();
    key.sort();
    let key: Vec<_> = key.iter().map(|(_, name)| name.as_str()).collect();
    schema.keys.insert(format!("{table} ({})", key.join(", ")));
    for (name, kind, required, default, key) in &columns {
        let numbers = sql.contains("autoincrement") && name == "id";
        let kind = kind.to_lowercase().replace("integer", "bigint");
        let what = (kind, *required || *key > 0, plain(default.as_deref().unwrap_or_default()), numbers);
        schema.columns.insert((table.to_owned(), name.clone()), what);
    }
    let unique: Vec<(String,)> = sqlx::query_as("select name from pragma_index_list($1) where origin = 'u'")
        .bind(table)
        .fetch_all(&mut *connection)
        .await
        .unwrap();
    for (name,) in unique {
        let columns: Vec<(String,)> = sqlx::query_as("select name from pragma_index_info($1) order by seqno")
            .bind(name)
            .fetch_all(&mut *connection)
            .await
            .unwrap();
        let columns: Vec<_> = columns.into_iter().map(|(name,)| name).collect();
        schema.keys.insert(format!("{table} ({})", columns.join(", ")));
    }
    let references: Vec<(String, String, String, String)> =
        sqlx::query_as("select \"from\", \"table\", \"to\", on_delete from pragma_foreign_key_list($1)")
            .bind(table)
            .fetch_all(&mut *connection)
            .await
            .unwrap();
    for (from, to, column, on_delete) in references {
        schema.references.insert(format!("{table}.{from} {to}.{column} {on_delete}").to_lowercase());
    }
    schema.checks.extend(checks(sql).into_iter().map(|check| format!("{table}: {check}")));
}

async fn of_postgres(connection: &mut PgConnection) -> Schema {
    let mut schema = Schema::default();
    let columns: Vec<(String, String, String, bool, String, bool)> = sqlx::query_as(
        "select cast(table_name as text), cast(column_name as text), cast(data_type as text), is_nullable = 'NO', \
         coalesce(cast(column_default as text), ''), is_identity = 'YES' from information_schema.columns c \
         where table_schema = 'public' and table_name <> '_sqlx_migrations' \
         and not exists (select 1 from information_schema.views v where v.table_name = c.table_name)",
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    for (table, name, kind, required, default, numbers) in columns {
        schema.columns.insert((table, name), (kind, required, plain(&default), numbers));
    }
    let constraints: Vec<Constraint> = sqlx::query_as(
        "select cast(c.contype as text), cast(t.relname as text), array(select cast(a.attname as text) \
         from unnest(c.conkey) with ordinality k (n, place) join pg_attribute a on a.attrelid = t.oid and a.attnum = k.n \
         order by k.place), array(select f.relname || '.' || a.attname from unnest(c.confkey) with ordinality k (n, place) \
         join pg_class f on f.oid = c.confrelid join pg_attribute a on a.attrelid = f.oid and a.attnum = k.n \
         order by k.place), \
         case when c.contype = 'c' then pg_get_constraintdef(c.oid) \
         when c.confdeltype = 'c' then 'cascade' else 'no action' end \
         from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_namespace n on n.oid = t.relnamespace \
         where n.nspname = 'public' and t.relname <> '_sqlx_migrations'",
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    for (kind, table, columns, targets, rest) in constraints {
        match kind.as_str() {
            "p" | "u" => drop(schema.keys.insert(format!("{table} ({})", columns.join(", ")))),
            "f" => {
                let pairs = columns.iter().zip(&targets);
                schema.references.extend(pairs.map(|(column, target)| format!("{table}.{column} {target} {rest}")));
            }
            "c" => drop(schema.checks.insert(format!("{table}: {}", words(&rest)))),
            other => panic!("{table} has a constraint of the kind {other}"),
        }
    }
    let indexes: Vec<(String,)> = sqlx::query_as(
        "select indexdef from pg_indexes i where schemaname = 'public' and tablename <> '_sqlx_migrations' \
         and not exists (select 1 from pg_constraint c where c.conname = i.indexname)",
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    schema.indexes = indexes.iter().map(|(sql,)| index(sql)).collect();
    let triggers: Vec<(String,)> = sqlx::query_as("select cast(tgname as text) from pg_trigger where not tgisinternal")
        .fetch_all(connection)
        .await
        .unwrap();
    schema.triggers = triggers.into_iter().map(|(name,)| name).collect();
    schema
}

#[track_caller]
fn same<T: Ord + std::fmt::Debug + Clone>(what: &str, sqlite: &BTreeSet<T>, postgres: &BTreeSet<T>) {
    let (one, other): (Vec<_>, Vec<_>) = (sqlite.difference(postgres).collect(), postgres.difference(sqlite).collect());
    assert!(one.is_empty() && other.is_empty(), "{what}: only in SQLite {one:#?}, only in PostgreSQL {other:#?}");
}

/// The statements that make views, in the migrations below a folder.
fn views(folder: &str) -> BTreeSet<String> {
    let statements = structure::files(folder, "sql").into_iter().flat_map(|(path, text)| {
        let is_here = path.parent().unwrap().ends_with(folder);
        text.split(';').filter(|_| is_here).map(str::to_owned).collect::<Vec<_>>()
    });
    let begins = |statement: String| statement.find("create view ").map(|at| statement[at..].to_owned());
    statements.filter_map(begins).collect()
}

#[test]
fn both_engines_have_the_same_views() {
    let views = [views("migrations"), views("migrations/postgres")];
    assert!(views[0].len() > 5);
    same("views", &views[0], &views[1]);
}

#[tokio::test]
async fn both_engines_have_the_same_schema() {
    if postgres::server().is_none() {
        return;
    }
    let data = TempDir::new().unwrap();
    let file = format!("sqlite:{}", data.path().join("plinth.db").display());
    start::open(&config(data.path(), &["--database-url", &file])).await.unwrap().close().await;
    let sqlite = of_sqlite(&mut SqliteConnection::connect(&file).await.unwrap()).await;
    let url = postgres::create("");
    start::open(&config(data.path(), &["--new-site", "--database-url", &url])).await.unwrap().close().await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let mut postgres = of_postgres(&mut connection).await;
    assert!(sqlite.columns.len() > 120 && sqlite.keys.len() > 20 && sqlite.references.len() > 15, "{sqlite:#?}");
    assert!(sqlite.checks.len() > 8 && sqlite.indexes.len() > 25 && sqlite.triggers.len() > 8, "{sqlite:#?}");
    let columns = |schema: &Schema| schema.columns.clone().into_iter().collect::<BTreeSet<_>>();
    same("columns", &columns(&sqlite), &columns(&postgres));
    same("keys", &sqlite.keys, &postgres.keys);
    same("references", &sqlite.references, &postgres.references);
    same("checks", &sqlite.checks, &postgres.checks);
    same("indexes", &sqlite.indexes, &postgres.indexes);
    for name in POSTGRES_ONLY {
        assert!(postgres.triggers.remove(name), "{name} is missing");
    }
    postgres.triggers.extend(SQLITE_ONLY.map(str::to_owned));
    same("triggers", &sqlite.triggers, &postgres.triggers);
    let (others,): (i64,) = sqlx::query_as(
        "select count(*) from information_schema.columns where table_schema = 'public' and data_type = 'text' \
         and table_name <> '_sqlx_migrations' and collation_name is distinct from 'C'",
    )
    .fetch_one(&mut connection)
    .await
    .unwrap();
    assert_eq!(others, 0, "every text is compared byte by byte");
    connection.close().await.unwrap();
    postgres::drop_database(&url);
}
