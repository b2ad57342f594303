//! Answers, notes and drafts of one message: nothing that was typed is lost, and only a sent answer makes it answered.

use plinth::model::{
    actor::Role,
    message::{notes, status::MessageStatus},
};

use crate::{
    admin_messages::{audit_log, expected_version, path},
    contact::{message, send},
    harness::{Reply, TestApp},
};

#[tokio::test]
async fn an_answer_is_saved_then_sent_by_hand_then_marked() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let reference = send(&app, &[]).await;
    let path = path(&message(&app, &reference).await);
    let screen = editor.get(&path).await.says("This portal sends no e-mail");
    let version = expected_version(&screen);

    editor
        .post(&path, &[("expected_version", &version), ("do", "save"), ("answer", " ")])
        .await
        .is(422)
        .says("Enter the answer");
    editor
        .post(&path, &[("expected_version", &version), ("do", "sent"), ("answer", " ")])
        .await
        .is(422)
        .says("Enter the answer");
    let long = "x".repeat(10_001);
    let reply = editor.post(&path, &[("expected_version", &version), ("do", "save"), ("answer", &long)]).await.is(422);
    reply.says(&long).says("10,000 characters or fewer; it has 10,001");

    let answer = "Dear Zoë,\r\nProfessional & more.";
    let saved = editor
        .post_and_follow(&path, &[("expected_version", &version), ("do", "save"), ("answer", answer)])
        .await
        .is(200);
    let link = format!(
        "mailto:zoe@visitor.example?subject=ISO%2020000%20Certification%20Portal%3A%20your%20message%20{reference}"
    );
    let saved = saved.says(&link).says("body=Dear%20Zo%C3%AB%2C%0D%0AProfessional%20%26%20more.");
    let saved = saved.says("Answer saved, not sent yet").says("Saved by <bdi>Edith Editor</bdi>").says("data-copy=");
    let stored = message(&app, &reference).await;
    assert_eq!((stored.status, stored.answered_by.as_str()), (MessageStatus::Unread, ""), "saving changes no state");
    assert!(audit_log(&app, "message.answer").await.is_empty());
    let again =
        [("expected_version", expected_version(&saved)), ("do", "save".to_owned()), ("answer", answer.to_owned())];
    let again = again.each_ref().map(|(name, value)| (*name, value.as_str()));
    editor.post_and_follow(&path, &again).await.says("There is no new answer to save.");

    let done = editor
        .post_and_follow(&path, &[("expected_version", &expected_version(&saved)), ("do", "sent"), ("answer", answer)])
        .await;
    done.is(200).says("is marked as answered");
    let done = editor.get(&path).await.is(200).says("Sent by <bdi>Edith Editor</bdi>").does_not_say("not sent yet");
    let stored = message(&app, &reference).await;
    assert_eq!((stored.status, stored.answered_by.as_str()), (MessageStatus::Answered, "Edith Editor"));
    assert_eq!(audit_log(&app, "message.answer").await, [format!("Edith Editor {reference} ()")]);

    let next = "A better answer. ".repeat(200);
    let again = editor
        .post_and_follow(&path, &[("expected_version", &expected_version(&done)), ("do", "save"), ("answer", &next)])
        .await;
    let again = again.says("too long for such a link").says("Earlier answer:").says("Answer saved, not sent yet");
    let notes = notes::list(app.app.read(), stored.id).await.unwrap();
    assert_eq!(notes[0].body, "Earlier answer:\n\nDear Zoë,\nProfessional & more.");
    // The user's own unsent answer is just replaced, or removed.
    let last = [("expected_version", expected_version(&again)), ("do", "save".to_owned()), ("answer", String::new())];
    let last = last.each_ref().map(|(name, value)| (*name, value.as_str()));
    editor.post_and_follow(&path, &last).await.says("The saved answer is removed.");
    assert_eq!(notes::list(app.app.read(), stored.id).await.unwrap().len(), 1);
}

