//! Old versions of a document: read, compare, bring back.

use plinth::model::{
    document::{content::Content, revision},
    faq::{item, location},
};

use crate::harness::{TestApp, TestUser, save_content};

fn versions(id: i64) -> String {
    format!("/admin/documents/{id}/revisions")
}

/// Saves a version of a page past the screens.
async fn save(app: &TestApp, user: &TestUser, id: i64, change: impl Fn(&mut Content)) -> i64 {
    let write = app.app.write(user.actor.clone()).await.unwrap();
    let version = save_content(&write, id, |mut content| {
        change(&mut content);
        content
    })
    .await;
    write.commit().await.unwrap();
    version
}

#[tokio::test]
async fn an_old_version_of_a_page_is_compared_and_brought_back() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id("/about").await;
    let first = revision::latest(app.app.read(), id).await.unwrap();
    save(&app, &editor, id, |content| {
        content.body = "Something <else>.".to_owned();
        content.owner = "Nobody".to_owned();
        content.change_note = "Tried & failed".to_owned();
    })
    .await;
    app.publish(id).await;
    visitor.get("/about").await.says("Something &lt;else&gt;.");

    let list = editor.get(&versions(id)).await.is(200).says("Tried &amp; failed").says("Edith Editor").says("Newest");
    list.says(&format!("{}/1\"", versions(id))).says("Visitors see version 2");
    let old = editor.get(&format!("{}/1", versions(id))).await.is(200).says("Bring version 1 back");
    let old = old.says("added: </span>Something &lt;else&gt;.</ins>").says("Nobody");
    old.says("<del>").says(&first.content.owner);
    let newest = editor.get(&format!("{}/2", versions(id))).await.is(200).says("It is the newest version");
    newest.does_not_say("/restore\"");

    let restore = format!("{}/1/restore", versions(id));
    let reply = editor.post(&restore, &[("base", "2")]).await.is(303);
    assert_eq!(reply.location(), format!("/admin/pages/{id}"));
    visitor.get("/about").await.says("Something &lt;else&gt;.");
    let now = revision::latest(app.app.read(), id).await.unwrap();
    assert_eq!((now.version, &now.content.body, &now.content.owner), (3, &first.content.body, &first.content.owner));
    assert_eq!(now.content.change_note, "Brings back version 1");
    app.publish(id).await;
    visitor.get("/about").await.does_not_say("Something &lt;else&gt;.");
    editor.post_and_follow(&restore, &[("base", "3")]).await.says("says what the newest version says");
}

#[tokio::test]
async fn what_leads_to_the_newest_version_was_not_discarded() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = app.page_id("/about").await;
    for text in ["Two.", "Three."] {
        save(&app, &editor, id, |content| content.body = text.to_owned()).await;
    }
    editor.get(&versions(id)).await.is(200).says("Version 3</a>").does_not_say("Discarded");
}

#[tokio::test]
async fn restoring_does_not_overwrite_another_users_save() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = app.page_id("/about").await;
    save(&app, &editor, id, |content| content.body = "Two.".to_owned()).await;
    save(&app, &editor, id, |content| content.body = "Three.".to_owned()).await;
    for base in ["2", "", "x"] {
        let page = editor.post_and_follow(&format!("{}/1/restore", versions(id)), &[("base", base)]).await.is(200);
        page.says("You, in another window, saved version 3 in the meantime").says("Three.");
    }
    assert_eq!(revision::latest(app.app.read(), id).await.unwrap().version, 3);
}

#[tokio::test]
async fn a_question_comes_back_even_if_its_old_place_is_gone() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let categories = "/admin/faq/categories";
    editor.post(&format!("{categories}/new"), &[("title", "Short-lived")]).await.is(303);
    let gone = app.newest_category().await.id;
    let typed = |category: &str, slug: &str, body: &str, base: &str| {
        [("title", "Why?"), ("category", category), ("slug", slug), ("body", body), ("base", base)]
            .map(|(name, value)| (name, value.to_owned()))
    };
    let send = async |path: &str, fields: [(&'static str, String); 5]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        editor.post(path, &fields).await.is(303).location()
    };
    let path = send("/admin/faq/new", typed(&gone.to_string(), "why", "Because.", "")).await;
    send(&path, typed("1", "why-not", "Hence.", "1")).await;
    send("/admin/faq/new", typed("1", "why", "Another.", "")).await;
    editor.press(categories, &format!("{categories}/{gone}/delete")).await.is(303);

    let id: i64 = path.rsplit('/').next().unwrap().parse().unwrap();
    let old = editor.get(&format!("{}/1", versions(id))).await.is(200).says("A category that was deleted");
    old.says("removed: </span>Because.</del>").says("added: </span>Hence.</ins>");
    let restored = editor.post_and_follow(&format!("{}/1/restore", versions(id)), &[("base", "2")]).await.is(200);
    restored.says("Version 1 is back as version 3").says("but keeps its present category and slug").says("Because.");
    let location::ItemLocation { category_id: category, slug, .. } = location::of(app.app.read(), id).await.unwrap();
    assert_eq!((category, slug.as_deref()), (1, Some("why-not")));
}

#[tokio::test]
async fn what_lies_in_the_trash_can_be_read_but_not_brought_back_from_here() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = item::list(app.app.read(), "law").await.unwrap()[0].id;
    editor.post(&format!("/admin/faq/{id}/delete"), &[]).await.is(303);
    editor.get(&versions(id)).await.is(200).says("is in the trash").does_not_say(&format!("href=\"/admin/faq/{id}\""));
    editor.get(&format!("{}/1", versions(id))).await.is(200).does_not_say("/restore\"");
    let reply = editor.post_and_follow(&format!("{}/1/restore", versions(id)), &[("base", "1")]).await;
    reply.says("Restore it from the trash first");
}

#[tokio::test]
async fn the_list_has_pages() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = app.page_id("/about").await;
    for n in 2..=53 {
        save(&app, &editor, id, |content| content.body = format!("Text {n}")).await;
    }
    let first = editor.get(&versions(id)).await.is(200).says(">Version 53<").says(">Version 4<");
    let first = first.says("?before=4\"").does_not_say(">Version 3<");
    assert!(!first.text.contains("rel=\"prev\""));
    let second =
        editor.get(&format!("{}?before=4", versions(id))).await.is(200).says(">Version 3<").says(">Version 1<");
    second.says("?after=3\"").does_not_say("rel=\"next\"");
    editor.get(&format!("{}?after=3", versions(id))).await.is(200).says(">Version 53<").says(">Version 4<");
}

#[tokio::test]
async fn what_is_unknown_is_not_found() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = app.page_id("/about").await;
    editor.get("/admin/documents/99999/revisions").await.is(404);
    editor.get("/admin/documents/x/revisions").await.is(404);
    editor.get(&format!("{}/99", versions(id))).await.is(404);
    editor.get(&format!("{}/x", versions(id))).await.is(404);
    editor.post(&format!("{}/99/restore", versions(id)), &[("base", "1")]).await.is(404);
    app.visitor().get(&versions(id)).await.is(303);
}
