//! Choosing another type for a document, alone or while someone else writes: nobody loses a word.

use plinth::model::{
    actor::Actor,
    transfer::{files, folder::FileMap, import},
};

use crate::{
    forms::hidden,
    harness::{Reply, TestApp, TestUser},
};

const SUPPLIER: &str = r#"
label = "Supplier"
used_for = ["page"]
fields = [
    { key = "town", label = "Town" },
    { key = "address", label = "Address", control = "text" },
    { key = "version", label = "Edition" },
    { key = "contacts", label = "Contacts", control = "rows", parts = [{ key = "name", label = "Name" }] },
]
"#;

const LESSON: &str = r#"
label = "Lesson"
used_for = ["page"]
fields = [{ key = "length", label = "Length" }]
"#;

async fn portal() -> TestApp {
    let app = TestApp::with(&["--starter", "none"]).await;
    let types = [("types/supplier.toml", SUPPLIER), ("types/lesson.toml", LESSON)];
    let folder: FileMap = types.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    let site = files::parse(&app.app.rules, &folder).unwrap();
    import::run(app.app.write(Actor::system("test")).await.unwrap(), &site).await.unwrap();
    app
}

const NEW: &str = "/admin/pages/new";

async fn send(user: &TestUser, path: &str, base: &str, values: &[(&str, &str)]) -> Reply {
    let fixed = [("base", base), ("title", "Acme"), ("slug", "acme"), ("menu", "hidden"), ("layout", "article")];
    user.post(path, &[&fixed[..], values].concat()).await
}

/// A supplier in Graz; gives the path of its editor.
async fn make(user: &TestUser) -> String {
    let values = [("type", "supplier"), ("town", "Graz"), ("address", "Lane 1\r\nRear"), ("do", "save")];
    let made = send(user, NEW, "", &values).await.is(303).location();
    made.split(['?', '#']).next().unwrap().to_owned()
}

/// Sends the form of the conflict screen with the choice of the type.
async fn choose(user: &TestUser, clash: &Reply, edit: &str, keep: &str) -> Reply {
    let sent = hidden(clash, edit);
    let sent = sent.iter().filter(|(name, _)| !name.starts_with("draft_"));
    let mut sent: Vec<_> = sent.map(|(name, value)| (name.as_str(), value.as_str())).collect();
    sent.extend([("type", "supplier"), ("keep_type", keep), ("do", "save")]);
    user.post(edit, &sent).await
}

#[tokio::test]
async fn a_text_for_which_the_other_type_has_no_field_is_chosen_and_not_dropped() {
    let app = portal().await;
    let (ada, eve) = (app.admin().await, app.editor().await);
    let edit = make(&ada).await;
    send(&ada, &edit, "1", &[("type", "lesson"), ("length", "2 hours"), ("do", "save")]).await.is(303);
    // Another title joins the other type, as nothing is lost.
    let old = [("type", "supplier"), ("address", "Lane 1\r\nRear")];
    let joined = send(&eve, &edit, "1", &[&old[..], &[("summary", "New"), ("town", "Graz")]].concat()).await.is(303);
    eve.get(&joined.location()).await.says("value=\"2 hours\"").does_not_say("Graz");

    let wien = [&old[..], &[("town", "Wien"), ("do", "save")]].concat();
    let clash = send(&eve, &edit, "1", &wien).await.is(409).says("Keep version 3").says("Wien").says("2 hours");
    let clash = clash.says("Each type has fields of its own").says("<option value=\"supplier\" selected>Supplier");
    let sent = hidden(&clash, &edit);
    for (name, value) in [("town", "Wien"), ("length", "2 hours"), ("clash", "type"), ("summary", "New")] {
        assert!(sent.contains(&(name.to_owned(), value.to_owned())), "{name} is not in {sent:?}");
    }
    choose(&eve, &clash, &edit, "").await.is(422).says("Choose which type to keep").says("Wien");
    let refused = choose(&eve, &clash, &edit, "theirs").await.is(422).says("no field for what you typed into “Town”");
    let refused = refused.says("value=\"Wien\"").says("value=\"2 hours\"").does_not_say("“Address”");
    refused.says("<option value=\"lesson\" selected>").says("name=\"made_from\" value=\"1\"");
    choose(&eve, &clash, &edit, "yours").await.is(303);
    let form = eve.get(&edit).await.says("value=\"Wien\"").says("\nLane 1\nRear</textarea>");
    form.says("value=\"supplier\" selected").does_not_say("2 hours");
}

