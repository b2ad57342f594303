//! Messages in the admin area.

use axum::{body::Body, http::Method};
use plinth::model::{
    actor::Role,
    audit_log,
    message::{record::Message, status::MessageStatus},
};

use crate::{
    contact::{contact_form, message, reference, send},
    harness::{Reply, TestApp},
};

pub async fn audit_log(app: &TestApp, action: &str) -> Vec<String> {
    let filter = audit_log::AuditFilter { text: action.to_owned(), ..Default::default() };
    let entries = audit_log::list(app.app.read(), &filter, 100).await.unwrap();
    entries.into_iter().map(|entry| format!("{} {} ({})", entry.actor_name, entry.subject, entry.detail)).collect()
}

pub fn path(message: &Message) -> String {
    format!("/admin/messages/{}", message.id)
}

/// The version that the forms of a screen carry.
pub fn expected_version(screen: &Reply) -> String {
    let (_, rest) =
        screen.text.split_once("name=\"expected_version\" value=\"").expect("a form that carries a version");
    rest.split_once('"').unwrap().0.to_owned()
}

pub async fn spam(app: &TestApp, name: &str) -> Message {
    let reply = app.visitor().post("/contact", &contact_form(&[("name", name), ("website", "x")])).await;
    message(app, &reference(&reply)).await
}

#[tokio::test]
async fn folders_hold_what_belongs_into_them() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    editor.get("/admin/messages").await.is(200).says("Nothing waits for an answer");
    let honest = message(&app, &send(&app, &[]).await).await;
    let robot = spam(&app, "Robot").await;

    let inbox = editor.get("/admin/messages").await.is(200).says(&honest.reference).says("Zoë Öztürk");
    inbox.says("Certification of people").does_not_say(&robot.reference);
    editor.get("/admin/messages?folder=unread").await.says(&honest.reference);
    editor.get("/admin/messages?folder=spam").await.says(&robot.reference).does_not_say(&honest.reference);
    editor.get("/admin/messages?folder=all").await.says(&robot.reference).says(&honest.reference);
    for folder in ["open", "answered", "archived"] {
        editor.get(&format!("/admin/messages?folder={folder}")).await.is(200).says("This folder is empty");
    }
    editor.get("/admin/messages?folder=nonsense&before=x&after=y&mine=z").await.is(200).says(&honest.reference);
    editor.get("/admin").await;
}

#[tokio::test]
async fn a_search_finds_every_word_in_any_case() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let reference = send(&app, &[]).await;
    let other = send(&app, &[("name", "Ada"), ("email", "ada@visitor.example"), ("body", "100% of_it")]).await;
    for found in
        ["öztürk", "ÖZTÜRK", "zoe@visitor", "certification people", "türkiye", "comes foundation", "manager zoë"]
    {
        let query = serde_html_form::to_string([("q", found)]).unwrap();
        let page = editor.get(&format!("/admin/messages?{query}")).await.is(200);
        assert!(page.text.contains(&reference), "{found}");
    }
    let by_reference = reference.to_lowercase().replace('-', "+");
    editor.get(&format!("/admin/messages?q={by_reference}")).await.says(&reference).does_not_say(&other);
    editor.get("/admin/messages?q=%25").await.says(&other).does_not_say(&reference);
    editor.get("/admin/messages?q=f_i").await.says(&other).does_not_say(&reference);
    let nothing = editor.get("/admin/messages?q=zoe+ada").await.is(200).says("No message was found");
    nothing.says("/admin/messages?folder=all&amp;q=zoe+ada");
    editor.get("/admin/messages?q=%00%27%22%3Cb%3E").await.is(200).says("No message was found");
}

#[tokio::test]
async fn long_lists_come_in_pages_without_gaps() {
    let app = TestApp::with(&["--contact-limit", "1000"]).await;
    let editor = app.editor().await;
    let mut references = Vec::new();
    for number in 0..120 {
        let email = format!("v{number}@visitor.example");
        references.push(send(&app, &[("email", &email), ("body", &format!("Question {number}"))]).await);
    }
    references.reverse();
    let shown = |page: &Reply| -> Vec<String> {
        references.iter().filter(|reference| page.text.contains(reference.as_str())).cloned().collect()
    };
    let first = editor.get("/admin/messages").await.is(200);
    assert_eq!(shown(&first), references[..50]);
    assert!(link(&first, "prev").is_none());
    let second = editor.get(&link(&first, "next").unwrap()).await.is(200);
    assert_eq!(shown(&second), references[50..100]);
    let third = editor.get(&link(&second, "next").unwrap()).await.is(200);
    assert_eq!(shown(&third), references[100..]);
    assert!(link(&third, "next").is_none());
    let back = editor.get(&link(&third, "prev").unwrap()).await.is(200);
    assert_eq!(shown(&back), references[50..100]);
    let start = editor.get(&link(&back, "prev").unwrap()).await.is(200);
    assert_eq!(shown(&start), references[..50]);
    assert!(link(&start, "prev").is_none());
}

