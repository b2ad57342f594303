//! What the admin area says is true.

use plinth::model::{
    actor::Role,
    audit_log::{self, AuditFilter},
    faq::item,
    settings::Settings,
};

use crate::{
    admin_messages::path,
    admin_republish::press,
    admin_settings,
    contact::{message, send},
    forms::hidden,
    harness::{TestApp, TestUser},
};

const COURSE: &str = "/training/foundation-course";

#[tokio::test]
async fn a_move_that_was_undone_offers_no_undo() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let course = app.page_id(COURSE).await;
    let moved = editor.post_and_follow(&format!("/admin/pages/{course}/move"), &[("parent", "/resources")]).await;
    let back = press(&editor, &moved.says(">Undo<").text).await;
    assert!(back.contains("is back in its old place.") && !back.contains(">Undo<"), "{back}");
    let question = item::list(app.app.read(), "law").await.unwrap()[0].id;
    for place in [
        format!("/admin/pages/{course}/position"),
        format!("/admin/faq/{question}/position"),
        "/admin/faq/categories/1/position".to_owned(),
    ] {
        let moved = editor.post_and_follow(&place, &[("index", "1")]).await;
        let moved =
            if moved.text.contains(">Undo<") { moved } else { editor.post_and_follow(&place, &[("index", "0")]).await };
        let moved = moved.says("has moved to its new place");
        let back = press(&editor, &moved.says(">Undo<").text).await;
        assert!(back.contains("is back in its old place.") && !back.contains(">Undo<"), "{back}");
    }
}

#[tokio::test]
async fn unpublishing_several_pages_says_how_many() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let (id, course) = (app.page_id("/training").await, app.page_id(COURSE).await);
    let one = editor.post_and_follow(&format!("/admin/pages/{course}/unpublish"), &[]).await;
    one.says("Visitors do not see it any more.");
    let to = editor.confirm(&format!("/admin/pages/{id}/unpublish")).await.is(303).location();
    let all = editor.get(&to).await;
    all.says("Unpublished “Training” and the 2 pages below it. Visitors do not see these 3 pages any more.");
}

#[tokio::test]
async fn nothing_in_the_trash_waits_to_be_published() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let question = item::list(app.app.read(), "law").await.unwrap()[0].id;
    let course = app.page_id(COURSE).await;
    for (edit, noun) in [(format!("/admin/faq/{question}"), "question"), (format!("/admin/pages/{course}"), "page")] {
        editor.get(&edit).await.says("data-publish").says("There is nothing newer to publish.");
        editor.post(&format!("{edit}/delete"), &[]).await.is(303);
        let fields = [("base", "1"), ("title", "Kept title"), ("body", "Kept text"), ("do", "save")];
        let screen = editor.post(&edit, &fields).await.is(409).says("Kept text</textarea>").says(">In the trash<");
        let screen = screen.says(&format!("This {noun} is in the trash. Visitors do not see it."));
        screen.does_not_say("waits to be published").does_not_say("data-publish").does_not_say("nothing newer");
        editor.get(&edit).await.is(404);
    }
}

async fn two(app: &TestApp) -> (TestUser, TestUser) {
    (app.admin().await, app.user(Role::Editor, "Ben Busy").await)
}

/// What the form of a message was drawn with, and these fields.
async fn act(who: &TestUser, path: &str, opened: &[(String, String)], typed: &[(&str, &str)]) -> crate::harness::Reply {
    let opened = opened.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<_> = opened.chain(typed.iter().copied()).collect();
    who.post(path, &fields).await
}

#[tokio::test]
async fn a_conflict_at_a_message_names_what_changed_and_by_whom() {
    let app = TestApp::new().await;
    let (ada, ben) = two(&app).await;
    let path = path(&message(&app, &send(&app, &[]).await).await);
    act(&ben, &path, &hidden(&ben.get(&path).await, &path), &[("do", "spam")]).await.is(303);
    let by_ada = hidden(&ada.get(&path).await, &path);
    let by_ben = hidden(&ben.get(&path).await, &path);
    act(&ben, &path, &by_ben, &[("do", "note"), ("note", "Look.")]).await.is(303);
    let screen = act(&ada, &path, &by_ada, &[("do", "archived")]).await.is(409);
    let screen = screen.says("<bdi>Ben Busy</bdi> changed this message since you opened it");
    let screen = screen.says("<bdi>Ben Busy</bdi> added a note to the message").does_not_say("it is now");
    screen.does_not_say("changed the state").does_not_say("assigned the message");

    let by_ada = hidden(&ada.get(&path).await, &path);
    let by_ben = hidden(&ben.get(&path).await, &path);
    act(&ben, &path, &by_ben, &[("do", "open")]).await.is(303);
    let by_ben = hidden(&ben.get(&path).await, &path);
    act(&ben, &path, &by_ben, &[("do", "assign_me")]).await.is(303);
    let screen = act(&ada, &path, &by_ada, &[("do", "archived")]).await.is(409);
    let screen = screen.says("changed the state of the message <bdi>from spam to open</bdi>");
    screen.says("assigned the message <bdi>to Ben Busy</bdi>").does_not_say("added a note");
}

