//! The same form sent twice, at the same time and one after the other: handled once, answered twice.

use axum::{
    body::Body,
    http::{Method, header},
};
use plinth::model::{document::revision, page::tree};

use crate::{
    forms::hidden,
    harness::{PASSWORD, Reply, TestApp, TestUser},
};

/// The mark of the form that posts to `action` on a screen.
#[track_caller]
fn mark(screen: &Reply, action: &str) -> String {
    let (_, mark) = hidden(screen, action).into_iter().find(|(name, _)| name == "submission").expect("a mark");
    mark
}

/// Sends a form as the screen at `screen` has it, twice at once, as a double click does.
async fn twice(who: &TestUser, screen: &str, action: &str, fields: &[(&str, &str)]) -> (Reply, Reply) {
    let shown = who.get(screen).await.is(200);
    let mark = mark(&shown, action);
    let fields = [fields, &[("submission", mark.as_str())]].concat();
    tokio::join!(who.post(action, &fields), who.post(action, &fields))
}

async fn count(app: &TestApp, sql: &'static str) -> i64 {
    app.app.read().value(sql, ()).await.unwrap()
}

#[tokio::test]
async fn a_page_is_saved_and_published_once() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = app.page_id("/about").await;
    let path = format!("/admin/pages/{id}");
    let fields = [("base", "1"), ("title", "About"), ("slug", "about"), ("body", "New."), ("do", "publish")];
    let (one, two) = twice(&editor, &path, &path, &fields).await;
    assert_eq!((one.is(303).location(), two.is(303).location()), (path.clone(), path.clone()));
    editor.get(&path).await.says("Version 2 of “About” is published").does_not_say("while you were writing");
    assert_eq!(revision::latest(app.app.read(), id).await.unwrap().version, 2);
}

#[tokio::test]
async fn what_is_made_twice_is_one_thing_in_one_place() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let new = "/admin/pages/new";
    let (one, two) = twice(&editor, new, new, &[("title", "Once only")]).await;
    let place = one.is(303).location();
    assert_eq!(two.is(303).location(), place);
    editor.get(&place).await.is(200).says("“Once only” is saved");
    assert!(tree::id_at(app.app.read(), "/once-only").await.unwrap().is_some());
    assert_eq!(count(&app, "select count(*) from revision where title = 'Once only'").await, 1);

    let list = "/admin/faq/categories";
    let (one, two) = twice(&editor, &format!("{list}/new"), &format!("{list}/new"), &[("title", "Double")]).await;
    assert_eq!((one.is(303).location(), two.is(303).location()), (list.to_owned(), list.to_owned()));
    assert_eq!(count(&app, "select count(*) from faq_category where title = 'Double'").await, 1);
}

#[tokio::test]
async fn an_export_that_is_sent_twice_is_one_export() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    crate::contact::send(&app, &[("body", "Only once")]).await;
    let export = "/admin/messages/export";
    let (one, two) = twice(&admin, export, export, &[("separator", "comma")]).await;
    for file in [&one, &two] {
        assert!(file.status == 200 && file.text.contains("Only once"), "{}", file.text);
        assert!(file.header("content-disposition").starts_with("attachment"));
    }
    let entries = "select count(*) from audit_log where action = 'message.export'";
    assert_eq!(count(&app, entries).await, 1);
    twice(&admin, export, export, &[("separator", "comma")]).await.0.is(200);
    assert_eq!(count(&app, entries).await, 2, "another form is another export");
}

#[tokio::test]
async fn a_one_time_link_is_shown_again() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let fields = [("name", "Nora New"), ("email", "nora@portal.example"), ("role", "editor")];
    let (one, two) = twice(&admin, "/admin/users/new", "/admin/users", &fields).await;
    let (one, two) = (one.is(200).says("/admin/invitations/"), two.is(200).says("/admin/invitations/"));
    assert_eq!(one.text, two.text);
    assert_eq!(count(&app, "select count(*) from users where name = 'Nora New'").await, 1);
}

#[tokio::test]
async fn the_second_may_come_later_and_is_told_what_happened() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let new = "/admin/faq/categories/new";
    let made = "The category “Late” was created";
    let mark = mark(&editor.get(new).await, new);
    let fields = [("title", "Late"), ("submission", mark.as_str())];
    editor.post_and_follow(new, &fields).await.says(made);
    editor.get(new).await.does_not_say(made);
    editor.post_and_follow(new, &fields).await.says(made);
    assert_eq!(count(&app, "select count(*) from faq_category where title = 'Late'").await, 1);

    // Another text is another form, and after it the first one counts again.
    editor.post(new, &[("title", "Later"), fields[1]]).await.is(303);
    editor.post(new, &fields).await.is(422).says("Another category has this slug");
}

