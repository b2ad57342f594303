//! Questions and their categories in the admin area.

use plinth::model::{
    actor::Actor,
    document::{fields::FieldTable, revision},
    faq::{category, item, location},
    transfer::{export, files, import},
};

use crate::harness::{TestApp, TestUser};

/// What the form sends: a good question, with some fields changed.
pub fn form<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("title", "May I test a question?"),
        ("body", "You *may*."),
        ("category", "1"),
        ("slug", "test-a-question"),
        ("owner", "Portal editor"),
        ("review_by", "2027-06-30"),
        ("note", ""),
        ("base", "0"),
        ("do", "save"),
    ];
    for (name, value) in changes {
        let field = fields.iter_mut().find(|(known, _)| known == name).expect("a field of the form");
        field.1 = value;
    }
    fields
}

/// Writes a question; gives its id.
pub async fn write(editor: &TestUser, changes: &[(&str, &str)]) -> i64 {
    let reply = editor.post("/admin/faq/new", &form(changes)).await.is(303);
    reply.location().rsplit('/').next().unwrap().parse().unwrap()
}

async fn version(app: &TestApp, id: i64) -> i64 {
    revision::latest(app.app.read(), id).await.unwrap().version
}

/// Where each of the texts begins on the page; they must all be there.
fn places(page: &str, texts: &[&str]) -> Vec<usize> {
    texts.iter().map(|text| page.find(text).unwrap_or_else(|| panic!("“{text}” is not in:\n{page}"))).collect()
}

#[tokio::test]
async fn the_list_shows_questions_by_category_and_can_be_searched() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let list = editor.get("/admin/faq").await.is(200).says("Is ISO/IEC 20000 law?").says("General").says(">Down<");
    places(&list.text, &["data-sortable", "data-id=", "data-move", "name=\"before\""]);
    let found = editor.get("/admin/faq?q=LAW").await.is(200).says("Is ISO/IEC 20000 law?").says("value=\"LAW\"");
    assert!(!found.text.contains(">Down<"), "a part of the list has no order of its own");
    found.does_not_say("guarantee");
    editor.get("/admin/faq?q=%25").await.is(200).says("No question contains “%”");
    editor.get("/admin/faq?q=%3Cscript%3E").await.is(200).does_not_say("<script>");
    app.visitor().get("/admin/faq").await.is(303);
}

#[tokio::test]
async fn a_question_is_written_published_and_unpublished() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    editor.get("/admin/faq/new?category=2").await.is(200).says("value=\"2\" selected").says("This question is new");
    let id = write(&editor, &[]).await;
    let path = format!("/admin/faq/{id}");
    editor.get(&path).await.is(200).says("Visitors do not see this question").says("Publish version 1");
    visitor.get("/faq").await.is(200).does_not_say("May I test");

    let screen = editor.post_and_follow(&path, &form(&[("base", "1"), ("do", "publish")])).await;
    screen.says("is published").says("Visitors see version 1").says("/faq#test-a-question").says("Publish version 2");
    visitor.get("/faq").await.says("May I test a question?").says("id=\"test-a-question\"").says("You <em>may</em>.");

    editor.post_and_follow(&format!("{path}/unpublish"), &[]).await.says("Visitors do not see this question");
    visitor.get("/faq").await.does_not_say("May I test");
    editor.post_and_follow(&format!("{path}/unpublish"), &[]).await.says("there is nothing to unpublish");

    let now = write(&editor, &[("slug", "at-once"), ("title", "Now?"), ("do", "publish")]).await;
    visitor.get("/faq").await.says("id=\"at-once\"");
    editor.get(&format!("/admin/faq/{now}")).await.says("Visitors see version 1");
}

