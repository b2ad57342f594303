//! Which of two texts of a draft is the later one: a slow request, several tabs, a save on the way. No clock decides it.

use plinth::{clock::DAY, model::actor::Role};

use crate::{
    admin_drafts::{new_key, type_in},
    admin_merge::{BOTH, newest},
    harness::TestApp,
};

#[tokio::test]
async fn a_slow_request_does_not_overtake_a_later_one() {
    let app = TestApp::new().await;
    let ada = app.editor().await;
    let [pages, _] = BOTH;
    let edit = pages.create(&ada, "save").await;
    let text = |body| pages.form("1", &[("body", body)]);
    assert_eq!(type_in(&ada, &edit, ("a", 0, 2), &text("Second")).await["sequence"], 2);
    // The clock of the machine is set back in between.
    app.app.clock.jump(-2 * DAY);
    let answer = type_in(&ada, &edit, ("a", 0, 1), &text("First")).await;
    assert_eq!((&answer["state"], &answer["sequence"]), (&"earlier".into(), &2.into()));
    ada.get(&edit).await.says("Second").does_not_say("First<");
    assert_eq!(type_in(&ada, &edit, ("a", 2, 3), &text("Third")).await["state"], "kept");

    // Saved, while a request was on its way: that brings nothing back.
    let save = [("body", "Saved"), ("draft_tab", "a"), ("draft_seen", "3"), ("draft_sequence", "5")];
    pages.save(&ada, &edit, "1", &save).await.is(303);
    assert_eq!(type_in(&ada, &edit, ("a", 3, 4), &text("Fourth")).await["state"], "earlier");
    ada.get(&edit).await.says("Saved").does_not_say("Fourth").does_not_say("saved as a draft");
    // Nor does a save that was pressed before its answer came clash with itself.
    let save = [("body", "Saved twice"), ("draft_tab", "a"), ("draft_seen", "3"), ("draft_sequence", "6")];
    pages.save(&ada, &edit, "1", &save).await.is(303);
    assert_eq!(newest(&app, &edit).await.content.body, "Saved twice");
    // One that was pressed earlier and arrives later does.
    let slow = [("body", "Slow"), ("draft_tab", "a"), ("draft_seen", "3"), ("draft_sequence", "4")];
    pages.save(&ada, &edit, "1", &slow).await.is(409);
    // What the same tab types after that goes on from what it saved.
    let answer = type_in(&ada, &edit, ("a", 3, 7), &text("Saved and more")).await;
    assert_eq!((&answer["state"], &answer["base"]), (&"kept".into(), &3.into()));
    let save = [("body", "Saved and more"), ("draft_seen", "7")];
    pages.save(&ada, &edit, "3", &save).await.is(303);
    assert_eq!(newest(&app, &edit).await.content.body, "Saved and more");
}

#[tokio::test]
async fn a_form_that_made_a_document_changes_that_when_it_is_sent_again_with_more() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let ada = app.editor().await;
        let new = format!("{}/new", editor.path);
        let key = new_key(&ada, &new).await;
        let mark = [("draft", key.as_str()), ("draft_tab", "a"), ("draft_seen", "0"), ("draft_sequence", "1")];
        let edit = ada.post(&new, &editor.form("", &mark)).await.is(303).location();
        // No answer came, so its user went on and saved again.
        let more = [&mark[..3], &[("draft_sequence", "2"), ("body", "And more")]].concat();
        assert_eq!(ada.post(&new, &editor.form("", &more)).await.is(303).location(), edit);
        let saved = newest(&app, &edit).await;
        assert_eq!((saved.version, saved.content.body.as_str()), (2, "And more"));
    }
}

