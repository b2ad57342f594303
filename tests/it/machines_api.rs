//! The read API: what it lists, one page after the other, and that nothing but what is public is in it.

use std::collections::BTreeSet;

use plinth::model::{faq, page::public};
use serde_json::Value;

use crate::{
    harness::{Reply, TestApp, TestUser, publish_version, save_content},
    search,
};

const ORIGIN: &str = "http://127.0.0.1:3000";

async fn json(visitor: &TestUser, path: &str) -> Value {
    let reply = visitor.get(path.strip_prefix(ORIGIN).unwrap_or(path)).await.is(200);
    assert_eq!(reply.header("content-type"), "application/json", "{path}");
    serde_json::from_str(&reply.isolated).unwrap()
}

/// What was wrong, in JSON.
fn problem(reply: &Reply) -> String {
    assert_eq!(reply.header("content-type"), "application/problem+json");
    let problem: Value = serde_json::from_str(&reply.isolated).unwrap();
    assert_eq!(problem["status"], reply.status.as_u16());
    problem["detail"].as_str().unwrap().to_owned()
}

/// All documents of a list, by their paths, in its order.
pub async fn all(visitor: &TestUser, first: &str) -> Vec<String> {
    let (mut found, mut next) = (Vec::new(), Some(first.to_owned()));
    while let Some(path) = next {
        let page = json(visitor, &path).await;
        found.extend(page["documents"].as_array().unwrap().iter().map(|row| row["path"].as_str().unwrap().to_owned()));
        next = page["next"].as_str().map(ToOwned::to_owned);
        assert!(found.len() < 1000, "{first} does not end");
    }
    found
}

/// The pages of the starter site that show items.
const ITEM_PAGES: [&str; 3] = ["/faq", "/resources/glossary", "/training/practice-questions"];

#[tokio::test]
async fn a_list_has_everything_once_whatever_the_size_of_its_pages() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let paths: Vec<String> =
        public::list_all(app.app.read(), "", 1000).await.unwrap().into_iter().map(|page| page.path).collect();
    let mut questions = 0;
    for page in ITEM_PAGES {
        questions += faq::item::live(app.app.read(), app.page_id(page).await).await.unwrap().len();
    }
    for limit in ["", "?limit=1", "?limit=7", "?limit=200"] {
        let found = all(&visitor, &format!("/api/v1/documents{limit}")).await;
        assert_eq!(found[..paths.len()], paths, "{limit}");
        assert_eq!(found.len(), paths.len() + questions, "{limit}");
        assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), found.len(), "{limit}");
    }
    let pages = all(&visitor, "/api/v1/documents?type=page&limit=9").await;
    assert_eq!(pages, paths);
    let items = all(&visitor, "/api/v1/documents?type=question&limit=9").await;
    let on_page = |path: &String| ITEM_PAGES.contains(&path.split('#').next().unwrap());
    assert!(items.len() == questions && items.iter().all(on_page));
    for limit in [1, 3, 200] {
        let below = all(&visitor, &format!("/api/v1/documents?path=/standards/part-1&limit={limit}")).await;
        let inside = |path: &&String| **path == "/standards/part-1" || path.starts_with("/standards/part-1/");
        assert_eq!(below, paths.iter().filter(inside).cloned().collect::<Vec<_>>());
        let since = all(&visitor, &format!("/api/v1/documents?changed_since=2020-01-01T00:00:00Z&limit={limit}")).await;
        let expected: BTreeSet<String> = paths.iter().chain(&items).cloned().collect();
        assert_eq!(since.len(), expected.len());
        assert_eq!(since.into_iter().collect::<BTreeSet<_>>(), expected);
    }
    let unknown = visitor.get("/api/v1/documents?type=none").await.is(400);
    assert!(problem(&unknown).starts_with("There is no type “none”; the types are page, question"));
    let bad = visitor.get("/api/v1/documents?changed_since=yesterday").await.is(400);
    assert!(problem(&bad).contains("changed_since"));
    problem(&visitor.get("/api/v1/documents?limit=many").await.is(400));
    for odd in ["limit=0", "limit=-5", "limit=99999999", "after=%23", "after=zzz", "path=", "path=%2f%2f", "after=1-2"]
    {
        json(&visitor, &format!("/api/v1/documents?{odd}")).await;
    }
}

