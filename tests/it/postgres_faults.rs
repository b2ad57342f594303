//! What a maintainer reads when PostgreSQL is not as it must be.

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tempfile::TempDir;

use crate::{
    command_line::{fails, plinth, succeeds},
    postgres,
    relay::{Loss, Relay},
};

/// An address with something else in it.
fn changed(url: &str, change: impl FnOnce(&mut url::Url)) -> String {
    let mut url = url::Url::parse(url).unwrap();
    change(&mut url);
    url.into()
}

fn migrate(url: &str) -> std::process::Output {
    let data = TempDir::new().unwrap();
    plinth(data.path(), &["migrate", "--database-url", url], "")
}

#[track_caller]
fn refuses(url: &str, says: &[&str]) {
    let output = migrate(url);
    fails(&output, 1, says);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    for word in ["returned from database", "os error", "Error {", "secret"] {
        assert!(!said.contains(word), "“{word}” is nothing for a maintainer: {said}");
    }
    assert!(said.contains("The database ") || said.contains("DATABASE_URL"), "{said}");
}

async fn run(url: &str, sql: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    connection.execute(AssertSqlSafe(sql.to_owned())).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_not_there_or_refuses_is_told() {
    let Some(server) = postgres::server() else { return };
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    refuses(
        &changed(&server, |url| url.set_port(Some(closed)).unwrap()),
        &["cannot be opened: the database cannot be reached", &format!("127.0.0.1:{closed}"), "DATABASE_URL"],
    );
    refuses(&postgres::address(&server, "nowhere"), &["has no database of that name", "nowhere"]);
    refuses("postgres://a@127.0.0.1", &["DATABASE_URL must name a database"]);
    refuses("postgres://[", &["DATABASE_URL cannot be understood"]);
    // tests/with-postgres asks this user alone for a password.
    postgres::run(
        &server,
        "drop role if exists plinth_password; create role plinth_password login password 'right'".into(),
    );
    let wrong = changed(&postgres::address(&server, "postgres"), |url| {
        url.set_username("plinth_password").unwrap();
        url.set_password(Some("secret")).unwrap();
    });
    refuses(&wrong, &["refuses the user or the password", "password authentication failed"]);
}

#[tokio::test]
async fn a_database_that_is_not_ours_to_use_is_told() {
    let Some(server) = postgres::server() else { return };
    let url = postgres::create("");
    run(&url, "create table moz_places (id bigint)").await;
    refuses(&url, &["belongs to another program", "“moz_places”", "Nothing in it was changed"]);
    run(&url, "drop table moz_places").await;

    postgres::run(&server, "drop role if exists plinth_stranger; create role plinth_stranger login".into());
    let stranger = changed(&url, |url| url.set_username("plinth_stranger").unwrap());
    run(&url, "revoke create on schema public from public").await;
    refuses(&stranger, &["the user plinth_stranger may not make tables in its schema public", "owner"]);
    succeeds(&migrate(&url));
    run(&url, "grant select on all tables in schema public to plinth_stranger").await;
    refuses(&stranger, &["the user plinth_stranger may not read and write its table"]);

    run(&url, &format!("alter database {} set default_transaction_read_only = on", postgres::name(&url))).await;
    refuses(&url, &["can only be read", "the server that is written to"]);
    let data = TempDir::new().unwrap();
    fails(&plinth(data.path(), &["audit", "head", "--database-url", &url], ""), 1, &["The audit log is empty"]);
    postgres::drop_database(&url);

    let odd = postgres::create("template template0 encoding 'LATIN1' locale 'C'");
    refuses(&odd, &["its encoding is LATIN1", "UTF8"]);
    postgres::drop_database(&odd);
}

#[tokio::test]
async fn two_ways_lead_to_one_database_that_holds_one_site() {
    let Some(_) = postgres::server() else { return };
    let (ours, other) = (postgres::create(""), postgres::create(""));
    let ways = |usual: &str, direct: &str| {
        let data = TempDir::new().unwrap();
        plinth(data.path(), &["migrate", "--database-url", usual, "--database-direct-url", direct], "")
    };
    for (usual, direct) in [(&ours, &other), (&other, &ours)] {
        fails(&ways(usual, direct), 1, &["PLINTH_DATABASE_DIRECT_URL leads to another database"]);
    }
    succeeds(&ways(&ours, &ours));
    let data = TempDir::new().unwrap();
    let alone = plinth(data.path(), &["migrate", "--database-direct-url", &ours], "");
    fails(&alone, 1, &["PLINTH_DATABASE_DIRECT_URL is set, and DATABASE_URL is not"]);
    assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0, "no site of its own is begun");

    run(&ours, "create schema second").await;
    let second = changed(&ours, |url| url.set_query(Some("options=-csearch_path%3Dsecond")));
    refuses(&second, &["another site is in its schema public", "a database of its own"]);
    postgres::drop_database(&ours);
    postgres::drop_database(&other);
}

