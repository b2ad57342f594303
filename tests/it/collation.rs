//! Addresses below a page are found by the order of bytes, whatever language the database was made for.

use std::sync::Arc;

use tempfile::TempDir;

use crate::{
    harness::{TestApp, TestUser},
    postgres,
    program::skipped,
};

/// Pages that some languages sort among those below `/a/b`.
const BESIDE: [&str; 4] = ["b-c", "b0", "bc", "b1"];

async fn make(app: &TestApp, editor: &TestUser, above: Option<&str>, slug: &str) {
    let under = match above {
        Some(path) => app.page_id(path).await.to_string(),
        None => String::new(),
    };
    let fields = [("base", "0"), ("title", slug), ("slug", slug), ("body", "x"), ("do", "publish"), ("under", &*under)];
    editor.post("/admin/pages/new", &fields).await.is(303);
}

#[track_caller]
fn is(found: u16, expected: u16, path: &str, how: &str) {
    assert_eq!(found, expected, "{path} ({how})");
}

async fn subtrees(app: &TestApp, how: &str) {
    let (editor, visitor) = (app.editor().await, app.visitor());
    make(app, &editor, None, "a").await;
    make(app, &editor, Some("/a"), "b").await;
    make(app, &editor, Some("/a/b"), "c").await;
    for slug in BESIDE {
        make(app, &editor, Some("/a"), slug).await;
    }
    let id = app.page_id("/a/b").await;
    editor.post(&format!("/admin/pages/{id}/move"), &[("parent", "")]).await.is(303);
    is(visitor.get("/b/c").await.status.as_u16(), 200, "/b/c", how);
    for slug in BESIDE {
        let path = format!("/a/{slug}");
        is(visitor.get(&path).await.status.as_u16(), 200, &path, how);
    }
    editor.post(&format!("/admin/pages/{id}/move"), &[("parent", "/a")]).await.is(303);
    is(visitor.get("/a/b/c").await.status.as_u16(), 200, "/a/b/c", how);
    editor.confirm(&format!("/admin/pages/{id}/unpublish")).await.is(303);
    for (path, status) in [("/a/b", 404), ("/a/b/c", 404)] {
        is(visitor.get(path).await.status.as_u16(), status, path, how);
    }
    editor.confirm(&format!("/admin/pages/{id}/delete")).await.is(303);
    for slug in BESIDE {
        let path = format!("/a/{slug}");
        is(visitor.get(&path).await.status.as_u16(), 200, &path, how);
    }
}

#[tokio::test]
async fn what_is_below_a_page_does_not_depend_on_a_language() {
    if postgres::server().is_none() {
        return;
    }
    let mut ways = vec![
        "template template0 encoding 'UTF8' locale 'C'".to_owned(),
        "template template0 encoding 'UTF8' locale 'C.UTF-8' locale_provider icu icu_locale 'en-US'".to_owned(),
    ];
    match std::env::var("PLINTH_TEST_LOCALE") {
        Ok(locale) => ways.push(format!("template template0 encoding 'UTF8' locale '{locale}'")),
        Err(_) => skipped("PLINTH_TEST_LOCALE names no language of the machine; tests/with-postgres makes one"),
    }
    for how in &ways {
        let url = postgres::create(how);
        let data = Arc::new(TempDir::new().unwrap());
        let app = TestApp::over(data, &["--starter", "none", "--database-url", &url]).await;
        subtrees(&app, how).await;
        app.app.db.close().await;
        postgres::drop_database(&url);
    }
}