#[tokio::test]
async fn what_changed_is_listed_since_a_time() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let before = json(&visitor, "/api/v1/version").await["site_version"].as_i64().unwrap();
    app.app.clock.advance(3_600_000);
    let since = jiff::Timestamp::from_millisecond(app.app.now().0).unwrap().to_string();
    app.app.clock.advance(1000);
    let id = app.page_id("/about").await;
    let write = app.app.write(editor.actor.clone()).await.unwrap();
    let version = save_content(&write, id, |content| content.with("title", "About us")).await;
    publish_version(&write, id, version).await.unwrap();
    write.commit().await.unwrap();
    let changed = json(&visitor, &format!("/api/v1/documents?changed_since={since}")).await;
    assert_eq!(changed["documents"].as_array().unwrap().len(), 1, "{changed:#}");
    assert_eq!(changed["documents"][0]["title"], "About us");
    assert_eq!(all(&visitor, &format!("/api/v1/documents?changed_since={since}&type=question")).await.len(), 0);
    assert_eq!(all(&visitor, &format!("/api/v1/documents?changed_since={since}&path=/abou")).await.len(), 0);
    assert_eq!(all(&visitor, &format!("/api/v1/documents?changed_since={since}&path=/about")).await, ["/about"]);
    assert!(json(&visitor, "/api/v1/version").await["site_version"].as_i64().unwrap() > before);
}

#[tokio::test]
async fn a_document_has_what_visitors_may_read() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let first = json(&visitor, "/api/v1/documents/index").await;
    assert_eq!((first["path"].as_str(), first["type"].as_str()), (Some("/"), Some("page")));
    let clause = visitor.get("/api/v1/documents/standards/part-1/clause-8/8-5/8-5-1").await.is(200);
    assert!(!clause.header("etag").is_empty(), "it is kept");
    let clause: Value = serde_json::from_str(&clause.isolated).unwrap();
    assert_eq!((clause["number"].as_str(), clause["title"].as_str()), (Some("8.5.1"), Some("Change management")));
    let page = public::at(app.app.read(), "/standards/part-1/clause-8/8-5/8-5-1").await.unwrap().unwrap();
    assert_eq!(clause["markdown"], page.revision.content.body);
    let faq = json(&visitor, "/api/v1/documents/faq").await;
    assert_eq!(faq["questions"].as_array().unwrap().len(), 80);
    for below in json(&visitor, "/api/v1/documents/standards").await["below"].as_array().unwrap() {
        json(&visitor, below.as_str().unwrap()).await;
    }

    // Neither drafts, nor what visitors never see, nor what is gone.
    let fields =
        [("title", "Plan"), ("slug", "plan"), ("body", "x"), ("search_words", "cellar wall"), ("do", "publish")];
    editor.post("/admin/pages/new", &fields).await.is(303);
    let id = app.page_id("/plan").await;
    let write = app.app.write(editor.actor.clone()).await.unwrap();
    save_content(&write, id, |content| content.with("body", "not yet")).await;
    write.commit().await.unwrap();
    visitor
        .get("/api/v1/documents/plan")
        .await
        .is(200)
        .does_not_say("not yet")
        .does_not_say("cellar")
        .does_not_say("Edith");
    editor.post(&format!("/admin/pages/{id}/unpublish"), &[]).await.is(303);
    problem(&visitor.get("/api/v1/documents/plan").await.is(404));
    assert!(!all(&visitor, "/api/v1/documents?path=/plan").await.contains(&"/plan".to_owned()));
    for odd in ["/api/v1/documents/none", "/api/v1/documents/admin", "/api/v1/documents/%2e%2e"] {
        problem(&visitor.get(odd).await.is(404));
    }
}

#[tokio::test]
async fn a_search_answers_in_json() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    search::index(&app).await;
    let reply = visitor.get("/api/v1/search?q=audit").await;
    let found: Value = serde_json::from_str(&reply.is(200).isolated).unwrap();
    assert!(found["total"].as_u64().unwrap() > 20, "{found:#}");
    assert_eq!(json(&visitor, "/api/v1/search").await["total"], 0);
    let next = json(&visitor, found["next"].as_str().unwrap()).await;
    assert_ne!(next["results"][0]["path"], found["results"][0]["path"]);
}
