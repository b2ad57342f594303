//! The whole site with the drafts of one user: drawn as the public one, seen by that user alone, and nothing of it is public.

use plinth::model::actor::Role;

use crate::{
    admin_drafts::{new_key, type_in},
    harness::{TestApp, TestUser},
};

const FOUNDATION: &str = "/scheme/levels/foundation";

fn inside(path: &str) -> String {
    format!("/admin/preview{path}")
}

/// The edit screen of the page at a path of the starter site.
async fn edit_of(app: &TestApp, path: &str) -> String {
    let id = plinth::model::page::tree::id_at(app.app.read(), path).await.unwrap().expect("a page");
    format!("/admin/pages/{id}")
}

async fn type_draft(user: &TestUser, edit: &str, fields: &[(&str, &str)]) {
    let answer = type_in(user, edit, ("a", 0, 1), &[&[("base", "1")][..], fields].concat()).await;
    assert_eq!(answer["state"], "kept");
}

const DRAFT: [(&str, &str); 6] = [
    ("title", "Foundation, drafted"),
    ("slug", "foundation"),
    ("body", "Half a sentence, [about](/about)."),
    ("summary", "A drafted summary."),
    ("menu", "main"),
    ("layout", "article"),
];

#[tokio::test]
async fn drafts_are_seen_by_their_user_in_the_page_and_in_every_list() {
    let app = TestApp::new().await;
    let (ada, otto) = (app.user(Role::Editor, "Ada").await, app.user(Role::Editor, "Otto").await);
    let public = app.visitor().get(FOUNDATION).await.is(200).text;
    let edit = edit_of(&app, FOUNDATION).await;
    type_draft(&ada, &edit, &DRAFT).await;
    let page =
        ada.get(&inside(FOUNDATION)).await.is(200).says("<h1").says("Half a sentence").says("This page: your draft.");
    let page = page.says(&format!("<a href=\"{edit}\">Back to editing</a>")).says("content=\"noindex\"");
    assert_eq!((page.header("cache-control"), page.header("set-cookie")), ("no-store", ""));
    // Links lead to pages of this site, and nowhere else; files and the editor are where they are.
    let page = page.says("href=\"/admin/preview/about\"").says("href=\"/admin/preview/\"").says("href=\"/static/");
    page.does_not_say("href=\"/about\"").does_not_say("href=\"/\"").does_not_say("/admin/preview/static");
    ada.get(&inside("/scheme/levels")).await.is(200).says("Foundation, drafted").says("A drafted summary.");
    ada.get(&inside("/")).await.is(200).says("This page: version 1, live.");
    for path in [FOUNDATION, "/scheme/levels"] {
        otto.get(&inside(path)).await.is(200).does_not_say("drafted").does_not_say("Half a sentence");
        app.visitor().get(path).await.is(200).does_not_say("drafted").does_not_say("Half a sentence");
        app.visitor().get(&inside(path)).await.is(303);
    }
    assert_eq!(app.visitor().get(FOUNDATION).await.text, public);
}

#[tokio::test]
async fn what_is_saved_and_not_published_is_seen_by_every_editor() {
    let app = TestApp::new().await;
    let (ada, otto) = (app.user(Role::Editor, "Ada").await, app.user(Role::Editor, "Otto").await);
    let edit = edit_of(&app, FOUNDATION).await;
    ada.post(&edit, &[&[("base", "1")][..], &DRAFT].concat()).await.is(303);
    otto.get(&inside(FOUNDATION)).await.is(200).says("Half a sentence").says("This page: version 2, not published.");
    otto.get(&inside("/scheme/levels")).await.says("Foundation, drafted");
    app.visitor().get("/scheme/levels").await.does_not_say("Foundation, drafted");
    let fresh =
        [("title", "A fresh page"), ("slug", "fresh"), ("menu", "main"), ("layout", "article"), ("body", "New.")];
    let fresh = ada.post("/admin/pages/new", &fresh).await.is(303).location();
    otto.get(&inside("/fresh")).await.is(200).says("This page: version 1, not published.");
    otto.get(&inside("/about")).await.says("href=\"/admin/preview/fresh\"");
    ada.post(&format!("{fresh}/delete"), &[]).await.is(303);
    otto.get(&inside("/fresh")).await.is(404);
}

#[tokio::test]
async fn a_changed_slug_moves_the_page_and_what_is_below_it() {
    let app = TestApp::new().await;
    let ada = app.user(Role::Editor, "Ada").await;
    let levels = edit_of(&app, "/scheme/levels").await;
    let fields = [("title", "Levels"), ("slug", "steps"), ("layout", "section"), ("menu", "main")];
    type_draft(&ada, &levels, &fields).await;
    ada.get(&inside("/scheme/steps")).await.is(200).says("href=\"/admin/preview/scheme/steps/foundation\"");
    ada.get(&inside("/scheme/steps/foundation")).await.is(200).says("href=\"/admin/preview/scheme/steps\"");
    // Where visitors find them leads there.
    assert_eq!(ada.get(&inside(FOUNDATION)).await.is(303).location(), inside("/scheme/steps/foundation"));
    app.visitor().get("/scheme/steps").await.is(404);
    ada.get(&inside("/scheme/nowhere")).await.is(404);
}

#[tokio::test]
async fn what_is_new_and_not_saved_has_its_place() {
    let app = TestApp::new().await;
    let ada = app.user(Role::Editor, "Ada").await;
    let parent = edit_of(&app, "/scheme/levels").await;
    let parent = parent.rsplit('/').next().unwrap();
    let key = new_key(&ada, "/admin/pages/new").await;
    let fields =
        [("draft", key.as_str()), ("under", parent), ("title", "Fifth level"), ("menu", "main"), ("body", "New.")];
    type_in(&ada, "/admin/pages/new", ("a", 0, 1), &fields).await;
    ada.get(&inside("/scheme/levels")).await.is(200).says("href=\"/admin/preview/scheme/levels/fifth-level\"");
    let page = ada.get(&inside("/scheme/levels/fifth-level")).await.is(200).says("New.").says("This page: your draft.");
    page.says(&format!("<a href=\"/admin/pages/new?draft={key}\">Back to editing</a>"))
        .says("has no number until it is saved");
    let key = new_key(&ada, "/admin/faq/new").await;
    let fields = [("draft", key.as_str()), ("title", "Why so?"), ("body", "Because."), ("category", "1")];
    type_in(&ada, "/admin/faq/new", ("a", 0, 1), &fields).await;
    ada.get(&inside("/faq")).await.is(200).says("Why so?").says("action=\"/admin/preview/faq\"");
    ada.get(&inside("/faq?q=because")).await.is(200).says("Why so?");
    app.visitor().get("/faq").await.does_not_say("Why so?");
}

#[tokio::test]
async fn no_form_of_the_preview_sends_anything() {
    let app = TestApp::new().await;
    let ada = app.editor().await;
    let page = ada.get(&inside("/contact")).await.is(200).says(" method=\"post\" inert");
    page.says("<form target=\"_blank\" class=\"search\" method=\"get\" action=\"/admin/search\"");
}