#[tokio::test]
async fn visitors_see_a_changed_question_only_after_publishing() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = write(&editor, &[("do", "publish")]).await;
    let path = format!("/admin/faq/{id}");
    let changed =
        [("base", "1"), ("body", "You must."), ("slug", "new-anchor"), ("category", "2"), ("note", "Stricter")];
    let screen = editor.post_and_follow(&path, &form(&changed)).await;
    screen
        .says("Version 2")
        .says("They do not see version 2, saved by Edith Editor; it changes the answer, the category and the slug.")
        .does_not_say("value=\"Stricter\"")
        .says("Publish version 2");
    let page = visitor.get("/faq").await.does_not_say("You must.").does_not_say("new-anchor");
    page.says("You <em>may</em>.").says("id=\"test-a-question\"");

    let mut publish = changed.to_vec();
    publish.extend([("base", "2"), ("do", "publish")]);
    editor
        .post_and_follow(&path, &form(&publish))
        .await
        .says("Visitors see version 2")
        .does_not_say("value=\"Stricter\"");
    let page = visitor.get("/faq").await.says("You must.").says("<details class=\"answer\" id=\"new-anchor\">");
    page.says("<span id=\"test-a-question\"></span>");
    let now = location::of(app.app.read(), id).await.unwrap();
    assert_eq!((now.category_id, now.slug.as_deref()), (2, Some("new-anchor")));
    editor
        .post_and_follow(&path, &form(&publish))
        .await
        .says("There is nothing to publish: visitors see version 2 already");
}

#[tokio::test]
async fn saving_nothing_new_makes_no_version() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = write(&editor, &[("note", "First")]).await;
    let path = format!("/admin/faq/{id}");
    editor.post_and_follow(&path, &form(&[("base", "1")])).await.says("You changed nothing");
    assert_eq!(version(&app, id).await, 1);
    // The second click on the same button comes with the base of the first.
    editor.post(&path, &form(&[("base", "1"), ("body", "Twice")])).await.is(303);
    editor.post(&path, &form(&[("base", "1"), ("body", "Twice")])).await.is(303);
    assert_eq!(version(&app, id).await, 2);
}

#[tokio::test]
async fn bad_input_comes_back_with_what_was_typed() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let long = "x".repeat(201);
    let bad =
        [("title", long.as_str()), ("body", ""), ("slug", "No Good"), ("review_by", "soon"), ("owner", "Owner & Co")];
    let page = editor.post("/admin/faq/new", &form(&bad)).await.is(422);
    page.says("There is a problem")
        .says("Shorten the question")
        .says("Enter an answer")
        .says("small letters a to z")
        .says("Enter a day as")
        .says(&long)
        .says("value=\"No Good\"")
        .says("Owner &amp; Co");
    editor.post("/admin/faq/new", &form(&[("category", "99")])).await.is(422).says("Choose a category");
    editor.post("/admin/faq/new", &[]).await.is(422).says("Enter a question");
    editor.post("/admin/faq/new", &form(&[("slug", "is-it-law")])).await.is(422).says("belongs to “");

    let id = write(&editor, &[]).await;
    let path = format!("/admin/faq/{id}");
    let taken = form(&[("base", "1"), ("slug", "is-it-law"), ("body", "Kept <b>text</b>")]);
    editor.post(&path, &taken).await.is(422).says("belongs to “").says("Kept &lt;b&gt;text&lt;/b&gt;");
    editor.post(&path, &form(&[("base", "1"), ("title", "")])).await.is(422).says("Enter a question");
    assert_eq!(version(&app, id).await, 1);
}

#[tokio::test]
async fn what_is_unknown_is_not_found() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let page = app.page_id("/scheme").await;
    for path in ["/admin/faq/99999", "/admin/faq/x", "/admin/faq/99999/preview", "/admin/faq/categories/99999"] {
        editor.get(path).await.is(404);
    }
    editor.get(&format!("/admin/faq/{page}")).await.is(404);
    for path in ["/admin/faq/99999/unpublish", "/admin/faq/99999/delete", "/admin/faq/categories/99999/delete"] {
        editor.post(path, &[]).await.is(404);
    }
    editor.post("/admin/faq/99999/position", &[("index", "0")]).await.is(404);
    editor.post("/admin/faq/99999", &form(&[])).await.is(404);
    editor.post(&format!("/admin/faq/{page}"), &form(&[])).await.is(404);
    editor.post(&format!("/admin/faq/{page}/delete"), &[]).await.is(404);
}

