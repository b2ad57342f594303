//! Small forms that were opened before someone else changed what they are about: nothing is deleted or cancelled that its user
//! did not see.

use std::sync::Arc;

use plinth::model::faq::category;
use tempfile::TempDir;

use crate::{
    forms::hidden,
    harness::{Reply, TestApp, TestUser},
    schedules::{plan, save_body, schedule_ids, schedules},
};

const LIST: &str = "/admin/redirects";

/// Sends a form that was opened before as if for the first time.
pub async fn send_seen(who: &TestUser, action: &str, opened: &[(String, String)], typed: &[(&str, &str)]) -> Reply {
    let opened = opened.iter().filter(|(name, _)| name != "submission");
    let opened = opened.map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<_> = opened.chain(typed.iter().copied()).collect();
    who.post(action, &fields).await
}

#[tokio::test]
async fn a_redirect_that_was_changed_is_not_deleted_unseen() {
    let app = TestApp::new().await;
    let (one, two) = (app.editor().await, app.editor().await);
    one.post(LIST, &[("from", "/old"), ("target", "https://other.example/first")]).await.is(303);
    let screen = one.get(LIST).await.text;
    let id = screen.split("href=\"/admin/redirects/").find_map(|rest| rest.split('"').next()?.parse::<i64>().ok());
    let (redirect, delete) = (format!("{LIST}/{}", id.unwrap()), format!("{LIST}/{}/delete", id.unwrap()));
    for screen in [LIST, &redirect] {
        let stale = hidden(&one.get(screen).await, &delete);
        let target = if screen == LIST { "https://other.example/second" } else { "https://other.example/third" };
        let typed = [("from", "/old"), ("target", target), ("covers_below", "")];
        send_seen(&two, &redirect, &stale, &typed).await.is(303);
        let shown = send_seen(&one, &delete, &stale, &[]).await.is(409).says("so it was not deleted").says(target);
        one.post(&delete, &[]).await.is(409);
        assert_eq!(app.visitor().get("/old").await.location(), target);
        if screen != LIST {
            // What is shown now can be decided about.
            send_seen(&one, &delete, &hidden(&shown, &delete), &[]).await.is(303);
        }
    }
    app.visitor().get("/old").await.is(404);
}

#[tokio::test]
async fn a_category_that_was_changed_is_not_deleted_unseen() {
    let app = TestApp::new().await;
    let (one, two) = (app.editor().await, app.editor().await);
    one.post("/admin/faq/categories/new", &[("title", "Empty")]).await.is(303);
    let id = app.newest_category().await.id;
    let (path, delete) = (format!("/admin/faq/categories/{id}"), format!("/admin/faq/categories/{id}/delete"));
    let stale = hidden(&one.get("/admin/faq/categories").await, &delete);
    let renamed = [("was_title", "Empty"), ("was_slug", "empty"), ("title", "Renamed"), ("slug", "empty")];
    two.post(&path, &renamed).await.is(303);
    let shown = send_seen(&one, &delete, &stale, &[]).await.is(409).says("so it was not deleted").says(">Renamed<");
    one.post(&delete, &[]).await.is(409);
    // What is shown now can be decided about, unless a question was put there.
    let seen = hidden(&shown, &delete);
    let category = id.to_string();
    let question = [("title", "Why?"), ("body", "x"), ("category", category.as_str()), ("slug", "why")];
    let item = two.post("/admin/faq/new", &question).await.is(303).location();
    send_seen(&one, &delete, &seen, &[]).await.is(409).says("still holds items");
    two.post(&item, &[("base", "1"), ("title", "Why?"), ("body", "x"), ("category", "1"), ("slug", "why")])
        .await
        .is(303);
    send_seen(&one, &delete, &seen, &[]).await.is(303);
    assert!(category::get(app.app.read(), id).await.is_err());
}

#[tokio::test]
async fn a_schedule_that_was_changed_is_not_cancelled_unseen() {
    let app = TestApp::new().await;
    let (one, two) = (app.editor().await, app.editor().await);
    let id = app.page_id("/about").await;
    save_body(&app, &one, id, "Second.").await;
    plan(&app, &one, id, "2", 1).await;
    save_body(&app, &one, id, "Third.").await;
    let schedule = format!("{}/{}", schedules(id), schedule_ids(&app, id).await[0]);
    let cancel = format!("{schedule}/cancel");
    let stale = one.get(&schedules(id)).await;
    send_seen(&two, &schedule, &hidden(&stale, &schedule), &[("version", "3")]).await.is(303);
    let changed = "This was changed after you opened it, so nothing was done";
    let shown = send_seen(&one, &cancel, &hidden(&stale, &cancel), &[]).await.is(409).says(changed);
    send_seen(&one, &schedule, &hidden(&stale, &schedule), &[("version", "1")]).await.is(409).says(changed);
    one.post(&cancel, &[]).await.is(409).says(changed);
    assert_eq!(schedule_ids(&app, id).await.len(), 1, "nothing was cancelled");
    // What is shown now can be decided about.
    send_seen(&one, &cancel, &hidden(&shown.says("Version 3 will be published"), &cancel), &[]).await.is(303);
    assert!(schedule_ids(&app, id).await.is_empty());
}

