//! What is done with many messages at once, what comes after each action, and everything from one address.

use plinth::model::message::{record::Message, status::MessageStatus};

use crate::{
    admin_messages::{audit_log, expected_version, path},
    contact::{copies, count, message, send},
    forms::hidden,
    harness::{Reply, TestApp, TestUser},
};

async fn received(app: &TestApp, names: &[&str]) -> Vec<Message> {
    let mut all = Vec::new();
    for name in names {
        let email = format!("{}@visitor.example", name.to_lowercase());
        all.push(message(app, &send(app, &[("name", name), ("email", &email)]).await).await);
    }
    all
}

async fn status(app: &TestApp, message: &Message) -> MessageStatus {
    crate::contact::message(app, &message.reference).await.status
}

#[tokio::test]
async fn all_of_a_list_is_changed_but_not_what_came_since() {
    let app = TestApp::with(&["--contact-limit", "1000"]).await;
    let editor = app.editor().await;
    let names: Vec<String> = (0..55).map(|number| format!("V{number}")).collect();
    let all = received(&app, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let shown = editor.get("/admin/messages").await.is(200).says("All 55, on other pages too");
    let last = shown.text.split("name=\"last\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let late = received(&app, &["Late"]).await.remove(0);

    let form = [("scope", "all"), ("last", &*last), ("shown", "55"), ("to", "read")];
    editor.post_and_follow("/admin/messages", &form).await.says("55 messages were marked as read.");
    assert_eq!(status(&app, &late).await, MessageStatus::Unread);
    assert_eq!(status(&app, &all[0]).await, MessageStatus::Open);
    // Only what the list was showing: here, what a search has found.
    let form = [("scope", "all"), ("last", &*last), ("shown", "1"), ("to", "archive")];
    editor.post_and_follow("/admin/messages?q=v10%40visitor", &form).await.says("1 message was archived.");
    assert_eq!(
        (status(&app, &all[10]).await, status(&app, &all[20]).await),
        (MessageStatus::Archived, MessageStatus::Open)
    );

    let mine = editor.actor.id.unwrap().to_string();
    let form = [("scope", "all"), ("last", &*last), ("shown", "54"), ("to", "assign"), ("assignee", &*mine)];
    editor.post_and_follow("/admin/messages", &form).await.says("54 messages were assigned.");
    editor.get("/admin/messages?assigned=me").await.says("V54").does_not_say("Late");
    let form = [("scope", "all"), ("last", &*last), ("shown", "54"), ("to", "assign"), ("assignee", "999")];
    editor.post_and_follow("/admin/messages", &form).await.says("Choose a user");
    let seen = format!("{}.{}", late.id, late.version);
    let form = [("message", &*seen), ("to", "assign"), ("assignee", &*mine)];
    editor.post_and_follow("/admin/messages", &form).await.says("1 message was assigned.");
    assert_eq!(audit_log(&app, "message.assign").await.len(), 55);
    let form = [("scope", "all"), ("last", "x"), ("to", "archive")];
    editor.post_and_follow("/admin/messages", &form).await.says("tick at least one message");

    // What came into the list by the hand of another was never seen.
    let form = [("scope", "all"), ("last", &*last), ("shown", "54"), ("to", "spam")];
    let back = format!("{}.{}", all[10].id, message(&app, &all[10].reference).await.version);
    editor.post("/admin/messages?folder=archived", &[("message", &*back), ("to", "unread")]).await.is(303);
    editor.post("/admin/messages?folder=archived", &[("message", &*back), ("to", "spam")]).await.is(303);
    let back = format!("{}.{}", all[10].id, message(&app, &all[10].reference).await.version);
    editor.post("/admin/messages?folder=spam", &[("message", &*back), ("to", "not_spam")]).await.is(303);
    editor
        .post_and_follow("/admin/messages", &form)
        .await
        .says("this list has changed since you opened it, and has 55 messages");
    assert_eq!(status(&app, &all[10]).await, MessageStatus::Unread);
}

#[tokio::test]
async fn doing_it_again_reaches_the_rest() {
    const MANY: i64 = 2_100;
    let app = TestApp::with(&["--contact-limit", "1000"]).await;
    let editor = app.editor().await;
    let one = received(&app, &["First"]).await.remove(0);
    copies(&app, &one, MANY).await;
    let read = async || {
        let shown = hidden(&editor.get("/admin/messages?folder=all").await.is(200), "/admin/messages?folder=all");
        let mut form: Vec<_> = shown.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        form.extend([("scope", "all"), ("to", "archive")]);
        editor.post_and_follow("/admin/messages?folder=all", &form).await
    };
    read().await.says("2,000 messages were archived.").says("do the same again for the rest");
    read().await.says("100 messages were archived.").does_not_say("left alone").does_not_say("again for the rest");
    read().await.says("there is nothing to do for any message of this list");
}

#[tokio::test]
async fn many_messages_are_deleted_after_a_question_only() {
    let app = TestApp::with(&["--contact-limit", "1000"]).await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let all = received(&app, &["One", "Two", "Three"]).await;
    let ticked: Vec<String> = all.iter().map(|message| format!("{}.{}", message.id, message.version)).collect();
    let form = [("message", &*ticked[0]), ("message", &*ticked[1])];
    editor.post("/admin/messages/delete", &form).await.is(403);
    editor.get("/admin/messages").await.does_not_say("/admin/messages/delete");
    admin.get("/admin/messages").await.says("formaction=\"/admin/messages/delete\"");
    admin.post("/admin/messages/delete", &[]).await.is(303);
    let screen = admin.post("/admin/messages/delete", &form).await.is(200).says("Delete 2 messages").says(">One<");
    assert_eq!(count(&app).await, 3, "nothing is deleted yet");
    let confirmed = hidden(&screen.does_not_say(">Three<"), "/admin/messages/delete");
    let confirmed: Vec<_> = confirmed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    // Someone has changed one of them since.
    editor.post(&path(&all[1]), &[("do", "note"), ("note", "Wait")]).await.is(303);
    let done = admin.post_and_follow("/admin/messages/delete", &confirmed).await;
    done.says("1 message was deleted. 1 message was left alone: it had changed since");
    assert_eq!(count(&app).await, 2);

    let last = all[2].id.to_string();
    let form = [("scope", "all"), ("last", &*last)];
    admin.post("/admin/messages/delete?folder=all", &form).await.is(200).says("Type 2 to confirm");
    let form = |count| [("scope", "all"), ("last", &*last), ("confirmed", "yes"), ("count", count)];
    admin.post("/admin/messages/delete?folder=all", &form("3")).await.is(422).says("Type 2 to confirm");
    assert_eq!(count(&app).await, 2);
    admin.post_and_follow("/admin/messages/delete?folder=all", &form("2")).await.says("2 messages were deleted.");
    assert_eq!((count(&app).await, audit_log(&app, "message.delete").await.len()), (0, 3));
}

async fn press(who: &TestUser, path: &str, action: &str) -> Reply {
    let version = expected_version(&who.get(path).await.is(200));
    let fields = [("expected_version", &*version), ("do", action), ("answer", "An answer")];
    who.post(path, &fields).await.is(303)
}

/// Sends the form of the notice that undoes what was done.
async fn undo(who: &TestUser, screen: &Reply) -> Reply {
    let action = screen.text.split("action=\"/admin/undo/").nth(1).expect("an undo in the notice");
    let action = format!("/admin/undo/{}", action.split('"').next().unwrap());
    let fields = hidden(screen, &action);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    who.post(&action, &fields).await.is(303)
}

#[tokio::test]
async fn the_next_message_follows_each_action_and_archiving_is_undone_from_the_notice() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let all = received(&app, &["One", "Two", "Three"]).await;
    let at = |message: &Message| format!("{}?folder=unread", path(message));
    let to = press(&editor, &at(&all[1]), "archived").await.location();
    assert_eq!(to, at(&all[0]));
    let screen =
        editor.get(&to).await.says("is archived. Kept for you, but not saved: answer. This is the next message.");
    // The notice knows nothing of what is typed there.
    let to = undo(&editor, &screen).await.location();
    assert_eq!(to, path(&all[1]));
    assert_eq!(status(&app, &all[1]).await, MessageStatus::Unread);
    editor.get(&path(&all[1])).await.says("An answer</textarea>").says("Kept for you, but not saved: answer.");

    let to = press(&editor, &at(&all[0]), "sent").await.location();
    assert_eq!(to, at(&all[1]), "the newer one, as there is no older one");
    editor.get(&to).await.says("is marked as answered. This is the next message.").does_not_say(">Undo<");
    // The answer stays sent.
    let there = press(&editor, &path(&all[0]), "archived").await.location();
    let screen = editor.get(&there).await.says(">Undo</button>");
    undo(&editor, &screen).await;
    assert_eq!(status(&app, &all[0]).await, MessageStatus::Answered);
    let to = press(&editor, &at(&all[1]), "spam").await.location();
    assert_eq!(to, at(&all[2]));
    editor.get("/admin").await.says(">Undo<");
    assert_eq!(press(&editor, &at(&all[2]), "archived").await.location(), "/admin/messages?folder=unread");
}

#[tokio::test]
async fn everything_from_one_address_is_in_one_place() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let one = message(&app, &send(&app, &[("email", "Zoe@VISITOR.example")]).await).await;
    let screen = admin.get(&path(&one)).await.is(200);
    screen.does_not_say("from this address");
    let two = message(&app, &send(&app, &[("body", "Again")]).await).await;
    let other =
        message(&app, &send(&app, &[("email", "other@visitor.example"), ("body", "zoe@visitor.example")]).await).await;
    press(&admin, &path(&one), "archived").await;
    let screen = admin.get(&path(&two)).await.says("All 2 messages from this address");
    let all = "/admin/messages?folder=all&amp;email=zoe%40visitor.example";
    screen.says(&format!("href=\"{all}\""));
    let list = admin.get(&all.replace("&amp;", "&")).await.is(200).says(&one.reference).says(&two.reference);
    let list = list.does_not_say(&other.reference).says("Everything from <bdi>zoe@visitor.example</bdi>");
    list.says("/admin/messages/export?folder=all&amp;email=zoe%40visitor.example");
    let export = "/admin/messages/export?folder=all&email=zoe%40visitor.example";
    let file = admin.post(export, &[]).await.is(200).says(&one.reference);
    file.does_not_say(&other.reference);
    admin.get("/admin/messages?folder=all&email=nobody").await.is(200).says("No message was found");
}