#[tokio::test]
async fn a_question_deleted_while_a_user_writes_keeps_their_text() {
    let app = TestApp::new().await;
    let (first, second) = (app.editor().await, app.editor().await);
    let id = write(&first, &[]).await;
    let path = format!("/admin/faq/{id}");
    first.post_and_follow(&format!("{path}/delete"), &[]).await.says("to the trash");
    second.get(&path).await.is(404);
    let typed = form(&[("base", "1"), ("body", "An hour of work")]);
    second.post(&path, &typed).await.is(409).says("to the trash").says("An hour of work");
    second.post(&format!("/admin/trash/{id}/restore"), &[]).await.is(303);
    second.post_and_follow(&path, &typed).await.is(200).says("An hour of work");
}

#[tokio::test]
async fn questions_move_and_visitors_see_the_order() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let general = category::all(app.app.read()).await.unwrap()[0].id;
    let items = item::list(app.app.read(), "").await.unwrap();
    let own: Vec<_> = items.iter().filter(|item| item.category_id == general).collect();
    let ids: Vec<String> = own.iter().map(|item| format!("id=\"{}\"", item.slug)).collect();
    let order = |page: &str| {
        let mut found: Vec<(usize, usize)> =
            ids.iter().enumerate().map(|(n, id)| (page.find(id.as_str()).unwrap(), n)).collect();
        found.sort_unstable();
        found.into_iter().map(|(_, n)| n).collect::<Vec<_>>()
    };
    let before = order(&visitor.get("/faq").await.text);
    assert_eq!(before, (0..own.len()).collect::<Vec<_>>());

    let last = own.len() - 1;
    let reply = editor.post(&format!("/admin/faq/{}/position", own[last].id), &[("index", "0")]).await.is(303);
    let moved = editor.get(&reply.location()).await.is(200).says("has moved to its new place");
    moved.says("action=\"/admin/undo/").says(">Undo<");
    let after = order(&visitor.get("/faq").await.text);
    assert_eq!((after[0], after[1]), (last, 0));
    editor.post(&format!("/admin/faq/{}/position", own[last].id), &[("index", "999")]).await.is(303);
    assert_eq!(order(&visitor.get("/faq").await.text), before);
    // Without a script, to any place at once.
    let screen = editor.get("/admin/faq").await.is(200);
    screen.says(&format!("<form class=\"row-actions\" method=\"post\" action=\"/admin/faq/{}/pos", own[0].id));
    editor.post(&format!("/admin/faq/{}/position", own[last].id), &[("number", "1")]).await.is(303);
    assert_eq!(order(&visitor.get("/faq").await.text), after);
    editor.post(&format!("/admin/faq/{}/position", own[last].id), &[("number", &own.len().to_string())]).await.is(303);
    assert_eq!(order(&visitor.get("/faq").await.text), before);
    editor.post(&format!("/admin/faq/{}/position", own[0].id), &[("number", "1"), ("index", "1")]).await.is(400);
    editor.post(&format!("/admin/faq/{}/position", own[0].id), &[("number", "first")]).await.is(422);
    editor.post(&format!("/admin/faq/{}/position", own[0].id), &[("index", "x")]).await.is(400);
    editor.post(&format!("/admin/faq/{}/position", own[0].id), &[("index", "-1")]).await.is(400);
}

#[tokio::test]
async fn the_preview_shows_what_is_typed_and_is_harmless() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let fields =
        form(&[("title", "A <q>?"), ("body", "## Head\n\n<script>alert(1)</script> [x](javascript:alert(1))")]);
    let page = editor.post("/admin/faq/new/preview", &fields).await.is(200);
    assert!(page.header("content-security-policy").contains("frame-ancestors 'self'"));
    assert_eq!(page.header("cache-control"), "no-store");
    page.says("A &lt;q&gt;?").says("id=\"answer-head\"").does_not_say("<script").does_not_say("href=\"javascript");
    let id = write(&editor, &[]).await;
    editor.get(&format!("/admin/faq/{id}/preview")).await.is(200).says("may</em>.");
    app.visitor().get(&format!("/admin/faq/{id}/preview")).await.is(303);
}

