//! What is typed into the form of a document and not saved: kept as a draft of its user, whatever happens to the document.

use plinth::{
    app::background,
    db::transaction::Transaction,
    model::{actor::Role, document::revision},
};
use serde_json::Value;

use crate::{
    admin_merge::{BOTH, id, newest},
    forms::hidden,
    harness::{Reply, TestApp, TestUser},
};

/// The name of a new document's draft, as its screen has it.
pub async fn new_key(user: &TestUser, new: &str) -> String {
    let fields = hidden(&user.get(new).await.is(200), new.split('?').next().unwrap());
    fields.into_iter().find(|(name, _)| name == "draft").expect("a name").1
}

/// What the script of a tab sends after its `sequence`th pause in typing, and the answer.
pub async fn type_in(
    user: &TestUser,
    at: &str,
    (tab, seen, sequence): (&str, i64, i64),
    fields: &[(&str, &str)],
) -> Value {
    let (seen, sequence) = (seen.to_string(), sequence.to_string());
    let mark = [("draft_tab", tab), ("draft_seen", seen.as_str()), ("draft_sequence", sequence.as_str())];
    let reply = user.post(&format!("{at}/draft"), &[fields, &mark].concat()).await.is(200);
    serde_json::from_str(&reply.text).unwrap()
}

async fn count(app: &TestApp, sql: &'static str) -> i64 {
    app.app.read().value(sql, ()).await.unwrap()
}

#[tokio::test]
async fn what_is_typed_is_there_when_the_form_is_opened_again_for_its_user_alone() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, otto) = (app.user(Role::Editor, "Ada").await, app.user(Role::Editor, "Otto").await);
        let edit = editor.create(&ada, "publish").await;
        let entries = count(&app, "select count(*) from audit_log").await;
        // No title yet, and far too long a note: only saving asks for more.
        let note = "x".repeat(5000);
        let typed = [("base", "1"), ("title", ""), ("body", "Half a sen"), ("note", note.as_str())];
        let answer = type_in(&ada, &edit, ("a", 0, 1), &typed).await;
        assert_eq!((&answer["state"], &answer["sequence"], &answer["base"]), (&"kept".into(), &1.into(), &1.into()));
        let sentence = answer["sentence"].as_str().unwrap();
        assert!(sentence.starts_with("Your changes are saved as a draft, "), "{sentence}");

        let screen =
            ada.get(&edit).await.is(200).says(sentence).says("Half a sen").says(&note).says("Visitors see version 1");
        assert!(screen.text.contains("Discard draft</button>") && screen.text.contains("data-guard=\"dirty\""));
        otto.get(&edit).await.does_not_say("Half a sen").does_not_say("saved as a draft");
        app.visitor().get(editor.public).await.does_not_say("Half a sen");
        assert_eq!(newest(&app, &edit).await.version, 1, "a draft is no version");
        assert_eq!(count(&app, "select count(*) from audit_log").await, entries);

        // Saving it makes it a version and ends it.
        let fields: Vec<_> = hidden(&ada.get(&edit).await, &edit);
        let sent: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        ada.post(&edit, &editor.form("1", &[("body", "Half a sentence.")]).into_iter().chain(sent).collect::<Vec<_>>())
            .await
            .is(303);
        ada.get(&edit).await.says("Half a sentence.").does_not_say("saved as a draft");
        assert_eq!(newest(&app, &edit).await.content.body, "Half a sentence.");
    }
}

#[tokio::test]
async fn what_was_typed_back_to_what_is_saved_leaves_no_draft() {
    let app = TestApp::new().await;
    let ada = app.editor().await;
    let [pages, _] = BOTH;
    let edit = pages.create(&ada, "save").await;
    type_in(&ada, &edit, ("a", 0, 1), &pages.form("1", &[("title", "B")])).await;
    let answer = type_in(&ada, &edit, ("a", 1, 2), &pages.form("1", &[])).await;
    assert_eq!(
        (&answer["state"], &answer["is_kept"], &answer["sentence"]),
        (&"kept".into(), &false.into(), &"".into())
    );
    ada.get(&edit).await.does_not_say("saved as a draft");
}

#[tokio::test]
async fn a_new_document_is_gone_on_with_from_the_list_of_drafts() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let ada = app.editor().await;
        let new = format!("{}/new", editor.path);
        let key = new_key(&ada, &new).await;
        assert_ne!(new_key(&ada, &new).await, key);
        type_in(&ada, &new, ("a", 0, 1), &[("draft", &key), ("title", ""), ("body", "Of a new one")]).await;
        ada.get(&new).await.says("without a title").does_not_say("Of a new one");
        app.editor().await.get(&new).await.does_not_say("without a title");
        let own = format!("{new}?draft={key}");
        ada.get(&own).await.is(200).says("Of a new one").says("saved as a draft");

        // Refused, it is kept with what was typed last; saved, it is not offered any more.
        let fields =
            editor.form("", &[("title", ""), ("body", "Of a newer one"), ("draft", &key), ("draft_seen", "1")]);
        ada.post(&new, &fields).await.is(422).says("Of a newer one").says("saved as a draft");
        ada.get(&own).await.says("Of a newer one");
        let fields = editor.form("", &[("title", "Named"), ("slug", ""), ("draft", &key), ("draft_seen", "2")]);
        let edit = ada.post(&new, &fields).await.is(303).location();
        assert_eq!(ada.get(&own).await.is(303).location(), edit);
        ada.get(&new).await.does_not_say("Not saved yet");
        // A request that was on its way when it was saved brings nothing back.
        type_in(&ada, &new, ("a", 0, 1), &[("draft", &key), ("body", "Late")]).await;
        ada.post(&format!("{new}/draft"), &[("draft", "guessed"), ("body", "x")]).await.is(400);
    }
}