#[tokio::test]
async fn an_answered_message_becomes_a_draft_of_a_question_without_what_is_personal() {
    let app = TestApp::new().await;
    let (editor, other) = (app.editor().await, app.user(plinth::model::actor::Role::Editor, "Otto").await);
    let body = "Dear team,\n\nI am Zoë Öztürk. Which level comes after Foundation? Call me: +44 20 7946 0958.\n\nBest regards\nZoë";
    let message = message(&app, &send(&app, &[("body", body)]).await).await;
    let path = path(&message);
    editor.get(&path).await.does_not_say("Make a draft of a question");
    let version = expected_version(&editor.get(&path).await);
    let empty = [("expected_version", &*version), ("do", "draft_question"), ("answer", " ")];
    editor.post(&path, &empty).await.is(422).says("Enter the answer");
    let answer =
        "Dear Zoë,\n\nProfessional comes next. Write to me: edith@portal.example.\n\nKind regards,\nEdith Editor";
    editor.post(&path, &[("expected_version", &*version), ("do", "save"), ("answer", answer)]).await.is(303);
    let screen = editor.get(&path).await.says("Make a draft of a question").says("&gt; I am Zoë Öztürk.");
    let version = expected_version(&screen);
    let form = [("expected_version", &*version), ("do", "draft_question"), ("answer", answer), ("was_answer", answer)];
    let to = editor.post(&path, &form).await.is(303).location();
    assert!(to.starts_with("/admin/faq/new?draft="), "{to}");
    let draft = editor.get(&to).await.is(200).says("value=\"Which level comes after Foundation?\"");
    let draft = draft.says("\nProfessional comes next. Write to me: ….</textarea>").says("Left out: “");
    for taken in ["Dear team,", "+44 20 7946 0958", "Zoë Öztürk", "Dear Zoë,", "edith@portal.example", "Edith Editor"]
    {
        assert!(draft.text.contains(&format!("“{taken}”")), "{taken}: {}", draft.text);
    }
    let again = editor.get(&to).await.is(200);
    for personal in ["Öztürk", "7946", "edith@portal.example", "Dear"] {
        assert!(!again.text.split("<main").nth(1).unwrap().contains(personal), "{personal}");
    }
    other.get(&to).await.does_not_say("Professional comes next");
    assert_eq!(audit_log(&app, "message.draft_question").await.len(), 1);
    assert_eq!(expected_version(&editor.get(&path).await), version, "the message is as it was");
}