#[tokio::test]
async fn no_button_loses_what_was_typed_in_other_fields() {
    let app = TestApp::new().await;
    let (editor, other) = (app.editor().await, app.editor().await);
    let reference = send(&app, &[]).await;
    let path = path(&message(&app, &reference).await);
    let kept = |page: Reply, answer: &str, note: &str| {
        let (answer, note) = (format!("{answer}</textarea>"), format!("{note}</textarea>"));
        page.is(200).says(&answer).says(&note).says("Kept for you, but not saved: answer, note.")
    };
    let mine = editor.actor.id.unwrap().to_string();
    for action in ["open", "assign", "assign_me", "archived", "open", "spam", "open", "unread"] {
        let version = expected_version(&editor.get(&path).await);
        let fields = [
            ("expected_version", version.as_str()),
            ("do", action),
            ("answer", "Half an answer"),
            ("note", "Half a note"),
            ("assignee", if action == "assign" { "" } else { &mine }),
        ];
        editor.post(&path, &fields).await.is(303);
        kept(editor.get(&path).await, "Half an answer", "Half a note");
    }
    other.get(&path).await.is(200).does_not_say("Half an answer").does_not_say("Half a note");

    // The note is added; the half answer stays.
    let version = expected_version(&editor.get(&path).await);
    let fields = [
        ("expected_version", version.as_str()),
        ("do", "note"),
        ("answer", "Half an answer"),
        ("note", "A whole note"),
    ];
    let page =
        editor.post_and_follow(&path, &fields).await.says("Half an answer</textarea>").says("A whole note</div>");
    let state = message(&app, &reference).await.status;
    // Saving by the key keeps both: the note is not added, and no state changes.
    let fields = [
        ("expected_version", expected_version(&page)),
        ("do", "save".to_owned()),
        ("answer", "Half an answer".to_owned()),
        ("note", "Next".to_owned()),
    ];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let page = editor.post_and_follow(&path, &fields).await.says("Kept for you, but not saved: note.");
    let page = page.says("Next</textarea>").says("Answer saved, not sent yet");
    assert_eq!((message(&app, &reference).await.status, state), (MessageStatus::Unread, MessageStatus::Unread));
    assert_eq!(notes::list(app.app.read(), message(&app, &reference).await.id).await.unwrap().len(), 1);
    let fields = [
        ("expected_version", expected_version(&page)),
        ("do", "sent".to_owned()),
        ("answer", "Half an answer".to_owned()),
    ];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    editor.post_and_follow(&path, &fields).await.does_not_say("but not saved");
    let drafts: i64 = app.app.read().value("select count(*) from message_draft", ()).await.unwrap();
    assert_eq!(drafts, 0);
}

#[tokio::test]
async fn what_is_too_long_to_be_saved_is_kept_whole_by_other_buttons() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let path = path(&message(&app, &send(&app, &[]).await).await);
    let version = expected_version(&editor.get(&path).await);
    let (answer, note) = (format!("{} the end", "x".repeat(110_000)), format!("{} the end", "y".repeat(110_000)));
    let fields = [("expected_version", &*version), ("do", "open"), ("answer", &*answer), ("note", &*note)];
    editor.post(&path, &fields).await.is(303);
    editor.get(&path).await.is(200).says(&answer).says(&note);
}