#[tokio::test]
async fn categories_are_made_renamed_moved_and_deleted_when_empty() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let list = "/admin/faq/categories";
    editor
        .post(&format!("{list}/new"), &[("title", " "), ("slug", "x y")])
        .await
        .is(422)
        .says("Enter a title")
        .says("x y");
    editor.post(&format!("{list}/new"), &[("title", "General")]).await.is(422).says("Another category has this slug");
    editor
        .post_and_follow(&format!("{list}/new"), &[("title", "Odds & ends")])
        .await
        .says("Odds &amp; ends")
        .says("odds-ends");
    let made = app.newest_category().await;
    let (id, path) = (made.id.to_string(), format!("{list}/{}", made.id));
    editor.get(&path).await.is(200).says("value=\"odds-ends\"");
    let base = [("was_title", "Odds & ends"), ("was_slug", "odds-ends")];
    editor.post(&path, &[base[0], base[1], ("title", "")]).await.is(422);

    let item = write(&editor, &[("category", &id), ("do", "publish")]).await;
    let renamed = [base[0], base[1], ("title", "Miscellany"), ("slug", "misc")];
    let told =
        "The category is called “Miscellany” now, and its slug is misc. Links to #category-odds-ends still lead to it.";
    editor.post_and_follow(&path, &renamed).await.says(told);
    let page = visitor.get("/faq").await.says("id=\"category-misc\"").says("id=\"category-odds-ends\"").text;
    let [first, own] = places(&page, &["id=\"category-general\"", "id=\"category-misc\""])[..] else { unreachable!() };
    assert!(first < own);
    editor.post_and_follow(&format!("{path}/position"), &[("index", "0")]).await.says("has moved");
    let page = visitor.get("/faq").await.text;
    let [first, own] = places(&page, &["id=\"category-general\"", "id=\"category-misc\""])[..] else { unreachable!() };
    assert!(own < first);

    let (delete, seen) = (format!("{path}/delete"), [("was_title", "Miscellany"), ("was_slug", "misc")]);
    editor.post(&delete, &seen).await.is(409).says("still holds items").says("Miscellany");
    editor.post(&format!("/admin/faq/{item}/delete"), &[]).await.is(303);
    editor.post(&delete, &seen).await.is(409).says("still holds items").says("and 1 in the trash");
    editor.post(&format!("/admin/trash/{item}/restore"), &[]).await.is(303);
    editor.post(&format!("/admin/faq/{item}"), &form(&[("base", "1"), ("category", "1")])).await.is(303);
    editor.post_and_follow(&delete, &seen).await.says("was deleted");
    editor.get(&path).await.is(404);
}

#[tokio::test]
async fn a_former_slug_leads_to_the_category_that_has_none_of_it_now() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let list = "/admin/faq/categories";
    let [was_title, was_slug] = [("was_title", "General"), ("was_slug", "general")];
    let renamed = [was_title, was_slug, ("title", "General"), ("slug", "basics")];
    let told = "The slug of the category “General” is basics now. Links to #category-general still lead to it.";
    editor.post_and_follow(&format!("{list}/1"), &renamed).await.says(told);
    visitor.get("/faq").await.says("<span id=\"category-general\"></span>").says("id=\"category-basics\"");

    editor.post(&format!("{list}/new"), &[("title", "Another"), ("slug", "general")]).await.is(303);
    let another = app.newest_category().await;
    let path = format!("{list}/{}", another.id);
    write(&editor, &[("category", &another.id.to_string()), ("do", "publish")]).await;
    let page = visitor.get("/faq").await.says("<h2 id=\"category-general\"").text;
    assert_eq!(page.matches("id=\"category-general\"").count(), 1);

    // An export keeps it; a category that is deleted has none.
    let files = export::read(app.app.read(), &FieldTable::default()).await.unwrap();
    assert!(!files.contains_key("redirects.toml") || !files["redirects.toml"].contains("#category-another"));
    let renamed = [("was_title", "Another"), ("was_slug", "general"), ("title", "Another"), ("slug", "another")];
    editor.post(&path, &renamed).await.is(303);
    let files = export::read(app.app.read(), &FieldTable::default()).await.unwrap();
    let site = files::parse(&app.app.rules, &files).unwrap();
    assert_eq!(site.former_slugs["/faq#category-general"], "/faq#category-another");
    let write = app.app.write(Actor::system("test")).await.unwrap();
    assert!(!import::apply(&write, &site).await.unwrap().changed);
    write.execute("delete from faq_category_former_slug", ()).await.unwrap();
    assert!(import::apply(&write, &site).await.unwrap().changed);
    write.commit().await.unwrap();
    visitor.get("/faq").await.says("<span id=\"category-general\"></span>");
}