/// Where the link with this relation leads.
fn link(page: &Reply, relation: &str) -> Option<String> {
    let (_, rest) = page.text.split_once(&format!("rel=\"{relation}\" href=\""))?;
    Some(rest.split_once('"')?.0.replace("&amp;", "&"))
}

#[tokio::test]
async fn reading_changes_nothing_and_a_button_marks_as_read() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let reference = send(&app, &[]).await;
    let path = path(&message(&app, &reference).await);
    let screen = editor.get(&path).await.is(200).says("after Foundation?").says("zoe@visitor.example");
    let foreign =
        editor.request(Method::GET, &path).header("sec-fetch-site", "cross-site").body(Body::empty()).unwrap();
    editor.send(foreign).await.is(200).says("Mark as read");
    assert_eq!(message(&app, &reference).await.status, MessageStatus::Unread);
    assert_eq!(expected_version(&editor.get(&path).await.is(200)), expected_version(&screen));

    let screen = editor
        .post_and_follow(&path, &[("expected_version", &expected_version(&screen)), ("do", "open")])
        .await
        .is(200);
    let screen = screen.says("is marked as read");
    assert_eq!(message(&app, &reference).await.status, MessageStatus::Open);
    assert_eq!(audit_log(&app, "message.sort").await, [format!("Edith Editor {reference} (from unread to open)")]);
    let list =
        editor.post_and_follow(&path, &[("expected_version", &expected_version(&screen)), ("do", "unread")]).await;
    list.is(200).says("is marked as unread");
    assert_eq!(message(&app, &reference).await.status, MessageStatus::Unread);

    // Only the buttons that name a state change it.
    for action in ["note", "assign_me", "save"] {
        let version = expected_version(&editor.get(&path).await);
        let fields =
            [("expected_version", version.as_str()), ("do", action), ("note", "A note"), ("answer", "An answer")];
        editor.post(&path, &fields).await.is(303);
        assert_eq!(message(&app, &reference).await.status, MessageStatus::Unread, "{action}");
    }
    let robot = spam(&app, "Robot").await;
    editor.get(&format!("/admin/messages/{}", robot.id)).await.is(200).says("hidden field");
    editor.get("/admin/messages/999999").await.is(404);
}

#[tokio::test]
async fn a_text_for_a_deleted_message_is_handed_back() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let path = path(&message(&app, &send(&app, &[]).await).await);
    let version = expected_version(&editor.get(&path).await);
    admin.post(&format!("{path}/delete"), &[("expected_version", &version)]).await.is(303);
    for (action, field) in [("save", "answer"), ("sent", "answer"), ("note", "note"), ("archived", "note")] {
        let reply =
            editor.post(&path, &[("expected_version", &version), ("do", action), (field, "My long text")]).await;
        reply
            .is(404)
            .says("My long text")
            .says("Nothing was stored")
            .says("Ada Admin deleted the message while you were");
    }
    editor.post(&path, &[("expected_version", &version), ("do", "open")]).await.is(404);
}

#[tokio::test]
async fn notes_are_added_and_noticed() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let reference = send(&app, &[]).await;
    let path = path(&message(&app, &reference).await);
    let version = expected_version(&editor.get(&path).await);
    editor.post(&path, &[("do", "note"), ("note", "")]).await.is(422).says("Enter a note");
    let long = "x".repeat(5001);
    editor.post(&path, &[("do", "note"), ("note", &long)]).await.is(422).says(&long);
    let screen = editor.post_and_follow(&path, &[("do", "note"), ("note", "Ask <b>Ada</b>\nfirst")]).await.is(200);
    screen.says("Ask &lt;b&gt;Ada&lt;/b&gt;\nfirst").says("Edith Editor");
    editor.post(&path, &[("expected_version", &version), ("do", "save"), ("answer", "An answer")]).await.is(409);
    assert_eq!(audit_log(&app, "message.note").await, [format!("Edith Editor {reference} ()")]);
}

#[tokio::test]
async fn a_message_is_given_to_an_active_user() {
    let app = TestApp::new().await;
    let (editor, other) = (app.editor().await, app.user(Role::Editor, "Olga Other").await);
    let reference = send(&app, &[]).await;
    let path = path(&message(&app, &reference).await);
    let (mine, theirs) = (editor.actor.id.unwrap().to_string(), other.actor.id.unwrap().to_string());

    let version = expected_version(&editor.get(&path).await.says("Assigned to nobody").says("Olga Other"));
    for nobody in ["999", "x", "-1"] {
        let reply = editor.post(&path, &[("expected_version", &version), ("do", "assign"), ("assignee", nobody)]).await;
        reply.is(422).says("Choose a user");
    }
    let screen =
        editor.post_and_follow(&path, &[("expected_version", &version), ("do", "assign"), ("assignee", &mine)]).await;
    let version = expected_version(&screen.says("The message is assigned to Edith Editor."));
    editor.get("/admin/messages?assigned=me").await.says(&reference);
    other.get("/admin/messages?assigned=me").await.does_not_say(&reference).says("No message was found");
    editor
        .post_and_follow(&path, &[("expected_version", &version), ("do", "assign"), ("assignee", &theirs)])
        .await
        .is(200);

    // A deactivated user gets no new message.
    let write = app.app.write(editor.actor.clone()).await.unwrap();
    write.execute("update users set active = $2 where id = $1", (other.actor.id, false)).await.unwrap();
    write.record(audit_log::AuditEntry::new("user.test", "user", other.actor.id, "test"));
    write.commit().await.unwrap();
    let version = expected_version(&editor.get(&path).await.says("Olga Other (has left)"));
    let screen =
        editor.post_and_follow(&path, &[("expected_version", &version), ("do", "assign"), ("assignee", "")]).await;
    let version = expected_version(&screen.says("assigned to nobody now").does_not_say("Olga"));
    editor.post(&path, &[("expected_version", &version), ("do", "assign"), ("assignee", &theirs)]).await.is(422);
    assert_eq!(audit_log(&app, "message.assign").await.len(), 3);
}