#[tokio::test]
async fn a_chosen_assignee_and_a_removed_answer_are_kept_and_the_list_says_so() {
    let app = TestApp::new().await;
    let (editor, other) = (app.editor().await, app.user(Role::Editor, "Olga Other").await);
    let reference = send(&app, &[]).await;
    let path = path(&message(&app, &reference).await);
    let version = expected_version(&editor.get(&path).await.says("name=\"was_assignee\" value=\"\""));
    editor.post(&path, &[("expected_version", &version), ("do", "save"), ("answer", "Saved")]).await.is(303);
    let theirs = other.actor.id.unwrap().to_string();
    let chosen = format!("<option value=\"{theirs}\" selected>");
    let opened = editor.get(&path).await.says("name=\"was_answer\" value=\"Saved\"");
    let version = expected_version(&opened);
    let typed = |action, assignee| {
        [
            ("expected_version", version.as_str()),
            ("do", action),
            ("was_answer", "Saved"),
            ("was_assignee", ""),
            ("assignee", assignee),
        ]
    };
    // A refusal shows the choice again, and another button keeps it.
    editor.post(&path, &typed("note", &theirs)).await.is(422).says(&chosen).says("Assigned to nobody");
    let list = editor.post_and_follow(&path, &typed("archived", &theirs)).await;
    list.says("is archived. Kept for you, but not saved: answer, assignment.");
    let archive = "/admin/messages?folder=archived";
    editor.get(archive).await.says("Not saved: answer, assignment");
    other.get(archive).await.says(&reference).does_not_say("Not saved");
    let screen = editor.get(&path).await.says(&chosen).says("Assigned to nobody");
    let screen = screen.says("Kept for you, but not saved: answer, assignment.").does_not_say("\nSaved</textarea>");
    assert_eq!(message(&app, &reference).await.assignee_id, None);

    // What was not chosen here is not undone by what someone else chose meanwhile.
    other.post(&path, &[("expected_version", &expected_version(&screen)), ("do", "assign_me")]).await.is(303);
    let untouched = [("do", "note"), ("note", "Mine"), ("was_assignee", ""), ("assignee", "")];
    editor.post_and_follow(&path, &untouched).await.does_not_say("assignment.");
    let version = expected_version(&editor.get(&path).await);
    let mine = editor.actor.id.unwrap().to_string();
    let fields =
        [("expected_version", version.as_str()), ("do", "assign"), ("was_assignee", &theirs), ("assignee", &mine)];
    editor.post_and_follow(&path, &fields).await.says("is assigned to Edith Editor.").does_not_say("not saved:");
    editor.get(archive).await.says(&reference).does_not_say("Not saved");
}

#[tokio::test]
async fn two_users_at_one_message_notice_each_other() {
    let app = TestApp::new().await;
    let (ada, ben) = (app.admin().await, app.user(Role::Editor, "Ben Busy").await);
    let reference = send(&app, &[]).await;
    let path = path(&message(&app, &reference).await);
    let seen_by_ada = expected_version(&ada.get(&path).await);
    let seen_by_ben = expected_version(&ben.get(&path).await);
    assert_eq!(seen_by_ada, seen_by_ben);

    ben.post(&path, &[("expected_version", &seen_by_ben), ("do", "save"), ("answer", "Ben’s answer")]).await.is(303);

    let typed = [
        ("expected_version", seen_by_ada.as_str()),
        ("do", "save"),
        ("answer", "Ada’s answer"),
        ("note", "Ada’s note"),
    ];
    let conflict = ada.post(&path, &typed).await.is(409).says("Ben Busy changed this message");
    let conflict = conflict.says("Ada’s answer</textarea>").says("Ada’s note</textarea>").says("Ben’s answer");
    let conflict = conflict.says("Nothing was saved").says("saved by <bdi>Ben Busy</bdi>");
    assert_eq!(message(&app, &reference).await.answer, "Ben’s answer");
    for action in ["archived", "assign", "sent"] {
        let reply = ada.post(&path, &[("expected_version", &seen_by_ada), ("do", action), ("answer", "Mine")]).await;
        reply.is(409).says("Ben Busy changed this message").says("Mine</textarea>");
        ada.post(&path, &[("do", action), ("answer", "Mine")]).await.is(409);
    }
    // After an error, the form still has the version that the user saw.
    let long = "x".repeat(10_001);
    let fault = ada.post(&path, &[("expected_version", &seen_by_ada), ("do", "save"), ("answer", &long)]).await.is(422);
    assert!(fault.text.contains(&format!("name=\"expected_version\" value=\"{seen_by_ada}\"")));

    let typed = [
        ("expected_version", expected_version(&conflict)),
        ("do", "save".to_owned()),
        ("answer", "Ada’s answer".to_owned()),
    ];
    let typed = typed.each_ref().map(|(name, value)| (*name, value.as_str()));
    ada.post(&path, &typed).await.is(303);
    assert_eq!(message(&app, &reference).await.answer, "Ada’s answer");
    ada.get(&path).await.says("Earlier answer, not sent:").says("Ben’s answer");
}