#[tokio::test]
async fn the_tab_that_is_behind_is_told_and_changes_nothing() {
    let app = TestApp::new().await;
    let ada = app.editor().await;
    let [pages, _] = BOTH;
    let edit = pages.create(&ada, "save").await;
    let text = |body| pages.form("1", &[("body", body)]);
    let seen = type_in(&ada, &edit, ("first", 0, 1), &text("One")).await["sequence"].as_i64().unwrap();
    // Ten tabs are opened with the draft; one goes on.
    assert_eq!(type_in(&ada, &edit, ("tab 1", seen, 2), &text("One and a tab")).await["state"], "kept");
    for tab in 2..=10 {
        let answer = type_in(&ada, &edit, (&format!("tab {tab}"), seen, 2), &text("One and another")).await;
        assert_eq!((&answer["state"], &answer["is_kept"]), (&"apart".into(), &false.into()));
        assert!(answer["sentence"].as_str().unwrap().contains("in another window"), "{answer}");
    }
    ada.get(&edit).await.says("One and a tab").does_not_say("One and another");

    // One that is behind is saved as a version; the draft of the other one stays, and clashes when it is saved.
    let behind = [("body", "One and another"), ("draft_tab", "tab 2"), ("draft_seen", "1"), ("draft_sequence", "3")];
    pages.save(&ada, &edit, "1", &behind).await.is(303);
    let screen = ada.get(&edit).await.says("One and a tab").says("You saved version 2 in the meantime");
    assert!(!screen.text.contains("One and another</textarea>"));
    let save = [("body", "One and a tab"), ("draft_tab", "tab 1"), ("draft_seen", "2"), ("draft_sequence", "3")];
    let clash = pages.save(&ada, &edit, "1", &save).await.is(409);
    clash.says("You saved version 2 in another window").says("One and another").says("One and a tab");
    // The screen can be left without losing it.
    ada.get(&edit).await.says("One and a tab");
}

#[tokio::test]
async fn a_clash_that_was_decided_ends_the_draft() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, otto) = (app.user(Role::Editor, "Ada").await, app.user(Role::Editor, "Otto").await);
        let edit = editor.create(&ada, "save").await;
        type_in(&ada, &edit, ("a", 0, 1), &editor.form("1", &[("title", "By Ada?")])).await;
        editor.save(&otto, &edit, "1", &[("title", "By Otto?")]).await.is(303);
        let mark = [("draft_tab", "a"), ("draft_seen", "1"), ("draft_sequence", "2")];
        let changes = [&[("title", "By Ada?")][..], &mark].concat();
        // A script is refused first, then the browser sends the same.
        editor.save(&ada, &edit, "1", &changes).await.is(409);
        let screen = editor.save(&ada, &edit, "1", &changes).await.is(409);
        let fields = crate::forms::hidden(&screen, &edit);
        let mut fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.retain(|(name, _)| *name != "submission");
        let choice = [("keep_title", "yours"), ("title", "By Ada, after all?"), ("note", ""), ("do", "save")];
        let saved = ada.post(&edit, &[&fields[..], &choice].concat()).await.is(303).location();
        ada.get(&saved).await.says("By Ada, after all?").does_not_say("saved as a draft");
    }
}

#[tokio::test]
async fn who_dropped_a_text_after_a_clash_finds_no_draft_of_it() {
    let [pages, _] = BOTH;
    let app = TestApp::new().await;
    let (ada, otto) = (app.editor().await, app.editor().await);
    let edit = pages.create(&ada, "save").await;
    type_in(&ada, &edit, ("a", 0, 1), &pages.form("1", &[("title", "By Ada?")])).await;
    pages.save(&otto, &edit, "1", &[("title", "By Otto?")]).await.is(303);
    let dropped = [("title", "By Ada?"), ("clash", "title"), ("draft_seen", "1"), ("do", "drop")];
    pages.save(&ada, &edit, "1", &dropped).await.is(200).says("By Ada?");
    ada.get(&edit).await.says("By Otto?").does_not_say("By Ada?");
    // Two users change two paragraphs: both are in the next version.
    let paragraphs = |first: &str, second: &str| format!("{first}\r\n\r\n{second}");
    let (one, two) = (paragraphs("Ada’s.", "Second *line*."), paragraphs("First line.", "Otto’s."));
    pages.save(&ada, &edit, "2", &[("title", "By Otto?"), ("body", &one)]).await.is(303);
    pages.save(&otto, &edit, "2", &[("title", "By Otto?"), ("body", &two)]).await.is(303);
    assert_eq!(newest(&app, &edit).await.content.body, "Ada’s.\n\nOtto’s.");
    // The same paragraph: side by side, with the rest joined already.
    let (one, two) = (paragraphs("Ada’s, too.", "Otto’s."), paragraphs("No, Otto’s.", "And this."));
    pages.save(&ada, &edit, "4", &[("title", "By Otto?"), ("body", &one)]).await.is(303);
    let screen = pages.save(&otto, &edit, "4", &[("title", "By Otto?"), ("body", &two)]).await.is(409);
    screen.says("Ada’s, too.</textarea>").says("No, Otto’s.</textarea>").says("value=\"\n\nAnd this.\"");
}