#[tokio::test]
async fn a_change_of_what_the_new_type_lacks_is_chosen_and_not_dropped() {
    let app = portal().await;
    let (ada, eve) = (app.admin().await, app.editor().await);
    let edit = make(&ada).await;
    let moved = [("type", "supplier"), ("town", "Wien"), ("address", "Lane 1\r\nRear"), ("do", "save")];
    send(&ada, &edit, "1", &moved).await.is(303);
    let clash = send(&eve, &edit, "1", &[("type", "lesson"), ("length", "1 hour"), ("do", "save")]).await.is(409);
    choose(&eve, &clash.says("1 hour").says("Wien"), &edit, "yours").await.is(422).says("“Length”").says("1 hour");
    let form = send(&eve, &edit, "2", &[("type", "lesson"), ("length", "1 hour"), ("do", "save")]).await.is(303);
    eve.get(&form.location()).await.says("value=\"1 hour\"").does_not_say("Wien");
}

#[tokio::test]
async fn another_type_drops_nothing_that_is_not_saved() {
    let app = portal().await;
    let user = app.editor().await;
    let typed = [("type", "lesson"), ("town", "Graz"), ("do", "save")];
    let refused =
        send(&user, NEW, "", &typed).await.is(422).says("“Lesson” has no field for what you typed into “Town”");
    let refused =
        refused.says("name=\"town\"").says("value=\"Graz\"").says("The type that is chosen does not have this field");
    refused.says("name=\"length\"").says("href=\"#field-type\"").does_not_say("name=\"address\"");
    send(&user, NEW, "", &[("town", "Graz"), ("do", "save")]).await.is(422).says("Without a type there is no field");
    // What is typed without a pause is kept in the same way.
    let drafted =
        [&typed[..2], &[("draft", "abcdefabcdefabcdefabcdefabcdefabcdefabcdefa"), ("draft_seen", "0"), ("title", "A")]]
            .concat();
    user.post("/admin/pages/new/draft", &drafted).await.is(200);
    user.get("/admin/pages/new?draft=abcdefabcdefabcdefabcdefabcdefabcdefabcdefa")
        .await
        .says("name=\"town\"")
        .says("value=\"Graz\"");

    let edit = make(&user).await;
    let saved = [("type", "lesson"), ("address", "Lane 1\r\nRear"), ("do", "save")];
    send(&user, &edit, "1", &[&saved[..], &[("town", "Wien")]].concat())
        .await
        .is(422)
        .says("into “Town”, and no version");
    send(&user, &edit, "1", &[&saved[..], &[("town", "Graz")]].concat()).await.is(303);
    user.get(&edit).await.says("name=\"length\"").does_not_say("name=\"town\"").says("value=\"lesson\" selected");
}

#[tokio::test]
async fn rows_move_without_a_script() {
    let app = portal().await;
    let user = app.editor().await;
    let edit = make(&user).await;
    let rows = [("type", "supplier"), ("contacts.0.name", "Ida"), ("contacts.1.name", ""), ("contacts.2.name", "Otto")];
    let press =
        async |path: &str, base: &str, to: &str| send(&user, path, base, &[&rows[..], &[("do", to)]].concat()).await;
    for (path, base) in [(NEW, ""), (&*edit, "1")] {
        let moved =
            press(path, base, "row_up.contacts.2").await.is(200).says("name=\"contacts.0.name\" value=\"Otto\"");
        let moved = moved.says("name=\"contacts.1.name\" value=\"Ida\"").says("value=\"row_down.contacts.0\"");
        moved.says("value=\"row_up.contacts.1\"").does_not_say("row_up.contacts.0").does_not_say("row_down.contacts.1");
        for nowhere in ["row_up.contacts.0", "row_down.contacts.2", "row_up.contacts.99999999999", "row_up.town.0"] {
            press(path, base, nowhere).await.is(200).says("name=\"contacts.0.name\" value=\"Ida\"");
        }
    }
    // Nothing was saved.
    user.get(&edit).await.does_not_say("Otto");
}

#[tokio::test]
async fn a_field_with_the_name_of_another_form_is_shown_after_the_session() {
    let app = portal().await;
    let user = app.editor().await;
    user.post("/admin/sign-out", &[]).await.is(303);
    let kept = send(&user, NEW, "", &[("type", "supplier"), ("version", "Second edition")]).await;
    kept.says(">Edition</label>").says("Second edition</textarea>");
}