#[tokio::test]
async fn an_older_and_a_newer_database_are_told() {
    if postgres::server().is_none() {
        return;
    }
    let url = postgres::create("");
    succeeds(&migrate(&url));
    succeeds(&migrate(&url));
    run(&url, "delete from _sqlx_migrations where description = 'webhooks'").await;
    let data = TempDir::new().unwrap();
    let audit = plinth(data.path(), &["audit", "head", "--database-url", &url], "");
    fails(&audit, 1, &["plinth migrate", "nothing in it was changed"]);
    // What is there already cannot be made once more: all or nothing.
    fails(&migrate(&url), 1, &["cannot be used"]);
    run(
        &url,
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
         values (29991231000001, 'from the future', true, '', 0)",
    )
    .await;
    refuses(&url, &["newer than this program", "29991231000001"]);
    let backup = plinth(data.path(), &["backup", "x.db", "--database-url", &url], "");
    fails(&backup, 1, &["PostgreSQL", "pg_dump"]);
    postgres::drop_database(&url);
}

#[tokio::test]
async fn one_data_directory_serves_one_node() {
    if postgres::server().is_none() {
        return;
    }
    let url = postgres::create("");
    let data = TempDir::new().unwrap();
    let serve = |data: &std::path::Path| {
        let mut command = crate::program::plinth(data, &crate::program::SERVE);
        command.env("DATABASE_URL", &url);
        command
    };
    let one = crate::program::Program::run(&mut serve(data.path()));
    one.takes("over PostgreSQL");
    crate::program::refused(&crate::program::ended(serve(data.path())), &["Another Plinth", "PLINTH_DATA"]);
    let other = TempDir::new().unwrap();
    let two = crate::program::Program::run(&mut serve(other.path()));
    two.get("/", 200);
    two.stop();
    one.stop();
    // Nothing may be served from an empty database where there was a site.
    let empty = postgres::create("");
    let output = plinth(data.path(), &["migrate", "--database-url", &empty], "");
    fails(&output, 1, &["is missing or empty", "--new-site"]);
    postgres::drop_database(&empty);
    postgres::drop_database(&url);
}

#[tokio::test]
async fn sqlx_cli_and_the_program_do_the_same() {
    if postgres::server().is_none() {
        return;
    }
    let applied = async |url: &str| -> Vec<(i64, Vec<u8>)> {
        let mut connection = PgConnection::connect(url).await.unwrap();
        let sql = "select version, checksum from _sqlx_migrations where success order by version";
        sqlx::query_as(sql).fetch_all(&mut connection).await.unwrap()
    };
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    let folder = sqlx::migrate::Migrator::new(folder).await.unwrap();
    let known: Vec<_> = folder.iter().map(|one| (one.version, one.checksum.to_vec())).collect();
    let names: Vec<_> = folder.iter().map(|one| (one.version, &*one.description)).collect();
    assert_eq!(names, plinth::db::migrator::list().collect::<Vec<_>>(), "both engines have the same migrations");
    for tool_first in [true, false] {
        let url = postgres::create("");
        if tool_first {
            folder.run(&mut PgConnection::connect(&url).await.unwrap()).await.unwrap();
        }
        succeeds(&migrate(&url));
        assert_eq!(applied(&url).await, known);
        folder.run(&mut PgConnection::connect(&url).await.unwrap()).await.unwrap();
        postgres::drop_database(&url);
    }
}

