//! GET and HEAD change nothing: every route is asked as an administrator, from elsewhere too, and the whole database
//! is compared before and after.

use axum::{body::Body, http::Method};
use plinth::model::{actor::Role, faq};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

use crate::{
    admin_messages::spam,
    contact::{message, send},
    harness::TestApp,
    postgres,
};

/// Every row of every table except the sessions, whose times of last use change, and the row that `/readyz` writes to
/// see whether writing works.
async fn rows(file: &mut SqliteConnection) -> Vec<(String, Vec<String>)> {
    let tables: Vec<(String,)> = sqlx::query_as(
        "select name from sqlite_master where type = 'table' and name not in ('session', 'write_check', 'sqlite_stat1') \
         order by name",
    )
    .fetch_all(&mut *file)
    .await
    .unwrap();
    let mut all = Vec::new();
    for (table,) in tables {
        let columns: Vec<(String,)> =
            sqlx::query_as("select name from pragma_table_info($1)").bind(&table).fetch_all(&mut *file).await.unwrap();
        let columns: Vec<_> = columns.into_iter().map(|(name,)| format!("quote(\"{name}\")")).collect();
        let sql = format!("select {} as line from \"{table}\" order by line", columns.join(" || ' ' || "));
        let lines: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut *file).await.unwrap();
        all.push((table, lines.into_iter().map(|(line,)| line).collect()));
    }
    all
}

/// Changes with everything that another connection writes to the file.
async fn writes(file: &mut SqliteConnection) -> i64 {
    sqlx::query_scalar("pragma data_version").fetch_one(file).await.unwrap()
}

#[tokio::test]
async fn no_route_changes_anything_when_it_is_only_read() {
    if postgres::skips("every row is compared in the file of SQLite") {
        return;
    }
    let app = TestApp::with(&["--contact-limit", "1000", "--login-limit", "1000"]).await;
    let admin = app.admin().await;
    let unread = message(&app, &send(&app, &[]).await).await.id;
    spam(&app, "Robot").await;
    let user = app.user(Role::Editor, "Pat").await.actor.id.unwrap();
    let question = faq::item::list(app.app.read(), "").await.unwrap()[0].id;
    let page = app.page_id("/about").await;
    let fill_path = |path: &str| {
        let id = match path {
            path if path.starts_with("/admin/messages") => unread,
            path if path.starts_with("/admin/users") => user,
            path if path.starts_with("/admin/faq/categories") => 1,
            path if path.starts_with("/admin/faq") => question,
            _ => page,
        };
        let parts = path.split('/').map(|part| match part {
            part if part.starts_with("{*") => "about".to_owned(),
            "{id}" => id.to_string(),
            part if part.starts_with('{') => "1".to_owned(),
            part => part.to_owned(),
        });
        parts.collect::<Vec<_>>().join("/")
    };
    let url = format!("sqlite:{}", app.data.path().join("plinth.db").display());
    let mut file = SqliteConnection::connect(&url).await.unwrap();
    let mut written = writes(&mut file).await;
    let before = rows(&mut file).await;
    assert!(before.len() > 15 && before.iter().any(|(table, lines)| table == "message" && lines.len() == 2));
    let mut read = 0;
    for route in app.routes.iter().filter(|route| route.method == Method::GET) {
        for path in [fill_path(route.path), format!("{}?q=a&folder=all&sent=1&head=1", fill_path(route.path))] {
            for (method, site) in [(Method::GET, "none"), (Method::GET, "cross-site"), (Method::HEAD, "same-origin")] {
                let request = admin.request(method, &path).header("sec-fetch-site", site).body(Body::empty()).unwrap();
                let reply = admin.send(request).await;
                read += usize::from(reply.status == 200);
                let now = writes(&mut file).await;
                // Reading every row takes long, so only after something was written at all.
                assert!(now == written || rows(&mut file).await == before, "GET {path} changed something");
                written = now;
            }
        }
    }
    assert!(read > 100, "only {read} were answered");
}