#[tokio::test]
async fn what_was_refused_is_tried_again() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let new = "/admin/faq/categories/new";
    editor.post(new, &[("title", "Taken")]).await.is(303);
    let (one, two) = twice(&editor, new, new, &[("title", "Taken")]).await;
    one.is(422).says("Another category has this slug");
    two.is(422).says("Another category has this slug");
    let mark = mark(&editor.get(new).await, new);
    let fields = [("title", "Taken"), ("submission", mark.as_str())];
    editor.post(new, &fields).await.is(422);
    let write = app.app.write(editor.actor.clone()).await.unwrap();
    let id: i64 = write.value("select id from faq_category where title = 'Taken'", ()).await.unwrap();
    let category = plinth::model::faq::category::get(&write, id).await.unwrap();
    plinth::model::faq::category::delete(&write, &category).await.unwrap();
    write.commit().await.unwrap();
    editor.post(new, &fields).await.is(303);
}

#[tokio::test]
async fn a_refusal_that_a_script_saw_is_shown_and_not_made_again() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let new = "/admin/faq/categories/new";
    editor.post(new, &[("title", "Taken")]).await.is(303);
    let mark = mark(&editor.get(new).await, new);
    let fields = [("title", "Taken"), ("submission", mark.as_str())];
    let by_script = editor
        .request(Method::POST, new)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header("x-submit", "script")
        .body(Body::from(serde_html_form::to_string(fields).unwrap()))
        .unwrap();
    editor.send(by_script).await.is(422);
    let write = app.app.write(editor.actor.clone()).await.unwrap();
    let id: i64 = write.value("select id from faq_category where title = 'Taken'", ()).await.unwrap();
    let category = plinth::model::faq::category::get(&write, id).await.unwrap();
    plinth::model::faq::category::delete(&write, &category).await.unwrap();
    write.commit().await.unwrap();
    editor.post(new, &fields).await.is(422).says("Another category has this slug");
    editor.post(new, &[("title", "Taken"), ("submission", "another")]).await.is(303);
}

#[tokio::test]
async fn one_form_of_two_users_is_two_forms() {
    let app = TestApp::new().await;
    let (one, two) = (app.editor().await, app.editor().await);
    let path = "/admin/account";
    let mark = mark(&one.get(path).await, path);
    let (random, _) = mark.rsplit_once('.').expect("whose it is");
    let fields = [("was_name", "Edith Editor"), ("name", "Same Name"), ("submission", random)];
    one.post(path, &fields).await.is(303);
    two.post(path, &fields).await.is(303);
    assert_eq!(count(&app, "select count(*) from audit_log where action = 'user.rename'").await, 2);
}

#[tokio::test]
async fn a_form_is_not_sent_in_the_name_of_another_user_unasked() {
    let app = TestApp::new().await;
    let (one, two) = (app.editor().await, app.editor().await);
    let id = app.page_id("/about").await;
    let path = format!("/admin/pages/{id}");
    let mark_of_one = mark(&one.get(&path).await, &path);
    let fields = [("base", "1"), ("title", "About"), ("slug", "about"), ("body", "Of the first."), ("do", "publish")];
    let sent = [&fields[..], &[("submission", mark_of_one.as_str())]].concat();
    // As from a tab that was left open, in which someone else has signed in since.
    let page = two.post(&path, &sent).await.is(409).says("Someone else is signed in here now").says("Of the first.");
    assert_eq!(
        count(&app, "select count(*) from audit_log where action like 'page.%' and actor_id is not null").await,
        0
    );
    let again = mark(&page, &path);
    let sent = [&fields[..], &[("submission", again.as_str())]].concat();
    two.post(&path, &sent).await.is(303);
    for screen in ["/admin/settings", "/admin/account"] {
        let mark = mark(&app.admin().await.get(screen).await, screen);
        let sent = [("submission", mark.as_str()), ("name", "Typed by one")];
        app.admin().await.post(screen, &sent).await.is(409).says("Someone else is signed in here now");
    }
}

