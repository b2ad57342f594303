//! PostgreSQL for tests: a database for each data directory, on the server that `PLINTH_TEST_POSTGRES` names. With
//! `PLINTH_TEST_ENGINE=postgres` every portal under test has one; see `tests/all`.

use std::{
    collections::HashMap,
    env,
    future::Future,
    io::Write,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

/// By data directory.
static DATABASES: Mutex<Option<HashMap<PathBuf, String>>> = Mutex::new(None);
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// The server to test with, if there is one.
pub fn server() -> Option<String> {
    let server = env::var("PLINTH_TEST_POSTGRES").ok().filter(|server| !server.is_empty());
    if server.is_none() {
        assert!(env::var_os("CI").is_none(), "PLINTH_TEST_POSTGRES names no PostgreSQL server; tests/all starts one");
        // `println!` is shown for failing tests only.
        let _ = writeln!(
            std::io::stderr(),
            "skipped: PLINTH_TEST_POSTGRES names no PostgreSQL server; tests/all starts one"
        );
    }
    server
}

/// Whether portals under test keep their data in PostgreSQL.
pub fn is_engine() -> bool {
    env::var_os("PLINTH_TEST_ENGINE").is_some_and(|engine| engine == "postgres")
}

/// Whether a test is passed over because it is about the files of SQLite, and says why.
pub fn skips(why: &str) -> bool {
    if is_engine() {
        let _ = writeln!(std::io::stderr(), "skipped: {why}");
    }
    is_engine()
}

/// The address of a database on the server.
pub fn address(server: &str, name: &str) -> String {
    let mut url = url::Url::parse(server).expect("PLINTH_TEST_POSTGRES is an address");
    url.set_path(name);
    url.into()
}

/// A new database, made as `how` says. Dropped by [`drop_database`], or with the server.
pub fn create(how: &str) -> String {
    let server = server().expect("a server");
    let name = format!("plinth_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    run(&server, format!("create database {name} {how}"));
    address(&server, &name)
}

/// Drops a database with whatever is connected to it.
pub fn drop_database(url: &str) {
    let name = name(url);
    run(&server().expect("a server"), format!("drop database if exists {name} with (force)"));
}

/// Ends all connections to a database.
pub fn end_connections(url: &str) {
    let name = name(url);
    let sql = format!(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}' and pid <> pg_backend_pid()"
    );
    run(&server().expect("a server"), sql);
}

/// The name of the database at an address.
pub fn name(url: &str) -> String {
    url::Url::parse(url).unwrap().path().trim_start_matches('/').to_owned()
}

/// Runs a statement outside of any database of a test.
pub fn run(server: &str, sql: String) {
    let server = server.to_owned();
    wait(async move {
        let mut connection = PgConnection::connect(&server).await.expect("the server of PLINTH_TEST_POSTGRES");
        connection.execute(AssertSqlSafe(sql.clone())).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        connection.close().await.unwrap();
    });
}

/// Waits where no runtime is disturbed.
pub fn wait<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    std::thread::spawn(move || runtime().block_on(work)).join().expect("PostgreSQL does it")
}

/// The address of the database of a data directory, which is made when there is none; none when SQLite is the engine.
pub fn of(data: &Path) -> Option<String> {
    if !is_engine() {
        return None;
    }
    known(data).or_else(|| {
        tidy();
        Some(keep(data, create("")))
    })
}

/// The same, if there is one.
pub fn known(data: &Path) -> Option<String> {
    DATABASES.lock().unwrap().as_ref()?.get(data).cloned()
}

/// Gives a data directory a copy of the database of another, to which nothing may be connected.
pub fn copy(from: &Path, to: &Path) {
    tidy();
    let template = name(&known(from).expect("a database to copy"));
    keep(to, create(&format!("template {template}")));
}

fn keep(data: &Path, url: String) -> String {
    DATABASES.lock().unwrap().get_or_insert_default().insert(data.to_owned(), url.clone());
    url
}

/// Drops the databases whose data directories are gone.
fn tidy() {
    let mut gone = Vec::new();
    if let Some(databases) = DATABASES.lock().unwrap().as_mut() {
        databases.retain(|data, url| {
            let stays = data.exists();
            if !stays {
                gone.push(url.clone());
            }
            stays
        });
    }
    for url in gone {
        drop_database(&url);
    }
}
