//! The one connection that writes to SQLite: it is kept from one transaction to the next, and nothing is left of it at the end.

use plinth::{app::start, db::transaction::Transaction};
use tempfile::TempDir;

use crate::{harness::config, postgres};

/// Opening it again would cost every change as much as the change itself. What only this connection knows tells which it is.
#[tokio::test]
async fn the_writer_stays_open_after_a_commit_and_after_a_rollback() {
    if postgres::skips("SQLite has the one writer") {
        return;
    }
    let data = TempDir::new().unwrap();
    let db = start::open(&config(data.path(), &[])).await.unwrap();
    let write = Transaction::begin(&db).await.unwrap();
    write.execute("create temp table mark (id integer primary key)", ()).await.unwrap();
    write.commit().await.unwrap();
    let write = Transaction::begin(&db).await.unwrap();
    write.execute("insert into mark values (1)", ()).await.expect("the connection of before");
    drop(write);
    let write = Transaction::begin(&db).await.unwrap();
    assert_eq!(write.execute("update mark set id = 2", ()).await.expect("the same one again"), 0, "it was rolled back");
    let broken_rule = write.execute("insert into mark values (3), (3)", ()).await;
    assert!(broken_rule.is_err());
    write.commit().await.unwrap();
    let write = Transaction::begin(&db).await.unwrap();
    write.execute("insert into mark values (4)", ()).await.expect("a broken rule harms no connection");
    assert!(write.execute("insert into nowhere values (1)", ()).await.is_err());
    drop(write);
    let write = Transaction::begin(&db).await.unwrap();
    assert!(write.execute("insert into mark values (5)", ()).await.is_err(), "after a fault there is another one");
}

/// The last connection to go takes the log along: a site that was stopped is one file, to be copied as it is.
#[tokio::test]
async fn a_closed_database_is_one_file() {
    if postgres::skips("SQLite has the one writer") {
        return;
    }
    let data = TempDir::new().unwrap();
    let db = start::open(&config(data.path(), &[])).await.unwrap();
    let log = data.path().join("plinth.db-wal");
    assert!(log.exists());
    db.close().await;
    assert!(!log.exists(), "a connection is still open");
}
