//! Everything about one e-mail address: it is found however it is spelled, exported, and erased from every file.

use plinth::{
    app::background,
    model::{actor::Role, audit_log_check, message::record, searchable, user},
    search::indexer,
};
use tokio_util::sync::CancellationToken;

use crate::{
    admin_messages::{audit_log, expected_version, path},
    contact::{self, message, send},
    data_directory::holds,
    forms::hidden,
    harness::{PASSWORD, Reply, TestApp, TestUser},
    postgres,
    program::{PATIENCE, done, ended, plinth, refused},
    stale_forms::send_seen,
};

const HOME: &str = "/admin/personal-data";
const ERASE: &str = "/admin/personal-data/erase";
const EXPORT: &str = "/admin/personal-data/export";

async fn find(admin: &TestUser, address: &str) -> Reply {
    admin.post(HOME, &[("address", address)]).await.is(200)
}

/// Presses “Erase for good” on a screen that was seen.
async fn erase(admin: &TestUser, screen: &Reply, address: &str) -> Reply {
    send_seen(admin, ERASE, &hidden(screen, ERASE), &[("confirmation", address)]).await
}

async fn is_provable(app: &TestApp) {
    let report = audit_log_check::check(app.app.read(), None, |_| {}).await.unwrap();
    assert_eq!(report.discrepancy, None);
}

/// A note, a comment and a saved filter that name an address.
async fn name_it(app: &TestApp, editor: &TestUser, note_on: &str, address: &str) {
    let note = [("do", "note"), ("note", &*format!("The same as {address}?")), ("answer", &format!("To {address}"))];
    editor.post(note_on, &note).await.is(303);
    let comments = format!("/admin/documents/{}/comments", app.page_id("/contact").await);
    editor.post(&comments, &[("comment", &format!("Ask {address}, please."))]).await.is(303);
    let query = format!("email={}&folder=all", address.replace('@', "%40"));
    editor.post("/admin/views", &[("list", "/admin/messages"), ("query", &query), ("name", "Hers")]).await.is(303);
}

#[tokio::test]
async fn everything_about_an_address_is_found_exported_and_erased() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let (stop, state) = (CancellationToken::new(), app.app.clone());
    let indexer = tokio::spawn({
        let stop = stop.clone();
        async move { indexer::run(&state.search, &state.db, stop).await }
    });
    let address = "zarathustra@müller.example";
    let own = send(&app, &[("email", "Zarathustra@Müller.example"), ("body", "Sprach-4711")]).await;
    send(&app, &[("email", "zarathustra@xn--mller-kva.example"), ("body", "Once more")]).await;
    let other =
        send(&app, &[("email", "lizarathustra@müller.example"), ("body", "ZARATHUSTRA@MÜLLER.EXAMPLE is me.")]).await;
    let other = message(&app, &other).await;
    name_it(&app, &editor, &path(&other), "zarathustra@müller.example").await;

    editor.get(HOME).await.is(403);
    editor.post(HOME, &[("address", address)]).await.is(403);
    admin.get(HOME).await.is(200).says("What is kept and why").says("24 months, then 3 days of running time");
    admin.post(HOME, &[("address", "zarathustra")]).await.is(422).says("Enter an e-mail address");
    find(&admin, "nobody@visitor.example")
        .await
        .says("No message, no e-mail, no account")
        .does_not_say("Erase for good");
    let seen = find(&admin, " ZARATHUSTRA@müller.example ").await;
    let seen = seen
        .says("2 messages from this address")
        .says(&own)
        .says("3 texts of others that name it")
        .says("1 saved filter that");
    let seen = seen.says("What erasing leaves").says("Backups").says("1 draft of a user that names it");

    let file = admin.post(EXPORT, &[("address", address)]).await.is(200);
    assert!(file.header("content-disposition").starts_with("attachment; filename=\"personal-data-"));
    let document: serde_json::Value = serde_json::from_str(&file.text).unwrap();
    assert_eq!((document["messages"].as_array().unwrap().len(), &document["account"]), (2, &serde_json::Value::Null));
    assert_eq!(document["messages"][0]["message"], "Sprach-4711");
    let said = "an e-mail address (2 messages, 1 saved filter, 1 draft that names it, 3 texts that name it)";
    assert_eq!(audit_log(&app, "personal_data.export").await, [format!("Ada Admin {said}")]);

    // Something that was not seen, and a confirmation that is none.
    send(&app, &[("email", address), ("body", "A third one")]).await;
    erase(&admin, &seen, "").await.is(422).says("Type the address once more");
    erase(&admin, &seen, "lizarathustra@müller.example").await.is(422);
    let seen = erase(&admin, &seen, address)
        .await
        .is(409)
        .says("something came in or changed")
        .says("3 messages from this address");
    assert!(document["messages"].is_array() && message(&app, &own).await.body == "Sprach-4711");

    app.app.search.wait_for(searchable::newest(app.app.read()).await.unwrap().id).await;
    erase(&admin, &seen, "Zarathustra@Müller.Example").await.is(303);
    admin
        .get(HOME)
        .await
        .is(200)
        .says("Erased: 3 messages, 1 saved filter, 1 draft that names it, 3 texts that name it.");
    erase(&admin, &seen, address).await.is(409).says("is kept about this address any more");
    find(&admin, address).await.says("No message, no e-mail, no account");
    let kept = record::get(app.app.read(), other.id).await.unwrap();
    assert_eq!(
        (kept.body.as_str(), kept.email.as_str()),
        ("[e-mail address erased] is me.", "lizarathustra@müller.example")
    );
    admin.get("/admin/messages?folder=all&q=erased").await.is(200).says(&other.reference);
    admin.get(&path(&other)).await.is(200).says("The same as [e-mail address erased]?");
    is_provable(&app).await;
    assert_eq!(audit_log(&app, "personal_data.erase").await.len(), 1);
    assert!(audit_log(&app, "zarathustra").await.is_empty());

    if !postgres::is_engine() {
        app.app.search.wait_for(searchable::newest(app.app.read()).await.unwrap().id).await;
        background::tick(&app.app).await.unwrap();
        for text in ["Sprach-4711", " zarathustra@", "Zarathustra@", "zarathustra%40", "\nzarathustra@"] {
            let erased = async {
                while !holds(app.data.path(), text).is_empty() {
                    tokio::task::yield_now().await;
                }
            };
            let in_time = tokio::time::timeout(PATIENCE, erased).await;
            assert!(in_time.is_ok(), "“{text}” is in {:?}", holds(app.data.path(), text));
        }
    }
    stop.cancel();
    indexer.await.unwrap();
}