#[tokio::test]
async fn sorting_many_messages_is_undone_from_the_notice_and_from_the_audit_log() {
    let app = TestApp::new().await;
    let (editor, admin) = (app.editor().await, app.admin().await);
    let all = received(&app, &["One", "Two", "Three"]).await;
    let ticks: Vec<_> = all.iter().map(|message| format!("{}.1", message.id)).collect();
    let mut fields: Vec<_> = ticks.iter().map(|tick| ("message", tick.as_str())).collect();
    fields.push(("to", "archive"));
    let screen = editor.post_and_follow("/admin/messages", &fields).await.is(200).says("3 messages were archived.");
    undo(&editor, &screen).await;
    editor.get("/admin/messages").await.says("3 messages are as they were before.");
    for message in &all {
        assert_eq!(status(&app, message).await, MessageStatus::Unread);
    }
    // It is done once only.
    let action = format!(
        "/admin/undo/{}",
        screen.text.split("action=\"/admin/undo/").nth(1).unwrap().split('"').next().unwrap()
    );
    editor.post_and_follow(&action, &[("to", "/admin/messages")]).await.says("this was undone before");

    // From the audit log, and only while nothing else was done to them.
    for (one, word) in [(&all[0], "archived"), (&all[1], "spam")] {
        editor.post(&path(one), &[("do", word), ("expected_version", "3")]).await.is(303);
    }
    let log = admin.get("/admin/audit-log").await.is(200);
    let undone = undo(&admin, &log).await;
    admin.get(&undone.location()).await.is(200).says("is unread again.");
    assert_eq!(status(&app, &all[1]).await, MessageStatus::Unread);
    assert_eq!(status(&app, &all[0]).await, MessageStatus::Archived);
    let screen = editor.post_and_follow(&path(&all[0]), &[("do", "open"), ("expected_version", "4")]).await;
    editor.post(&path(&all[0]), &[("do", "spam"), ("expected_version", "5")]).await.is(303);
    let refused = undo(&editor, &screen).await.location();
    editor.get(&refused).await.says("Nothing was undone: message").says("was changed since");
    assert_eq!(status(&app, &all[0]).await, MessageStatus::Spam);
}