fn ticket(message: &Message) -> String {
    format!("{}.{}", message.id, message.version)
}

#[tokio::test]
async fn ticked_messages_are_sorted_together() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let one = message(&app, &send(&app, &[("name", "One")]).await).await;
    let two = message(&app, &send(&app, &[("name", "Two")]).await).await;
    let three = message(&app, &send(&app, &[("name", "Three")]).await).await;
    let robot = spam(&app, "Robot").await;
    let at = "/admin/messages?folder=spam";

    let reply = editor.post_and_follow(at, &[("to", "archive")]).await;
    reply.says("tick at least one message");
    editor.post(at, &[("to", "answered"), ("message", &ticket(&one))]).await.is(400);

    // Someone else has changed the second one since the list was drawn.
    editor.post(&path(&two), &[("do", "note"), ("note", "Mine")]).await.is(303);
    let ticked = [ticket(&one), ticket(&two), ticket(&robot), "x".to_owned(), "999.1".to_owned()];
    let mut fields: Vec<(&str, &str)> = ticked.iter().map(|ticket| ("message", ticket.as_str())).collect();
    fields.push(("to", "spam"));
    let reply = editor.post("/admin/messages?q=visitor", &fields).await.is(303);
    assert_eq!(reply.location(), "/admin/messages?q=visitor");
    editor
        .get(&reply.location())
        .await
        .says("1 message was marked as spam. 3 messages were left alone: they had changed");
    assert_eq!(message(&app, &one.reference).await.status, MessageStatus::Spam);
    assert_eq!(message(&app, &two.reference).await.status, MessageStatus::Unread);

    let spam = message(&app, &one.reference).await;
    let fields = [("message", ticket(&spam)), ("message", ticket(&robot)), ("message", ticket(&three))];
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.push(("to", "not_spam"));
    editor.post_and_follow(at, &fields).await.says("2 messages were put back into the inbox.");
    assert_eq!(message(&app, &robot.reference).await.status, MessageStatus::Unread);
    assert_eq!(audit_log(&app, "message.sort").await.len(), 3);

    let fields = [("message", ticket(&three)), ("to", "archive".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    editor.post_and_follow("/admin/messages", &fields).await.says("1 message was archived.");
    assert_eq!(message(&app, &three.reference).await.status, MessageStatus::Archived);
}

#[tokio::test]
async fn every_state_can_be_left_again() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let reference = send(&app, &[]).await;
    let path = path(&message(&app, &reference).await);
    for state in ["archived", "open", "spam", "open"] {
        let version = expected_version(&editor.get(&path).await);
        let fields = [("expected_version", version.as_str()), ("do", state)];
        editor.post(&format!("{path}?folder=all&q=zoe"), &fields).await.is(303);
        assert_eq!(message(&app, &reference).await.status.as_str(), state);
    }
    let version = expected_version(&editor.get(&path).await);
    for state in ["answered", "", "gone"] {
        editor.post(&path, &[("expected_version", &version), ("do", state)]).await.is(400);
    }
    editor.post(&path, &[("expected_version", &version), ("do", "open")]).await.is(409).says("open already");
    editor.post(&path, &[("expected_version", "x"), ("do", "spam")]).await.is(409);
}

#[tokio::test]
async fn newer_and_older_stay_within_the_folder() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let first = message(&app, &send(&app, &[("name", "One")]).await).await;
    spam(&app, "Robot").await;
    let second = message(&app, &send(&app, &[("name", "Two")]).await).await;
    let third = message(&app, &send(&app, &[("name", "Three"), ("body", "Something else")]).await).await;

    let screen = editor.get(&format!("{}?folder=unread", path(&second))).await.is(200);
    assert_eq!(link(&screen, "prev"), Some(format!("{}?folder=unread", path(&third))));
    assert_eq!(link(&screen, "next"), Some(format!("{}?folder=unread", path(&first))));
    let screen = editor.get(&format!("{}?q=foundation", path(&second))).await.is(200);
    assert_eq!(link(&screen, "prev"), None);
    assert_eq!(link(&screen, "next"), Some(format!("{}?q=foundation", path(&first))));
}