#[tokio::test]
async fn a_draft_is_discarded_and_brought_back() {
    let app = TestApp::new().await;
    let ada = app.editor().await;
    let [pages, _] = BOTH;
    let edit = pages.create(&ada, "save").await;
    type_in(&ada, &edit, ("a", 0, 1), &pages.form("1", &[("body", "Perhaps")])).await;
    let draft = format!("{edit}/draft");
    let fields = pages.form("1", &[("body", "Perhaps not"), ("do", "discard"), ("draft_seen", "1")]);
    ada.post_and_follow(&draft, &fields).await.says("Your draft is discarded.").does_not_say("Perhaps");
    ada.post_and_follow(&draft, &[("do", "restore")]).await.says("Your draft is back.").says("Perhaps not");
    ada.post_and_follow(&draft, &[("do", "restore")])
        .await
        .says("There is no draft to bring back.")
        .says("Perhaps not");

    let key = new_key(&ada, "/admin/pages/new").await;
    let new = [("draft", key.as_str()), ("title", "Only an idea")];
    type_in(&ada, "/admin/pages/new", ("a", 0, 1), &new).await;
    // As the list has it: without its text.
    let fields = [new[0], ("draft_seen", "1"), ("do", "discard")];
    ada.post_and_follow("/admin/pages/new/draft", &fields).await.is(200).says("Your draft is discarded.");
    ada.get("/admin/pages/new").await.does_not_say("Only an idea");
    ada.post_and_follow("/admin/pages/new/draft", &[new[0], ("do", "restore")]).await.says("Only an idea");
}

#[tokio::test]
async fn whatever_happens_to_the_document_the_draft_stays() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, otto) = (app.user(Role::Editor, "Ada").await, app.user(Role::Editor, "Otto").await);
        let edit = editor.create(&ada, "publish").await;
        type_in(&ada, &edit, ("a", 0, 1), &editor.form("1", &[("title", "Typed by Ada?")])).await;

        // Saved by someone else: told at once, joined on saving.
        editor.save(&otto, &edit, "1", &[("body", "By Otto."), ("do", "publish")]).await.is(303);
        let answer = type_in(&ada, &edit, ("a", 1, 2), &editor.form("1", &[("title", "Typed by Ada, too?")])).await;
        let told = "published version 2 in the meantime: when you save, your changes are joined with it.";
        assert!(answer["sentence"].as_str().unwrap().contains(told), "{answer}");
        ada.get(&edit).await.says(told).says("Typed by Ada, too?").does_not_say("By Otto.");

        // In the trash and back again.
        otto.confirm(&format!("{edit}/delete")).await.is(303);
        let answer = type_in(&ada, &edit, ("a", 2, 3), &editor.form("1", &[("title", "Typed by Ada, still?")])).await;
        assert!(answer["sentence"].as_str().unwrap().contains("moved to the trash in the meantime"), "{answer}");
        let save = [("title", "Typed by Ada, finally?"), ("draft_seen", "3")];
        editor.save(&ada, &edit, "1", &save).await.is(409).says("Typed by Ada, finally?");
        otto.post(&format!("/admin/trash/{}/restore", id(&edit)), &[]).await.is(303);
        ada.get(&edit).await.is(200).says("Typed by Ada, finally?");
        let saved = editor.save(&ada, &edit, "1", &[("title", "Typed by Ada, finally?"), ("draft_seen", "4")]).await;
        ada.get(&saved.is(303).location()).await.says("It joins your change").does_not_say("saved as a draft");
        let joined = newest(&app, &edit).await.content;
        assert_eq!((joined.title.as_str(), joined.body.as_str()), ("Typed by Ada, finally?", "By Otto."));
    }
}

#[tokio::test]
async fn a_new_page_below_one_that_is_trashed_meanwhile_keeps_its_text() {
    let app = TestApp::new().await;
    let (ada, otto) = (app.editor().await, app.editor().await);
    let [pages, _] = BOTH;
    let parent = pages.create(&otto, "publish").await;
    let (new, under) = ("/admin/pages/new", id(&parent).to_string());
    let key = new_key(&ada, &format!("{new}?under={under}")).await;
    let fields = [("draft", key.as_str()), ("under", &under), ("title", "Below"), ("body", "Text below")];
    type_in(&ada, new, ("a", 0, 1), &fields).await;
    otto.confirm(&format!("{parent}/delete")).await.is(303);
    assert_eq!(type_in(&ada, new, ("a", 1, 2), &fields).await["state"], "kept");
    ada.get(&format!("{new}?draft={key}")).await.is(200).says("Text below").says("Below which page");
}