#[tokio::test]
async fn without_a_category_the_screens_say_what_to_do_first() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    for item in item::list(app.app.read(), "").await.unwrap() {
        editor.post(&format!("/admin/faq/{}/delete", item.id), &[]).await.is(303);
    }
    editor.get("/admin/faq").await.is(200).says("holds no question yet");
    let write = app.app.write(editor.actor.clone()).await.unwrap();
    for table in ["delete from faq_item", "delete from faq_category"] {
        write.execute(table, ()).await.unwrap();
    }
    write.record(plinth::model::audit_log::AuditEntry::new("faq_category.delete", "faq_category", None, "all"));
    write.commit().await.unwrap();
    editor.get("/admin/faq").await.is(200).says("No categories yet");
    editor.get("/admin/faq/categories").await.is(200).says("No categories yet");
    editor.get("/admin/faq/new").await.is(200).says("Every question is in a category");
}

#[tokio::test]
async fn every_change_of_a_question_leaves_an_entry() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = write(&editor, &[("do", "publish")]).await;
    let path = format!("/admin/faq/{id}");
    editor.post(&path, &form(&[("base", "1"), ("body", "Other")])).await.is(303);
    editor.post(&format!("{path}/position"), &[("index", "0")]).await.is(303);
    editor.post(&format!("{path}/unpublish"), &[]).await.is(303);
    editor.post(&format!("{path}/delete"), &[]).await.is(303);
    editor.post(&format!("/admin/trash/{id}/restore"), &[]).await.is(303);
    editor.post("/admin/faq/categories/new", &[("title", "Extra")]).await.is(303);
    let extra = app.newest_category().await.id;
    let renamed = [("was_title", "Extra"), ("was_slug", "extra"), ("title", "More"), ("slug", "more")];
    editor.post(&format!("/admin/faq/categories/{extra}"), &renamed).await.is(303);
    editor.post(&format!("/admin/faq/categories/{extra}/position"), &[("index", "0")]).await.is(303);
    editor.press("/admin/faq/categories", &format!("/admin/faq/categories/{extra}/delete")).await.is(303);
    let filter = plinth::model::audit_log::AuditFilter { text: "edith".to_owned(), ..Default::default() };
    let entries = plinth::model::audit_log::list(app.app.read(), &filter, 20).await.unwrap();
    let actions: Vec<_> = entries.iter().rev().map(|entry| entry.action.as_str()).collect();
    let expected = [
        "user.create",
        "faq_item.create",
        "faq_item.publish",
        "faq_item.save",
        "faq_item.reorder",
        "faq_item.unpublish",
        "faq_item.delete",
        "faq_item.restore",
        "faq_category.create",
        "faq_category.rename",
        "faq_category.reorder",
        "faq_category.delete",
    ];
    assert_eq!(actions, expected);
    assert!(entries.iter().filter(|entry| entry.action.starts_with("faq_item")).all(|entry| {
        entry.subject_id == Some(id) && entry.actor_id == editor.actor.id && entry.subject_kind == "faq_item"
    }));
}