#[tokio::test]
async fn two_answers_are_shown_side_by_side_and_an_untouched_one_is_no_answer() {
    let app = TestApp::new().await;
    let (ada, ben) = two(&app).await;
    let reference = send(&app, &[]).await;
    let path = path(&message(&app, &reference).await);
    act(&ben, &path, &hidden(&ben.get(&path).await, &path), &[("do", "save"), ("answer", "First")]).await.is(303);
    let by_ada = hidden(&ada.get(&path).await, &path);
    let by_ben = hidden(&ben.get(&path).await, &path);
    act(&ben, &path, &by_ben, &[("do", "save"), ("answer", "Ben’s second")]).await.is(303);

    // Ada has not changed the answer: the screen and her drafts show none of hers.
    let screen = act(&ada, &path, &by_ada, &[("do", "archived"), ("answer", "First")]).await.is(409);
    screen.says("Ben’s second</textarea>").does_not_say("First</textarea>").does_not_say("Your answer, not saved");
    act(&ada, &path, &by_ada, &[("do", "note"), ("note", "A note."), ("answer", "First")]).await.is(303);
    ada.get(&path).await.says("Ben’s second</textarea>").does_not_say("First</textarea>");

    let screen = act(&ada, &path, &by_ada, &[("do", "save"), ("answer", "Ada’s own")]).await.is(409);
    let screen = screen.says("saved an answer to the message").says("The answer saved by <bdi>Ben Busy</bdi>");
    let screen = screen.says("Ben’s second</textarea>").says("Your answer, not saved").says("Ada’s own</textarea>");
    assert_eq!(message(&app, &reference).await.answer, "Ben’s second");
    let again = hidden(&screen.says("this one is kept as a note"), &path);
    act(&ada, &path, &again, &[("do", "save"), ("answer", "Ada’s own")]).await.is(303);
    assert_eq!(message(&app, &reference).await.answer, "Ada’s own");
    ada.get(&path).await.says("Earlier answer, not sent:").says("Ben’s second");
    // Removing it does not count as saving.
    let again = hidden(&ada.get(&path).await, &path);
    act(&ada, &path, &again, &[("do", "save"), ("answer", "")]).await.is(303);
    ada.get("/admin/audit-log").await.says("removed the saved answer to the message");
}

#[tokio::test]
async fn the_audit_log_says_what_the_settings_were_and_are() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let before = Settings::load(app.app.read()).await.unwrap();
    let footer = format!("{} the end", "A long line of words. ".repeat(40));
    let changes = [("tagline", ""), ("footer", footer.as_str()), ("retention_months", "36")];
    admin_settings::save(&admin, &changes).await.is(303);
    let detail =
        || async { audit_log::list(app.app.read(), &AuditFilter::default(), 1).await.unwrap()[0].detail.clone() };
    let said = detail().await;
    assert!(said.contains(&format!("name of the site from “{}” to “Portal of Tests”", before.site_name)), "{said}");
    assert!(
        said.contains("” to nothing") && said.contains("months that messages are kept from “24” to “36”"),
        "{said}"
    );
    assert!(said.contains("footer from “") && said.contains('…') && said.chars().count() < 900, "{said}");
    let footer = format!("{footer}, changed");
    admin_settings::save(&admin, &[("tagline", ""), ("footer", &footer), ("retention_months", "36")]).await.is(303);
    let said = detail().await;
    assert!(said.starts_with("footer from “…") && said.ends_with("the end, changed”"), "{said}");
    admin.get("/admin/audit-log").await.says("changed the settings").says("the end, changed");
}