#[tokio::test]
async fn an_entry_of_a_menu_that_was_changed_is_not_removed_unseen() {
    let app = TestApp::over(Arc::new(TempDir::new().unwrap()), &["--starter", "none"]).await;
    let (one, two) = (app.admin().await, app.admin().await);
    let fields = [("menu", "main"), ("target", "https://a.example/"), ("label", "First")];
    one.post("/admin/menu/new", &fields).await.is(303);
    let (at, delete) = ("/admin/menu/main/1", "/admin/menu/main/1/delete");
    let stale = hidden(&one.get("/admin/menu").await, delete);
    send_seen(&two, at, &stale, &[("label", "Second"), ("target", "https://a.example/")]).await.is(303);
    let shown = send_seen(&one, delete, &stale, &[]).await.is(409).says("so it was not removed").says(">Second<");
    one.post(delete, &[]).await.is(409);
    send_seen(&one, delete, &hidden(&shown, delete), &[]).await.is(303);
    one.get(at).await.is(404);
}

#[tokio::test]
async fn an_answer_template_that_was_changed_is_not_deleted_unseen() {
    let app = TestApp::new().await;
    let (one, two) = (app.editor().await, app.editor().await);
    let list = "/admin/messages/templates";
    one.post(&format!("{list}/new"), &[("name", "Thanks"), ("body", "Dear {name},\r\nthank you.")]).await.is(303);
    let (at, delete) = (format!("{list}/1"), format!("{list}/1/delete"));
    let stale = hidden(&one.get(&at).await, &delete);
    let typed = [("name", "Thanks"), ("body", "Other words.")];
    send_seen(&two, &at, &stale, &typed).await.is(303);
    let shown = send_seen(&one, &delete, &stale, &[]).await.is(409).says("so it was not deleted").says("Other words.");
    one.post(&delete, &[]).await.is(409);
    send_seen(&one, &delete, &hidden(&shown, &delete), &[]).await.is(303);
    one.get(&at).await.is(404);
}

#[tokio::test]
async fn what_was_changed_is_not_hidden_resolved_or_replaced_unseen() {
    let app = TestApp::over(Arc::new(TempDir::new().unwrap()), &["--starter", "none"]).await;
    let (one, two) = (app.admin().await, app.admin().await);
    let fields = [("menu", "main"), ("target", "https://a.example/"), ("label", "First")];
    one.post("/admin/menu/new", &fields).await.is(303);
    let (at, hide) = ("/admin/menu/main/1", "/admin/menu/main/1/hidden");
    let stale = hidden(&one.get("/admin/menu").await, hide);
    let typed = [("was_label", "First"), ("was_target", "https://a.example/"), ("label", "Second")];
    two.post(at, &[&typed[..], &[("target", "https://a.example/")]].concat()).await.is(303);
    let shown = send_seen(&one, hide, &stale, &[]).await.is(409).says("so it was not hidden").says(">Second<");
    one.post(hide, &[("hidden", "yes")]).await.is(409);
    send_seen(&one, hide, &hidden(&shown, hide), &[]).await.is(303);

    let page = one.post("/admin/pages/new", &[("title", "A page"), ("slug", "a-page"), ("body", "x")]).await.is(303);
    let comments = format!("{}/comments", page.location().replace("/pages/", "/documents/"));
    one.post(&comments, &[("comment", "Is it right?")]).await.is(303);
    let resolve = format!("{comments}/1/resolve");
    let stale = hidden(&one.get(&comments).await, &resolve);
    two.post(&comments, &[("reply_to", "1"), ("comment", "It is not.")]).await.is(303);
    let shown = send_seen(&one, &resolve, &stale, &[]).await.is(409).says("so nothing was done").says("It is not.");
    one.post(&resolve, &[]).await.is(409);
    send_seen(&one, &resolve, &hidden(&shown, &resolve), &[]).await.is(303);

    // One user in two windows: a view is theirs alone.
    let (views, remove) = ("/admin/views", "/admin/views/1/delete");
    let stale = one.get("/admin/pages?q=first").await;
    one.post(views, &[("list", "/admin/pages"), ("query", "q=second"), ("name", "Mine")]).await.is(303);
    let unseen = send_seen(&one, views, &hidden(&stale, views), &[("name", "Mine")]).await;
    unseen.is(409).says("so it was not replaced");
    let old = hidden(&one.get("/admin/pages").await, remove);
    let opened = hidden(&one.get("/admin/pages?q=first").await, views);
    send_seen(&one, views, &opened, &[("name", "Mine")]).await.is(303);
    send_seen(&one, remove, &old, &[]).await.is(409).says("so it was not removed");
    one.press("/admin/pages", remove).await.is(303);
}