#[tokio::test]
async fn a_maintainer_erases_at_the_terminal() {
    let app = TestApp::new().await;
    let run = |arguments: &[&str]| ended(plinth(app.data.path(), &[&["personal-data"][..], arguments].concat()));
    send(&app, &[("email", "Zora@visitor.example")]).await;
    for (verb, says) in [("find", "Erasing takes away: 1 message."), ("export", "\"email\": \"Zora@visitor.example\"")]
    {
        let output = run(&[verb, "zora@VISITOR.example"]);
        done(&output);
        assert!(String::from_utf8_lossy(&output.stdout).contains(says), "{output:?}");
    }
    assert_eq!(run(&["erase", "zora@visitor.example"]).status.code(), Some(2), "it asks for --for-good");
    let erased = run(&["erase", "zora@visitor.example", "--for-good"]);
    done(&erased);
    let said = String::from_utf8_lossy(&erased.stdout).into_owned();
    for part in ["Erased: 1 message.", "when the portal is started again", "what a restore has kept aside"] {
        assert!(said.contains(part), "“{part}” is not in: {said}");
    }
    refused(&run(&["erase", "zora@visitor.example", "--for-good"]), &["Nothing that can be erased"]);
    assert_eq!(contact::count(&app).await, 0);
}

#[tokio::test]
async fn an_account_becomes_one_of_nobody() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.user(Role::Editor, "Zebulon Zimt").await);
    let (id, address) = (editor.actor.id.unwrap(), editor.email.clone());
    let reference = send(&app, &[]).await;
    let path = path(&message(&app, &reference).await);
    let version = expected_version(&editor.get(&path).await.is(200));
    let assigned = [("do", "assign"), ("assignee", &*id.to_string()), ("expected_version", &version)];
    editor.post(&path, &assigned).await.is(303);
    editor.post(&path, &[("do", "note"), ("note", "Mine.")]).await.is(303);

    let own = find(&admin, &admin.email).await.says("1 account").says("can never be used again");
    erase(&admin, &own, &admin.email).await.is(409).says("the only administrator and cannot be erased");
    app.admin().await;
    let own = find(&admin, &admin.email).await;
    erase(&admin, &own, &admin.email).await.is(409).says("You cannot erase yourself");

    let seen = find(&admin, &address).await.says("1 account").says("1 session").says("1 note").says("stays there");
    let file =
        admin.post(EXPORT, &[("address", &address)]).await.is(200).says("\"name\": \"Zebulon Zimt\"").says("Mine.");
    file.does_not_say(PASSWORD).does_not_say("$argon2");
    let opened = hidden(&seen, ERASE);
    let mut clicked: Vec<_> = opened.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    clicked.push(("confirmation", &address));
    admin.post(ERASE, &clicked).await.is(303);
    admin.post(ERASE, &clicked).await.is(303);
    assert_eq!(audit_log(&app, "user.erase").await.len(), 1, "a double click erases once");
    let erased = user::get(app.app.read(), id).await.unwrap();
    assert_eq!((erased.name, erased.email), (format!("Former user {id}"), format!("former-user-{id}@erased.invalid")));
    assert!(!erased.active && !erased.has_accepted);
    assert_eq!(editor.get("/admin").await.status.as_u16(), 303, "the session has ended");
    let author: String = app.app.read().value("select author_name from message_note", ()).await.unwrap();
    assert_eq!(author, format!("Former user {id}"));
    admin.post(&format!("/admin/users/{id}/reactivate"), &[]).await.is(303);
    admin.get(&format!("/admin/users/{id}")).await.is(200).says("was erased. Invite them as a new user.");
    is_provable(&app).await;
    assert!(audit_log(&app, &address).await.is_empty());
    find(&admin, &address).await.says("No message, no e-mail, no account");
}