/// All or nothing, whatever the server was doing when it was lost.
#[tokio::test]
async fn a_server_that_is_lost_in_the_middle_of_a_migration_is_told() {
    if postgres::server().is_none() {
        return;
    }
    for (text, how) in
        [("create table page", Loss::Closed), ("create table search_term", Loss::Silent), ("COMMIT", Loss::Silent)]
    {
        let url = postgres::create("");
        let relay = Relay::to(&url);
        relay.lose_at(text, 1, how);
        refuses(&relay.url(), &["was lost while it was being brought up to date", "all of that was done or nothing"]);
        let mut connection = PgConnection::connect(&url).await.unwrap();
        let (tables,): (i64,) = sqlx::query_as("select count(*) from pg_tables where schemaname = 'public'")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(tables, 0, "{text}");
        connection.close().await.unwrap();
        relay.come_back();
        succeeds(&migrate(&relay.url()));
        postgres::drop_database(&url);
    }
}

/// A server that takes connections and says nothing is given up.
#[tokio::test]
async fn a_server_that_never_answers_is_told() {
    let Some(server) = postgres::server() else { return };
    let relay = Relay::to(&server);
    relay.lose(Loss::Silent);
    refuses(&relay.url(), &["cannot be opened: the database cannot be reached"]);
}

#[tokio::test]
async fn two_processes_that_begin_a_database_at_once_make_one() {
    if postgres::server().is_none() {
        return;
    }
    let url = postgres::create("");
    let both: Vec<_> = (0..3)
        .map(|_| {
            let url = url.clone();
            std::thread::spawn(move || migrate(&url))
        })
        .collect();
    for one in both {
        succeeds(&one.join().unwrap());
    }
    postgres::drop_database(&url);
}

#[tokio::test]
async fn what_was_stored_cannot_be_changed_and_a_forgery_is_found() {
    if postgres::server().is_none() {
        return;
    }
    let url = postgres::create("");
    let data = TempDir::new().unwrap();
    let starter = concat!(env!("CARGO_MANIFEST_DIR"), "/starter-empty");
    succeeds(&plinth(data.path(), &["import", starter, "--database-url", &url], ""));
    let mut connection = PgConnection::connect(&url).await.unwrap();
    for (sql, says) in [
        ("update revision set body = 'x'", "a revision never changes"),
        ("delete from revision", "a revision is never deleted"),
        ("truncate revision cascade", "is never deleted"),
        ("update publication set note = 'x'", "does not change but for its end"),
        ("update publication set ended_at = 1, note = 'x'", "does not change but for its end"),
        ("delete from publication", "a publication is never deleted"),
        ("update audit_log set at = 1", "the audit log is append-only"),
        ("delete from audit_log", "the audit log is append-only"),
        ("truncate audit_log", "the audit log is append-only"),
        ("insert into audit_log select * from audit_log", "duplicate key"),
        ("insert into revision select * from revision on conflict (id) do update set body = 'x'", "never changes"),
    ] {
        let error = connection.execute(sql).await.unwrap_err().to_string();
        assert!(error.contains(says), "{sql}: {error}");
    }
    succeeds(&plinth(data.path(), &["audit", "verify", "--database-url", &url], ""));
    connection.execute("alter table revision disable trigger all; update revision set body = 'Forged.'").await.unwrap();
    let verify = plinth(data.path(), &["audit", "verify", "--database-url", &url], "");
    fails(&verify, 1, &["Revision 1 is not what was recorded"]);
    connection.close().await.unwrap();
    postgres::drop_database(&url);
}