#[tokio::test]
async fn the_audit_log_reads_as_english() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let (training, course) = (app.page_id("/training").await, app.page_id(COURSE).await);
    admin.post(&format!("/admin/pages/{course}/delete"), &[]).await.is(303);
    admin.confirm(&format!("/admin/pages/{training}/delete")).await.is(303);
    admin.post(&format!("/admin/trash/{course}/restore"), &[]).await.is(303);
    admin.post(&format!("/admin/trash/{training}/restore"), &[]).await.is(303);
    let question = item::list(app.app.read(), "law").await.unwrap()[0].id;
    admin.post(&format!("/admin/faq/{question}/delete"), &[]).await.is(303);
    admin.post("/admin/account/sessions/end", &[]).await.is(303);
    let opened = hidden(&admin.get("/admin/faq/categories/1").await, "/admin/faq/categories/1");
    act(&admin, "/admin/faq/categories/1", &opened, &[("title", "Renamed"), ("slug", "renamed")]).await.is(303);
    let invited = [("name", "Cy New"), ("email", "cy@portal.example"), ("role", "editor")];
    admin.post("/admin/users", &invited).await.is(200);
    let log = admin.get("/admin/audit-log").await.is(200);
    let log = log.says("moved the page “<bdi>Training</bdi>” to the trash").says("with 2 pages below it");
    let log = log.says("restored the page “<bdi>").says("” from the trash").says("now at /foundation-course");
    let log = log.says("moved the question “<bdi>Is ISO/IEC 20000 law?</bdi>” to the trash");
    let log = log.says("changed the category “<bdi>Renamed</bdi>”").says("to “Renamed”; slug from ");
    log.says("added the user <bdi>Cy New</bdi>").says("as an editor").does_not_say(" in all");
}

#[tokio::test]
async fn this_session_is_in_use_now() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let me = format!("/admin/users/{}", admin.actor.id.unwrap());
    for screen in ["/admin/account", &me] {
        admin.get(screen).await.is(200).says("This session, in use now");
    }
}

#[tokio::test]
async fn an_error_in_the_admin_area_leads_back_into_it() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    for (path, status) in [("/admin/audit-log", 403), ("/admin/users", 403), ("/admin/pages/99999", 404)] {
        let screen = editor.get(path).await.is(status).says("<nav aria-label=\"Admin\">").says("Go to the dashboard");
        assert_eq!(screen.header("cache-control"), "no-store");
    }
    editor.get("/admin/audit-log").await.says("reference of the request");
    editor.get("/admin/nothing/here").await.is(404).says("This is not here").says("href=\"/admin/messages\"");
    visitor.get("/admin/nothing").await.is(303);
    visitor.get("/administration").await.is(404).does_not_say("href=\"/admin\"");
    visitor.get("/admin/audit-log").await.is(303);
}

#[tokio::test]
async fn titles_do_not_turn_sentences_round() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let fields =
        [("title", "שלום"), ("slug", "shalom"), ("body", "x"), ("menu", "main"), ("layout", "article"), ("do", "save")];
    let saved = editor.post_and_follow("/admin/pages/new", &fields).await.is(200);
    assert!(saved.isolated.contains("“\u{2068}שלום\u{2069}” is saved."), "{}", saved.isolated);
    let id = app.page_id("/shalom").await;
    for screen in ["delete", "move"] {
        editor.get(&format!("/admin/pages/{id}/{screen}")).await.is(200).says("“<bdi>שלום</bdi>”");
    }
    let versions = editor.get(&format!("/admin/documents/{id}/revisions")).await.is(200);
    assert!(versions.isolated.contains("Versions of “\u{2068}שלום\u{2069}”"), "{}", versions.isolated);
    let taken = editor.post("/admin/pages/new", &fields).await.is(422);
    assert!(taken.isolated.contains("the page “\u{2068}שלום\u{2069}”"), "{}", taken.isolated);
}

#[tokio::test]
async fn the_title_of_every_refused_form_says_so() {
    let app = TestApp::with(&["--login-limit", "1"]).await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let clash = [("was_title", "Old"), ("title", "Mine"), ("was_slug", "general"), ("slug", "general")];
    editor.post("/admin/faq/categories/1", &clash).await.is(409).says("<title>Error: Rename category");
    let wrong = [("email", "someone@portal.example"), ("password", "wrong")];
    visitor.post("/admin/sign-in", &wrong).await.is(422).says("<title>Error: Sign in");
    visitor.post("/admin/sign-in", &wrong).await.is(429).says("<title>Error: Sign in");
}