#[tokio::test]
async fn a_draft_is_kept_only_for_who_may_edit_and_is_who_typed_it() {
    let app = TestApp::new().await;
    let (ada, otto, admin) = (app.editor().await, app.editor().await, app.admin().await);
    let [pages, _] = BOTH;
    let edit = pages.create(&ada, "save").await;
    let typed = pages.form("1", &[("body", "Whose?")]);
    let draft = format!("{edit}/draft");
    let drafts = "select count(*) from document_draft where state = 'open'";
    app.visitor().post(&draft, &typed).await.is(401).says("Whose?");
    // Someone else has signed in at this browser since the form was opened.
    let theirs = otto.actor.id.unwrap().to_string();
    ada.post(&draft, &[&typed[..], &[("draft_user", theirs.as_str())]].concat()).await.is(409);
    ada.post("/admin/pages/999/draft", &typed).await.is(404);
    ada.post(&edit.replace("pages", "faq"), &typed).await.is(404);
    assert_eq!(count(&app, drafts).await, 0);

    // A role that is taken away while its user types.
    type_in(&ada, &edit, ("a", 0, 1), &typed).await;
    let user = format!("/admin/users/{}", ada.actor.id.unwrap());
    admin.post(&format!("{user}/deactivate"), &[]).await.is(303);
    let refused = ada.post(&draft, &pages.form("1", &[("body", "Too late")])).await.is(401);
    assert_eq!(refused.header("x-deactivated"), "yes");
    assert_eq!(count(&app, drafts).await, 1);
}

async fn refused(user: &TestUser, at: &str, body: &str) -> Reply {
    user.post(at, &[("base", "1"), ("body", body)]).await
}

#[tokio::test]
async fn a_text_of_two_megabytes_is_kept_and_one_of_three_is_refused() {
    let app = TestApp::new().await;
    let ada = app.editor().await;
    let [pages, _] = BOTH;
    let edit = pages.create(&ada, "save").await;
    let draft = format!("{edit}/draft");
    refused(&ada, &draft, &"x".repeat(3_000_000)).await.is(413);
    refused(&ada, &draft, &"x".repeat(2_000_000)).await.is(200);
    ada.get(&edit).await.is(200).says(&"x".repeat(2_000_000));
}

#[tokio::test]
async fn a_draft_that_cannot_be_written_down_is_not_said_to_be() {
    let app = TestApp::new().await;
    let ada = app.editor().await;
    let [pages, _] = BOTH;
    let edit = pages.create(&ada, "save").await;
    let typed = pages.form("1", &[("body", "Perhaps")]);
    app.refuse_rows("document_draft", true).await;
    let reply = ada.post(&format!("{edit}/draft"), &typed).await;
    assert!(reply.status.is_server_error() || reply.status.is_client_error(), "{}", reply.status);
    // Saving does not depend on it where nothing was kept, and shows what was typed where it was refused.
    ada.post(&edit, &pages.form("1", &[("title", ""), ("body", "Perhaps")])).await.is(422).says("Perhaps");
    app.refuse_rows("document_draft", false).await;
    assert_eq!(type_in(&ada, &edit, ("a", 0, 1), &typed).await["state"], "kept");
}

#[tokio::test]
async fn a_draft_is_forgotten_a_day_after_its_end_and_never_before() {
    let app = TestApp::new().await;
    let ada = app.editor().await;
    let [pages, questions] = BOTH;
    let (one, two) = (pages.create(&ada, "save").await, questions.create(&ada, "save").await);
    for edit in [&one, &two] {
        type_in(&ada, edit, ("a", 0, 1), &pages.form("1", &[("body", "Typed")])).await;
    }
    ada.post(&format!("{two}/draft"), &pages.form("1", &[("do", "discard"), ("draft_seen", "1")])).await.is(303);
    for (days, left) in [(0, 2), (2, 1), (80, 1), (300, 1)] {
        app.run_days(days).await;
        background::tick(&app.app).await.unwrap();
        assert_eq!(count(&app, "select count(*) from document_draft").await, left, "{days}");
    }

    // They go with their user.
    let otto = app.editor().await;
    type_in(&otto, &one, ("a", 0, 1), &pages.form("1", &[("body", "Typed")])).await;
    let tx = Transaction::begin(&app.app.db).await.unwrap();
    tx.execute("delete from users where id = $1", (otto.actor.id,)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(count(&app, "select count(*) from document_draft").await, 1, "that of the other user");
    assert!(revision::latest(app.app.read(), id(&one)).await.is_ok());
}