#[tokio::test]
async fn signing_in_and_out_twice_works_once() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let visitor = app.visitor();
    let fields = [("email", editor.email.as_str()), ("password", PASSWORD)];
    let (one, two) = twice(&visitor, "/admin/sign-in", "/admin/sign-in", &fields).await;
    let cookie = one.is(303).header("set-cookie").to_owned();
    assert_eq!(two.is(303).header("set-cookie"), cookie);
    visitor.get("/admin").await.is(200);
    let (one, two) = twice(&visitor, "/admin", "/admin/sign-out", &[]).await;
    let left = "/admin/sign-in?out=yes".to_owned();
    assert_eq!((one.is(303).location(), two.is(303).location()), (left.clone(), left));
    assert_eq!(count(&app, "select count(*) from audit_log where action = 'user.sign_out'").await, 1);
}

#[tokio::test]
async fn a_form_that_ends_its_session_redirects_twice() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let path = "/admin/account/password";
    let fields = [("current_password", PASSWORD), ("password", "copper lantern willow drum")];
    let (one, two) = twice(&editor, path, path, &fields).await;
    assert_eq!((one.is(303).location(), two.is(303).location()), ("/admin/account".into(), "/admin/account".into()));
    editor.get("/admin/account").await.is(200).says("Your password was changed");
}

#[tokio::test]
async fn a_script_is_told_where_to_go() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let request = editor
        .request(axum::http::Method::POST, "/admin/account")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header("x-submit", "script")
        .body(axum::body::Body::from("was_name=Edith+Editor&name=Edith"))
        .unwrap();
    let reply = editor.send(request).await.is(204);
    assert_eq!((reply.header("x-location"), reply.header("location")), ("/admin/account", ""));
    editor.get("/admin/account").await.says("Your name was saved");
}

#[tokio::test]
async fn what_was_begun_is_ended_when_the_browser_goes_away() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let new = "/admin/faq/categories/new";
    let mark = mark(&editor.get(new).await, new);
    let fields = [("title", "Left behind"), ("submission", mark.as_str())];
    // Polled once, so that it has begun, and dropped, as the server drops a request whose connection breaks.
    let mut first = Box::pin(editor.post(new, &fields));
    std::future::poll_fn(|context| {
        let _ = first.as_mut().poll(context);
        std::task::Poll::Ready(())
    })
    .await;
    drop(first);
    editor.post_and_follow(new, &fields).await.says("The category “Left behind” was created");
    assert_eq!(count(&app, "select count(*) from faq_category where title = 'Left behind'").await, 1);
}

#[tokio::test]
async fn what_was_changed_since_is_not_called_done() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id("/about").await;
    let again = "it was not carried out again";
    for (verb, done) in [("unpublish", "Visitors do not see it any more"), ("delete", "to the trash")] {
        let action = format!("/admin/pages/{id}/{verb}");
        let fields = hidden(&editor.get(&action).await.is(200), &action);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        editor.post_and_follow(&action, &fields).await.says(done);
        // A double click is told what the first was.
        editor.post_and_follow(&action, &fields).await.says(done).does_not_say(again);
        if verb == "delete" {
            editor.post(&format!("/admin/trash/{id}/restore"), &[]).await.is(303);
        }
        app.publish(id).await;
        visitor.get("/about").await.is(200);
        editor.post_and_follow(&action, &fields).await.does_not_say(done).says(again);
        visitor.get("/about").await.is(200);
    }
}

#[tokio::test]
async fn what_others_changed_elsewhere_does_not_matter() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let (about, other) = (app.page_id("/about").await, app.page_id("/contact").await);
    let action = format!("/admin/pages/{about}/unpublish");
    let fields = hidden(&editor.get(&action).await.is(200), &action);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    editor.post(&action, &fields).await.is(303);
    editor.post(&format!("/admin/pages/{other}/unpublish"), &[("live", "yes")]).await.is(303);
    editor.post_and_follow(&action, &fields).await.says("Visitors do not see it any more");
}

#[tokio::test]
async fn a_page_in_the_trash_is_not_moved_there_again() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = app.page_id("/about").await;
    let action = format!("/admin/pages/{id}/delete");
    editor.post(&action, &[("live", "yes")]).await.is(303);
    editor.post_and_follow(&action, &[("live", "yes")]).await.says("was in the trash before. Nothing was moved");
}
