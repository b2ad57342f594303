//! What becomes of documents whose type changes: nothing is lost or said wrongly without a word.

use plinth::model::{
    actor::Actor,
    transfer::{export, files, folder::FileMap, import},
};

use crate::harness::{Reply, TestApp, TestUser};

const TYPE: &str = r#"
label = "Supplier"
used_for = ["page"]
fields = [
    { key = "motto", label = "Motto", control = "line", shown = "fact" },
    { key = "level", label = "Level", control = "choice", options = ["low", "medium"], shown = "fact" },
    { key = "secret", label = "Secret", control = "line", shown = "internal" },
    { key = "part_of", label = "Part of", control = "reference", shown = "fact" },
    { key = "contacts", label = "Contacts", control = "rows", shown = "section", parts = [
        { key = "name", label = "Name", control = "line" },
        { key = "calls", label = "Calls", control = "number" },
    ] },
]
"#;

async fn take(app: &TestApp, text: &str) {
    take_all(app, &FileMap::from([("types/supplier.toml".to_owned(), text.to_owned())])).await.unwrap();
}

/// Takes up files; errors as the command line tells them.
async fn take_all(app: &TestApp, folder: &FileMap) -> Result<(), String> {
    let site = files::parse(&app.app.rules, folder)?;
    let write = app.app.write(Actor::system("test")).await.unwrap();
    import::run(write, &site).await.map(drop).map_err(|error| format!("{error:?}"))
}

async fn portal() -> (TestApp, TestUser) {
    let app = TestApp::with(&["--starter", "none"]).await;
    take(&app, TYPE).await;
    let admin = app.admin().await;
    (app, admin)
}

async fn send(user: &TestUser, path: &str, base: &str, values: &[(&str, &str)]) -> Reply {
    let fixed = [
        ("base", base),
        ("title", "Acme"),
        ("slug", "acme"),
        ("type", "supplier"),
        ("menu", "hidden"),
        ("layout", "article"),
    ];
    user.post(path, &[&fixed[..], values].concat()).await
}

const VALUES: [(&str, &str); 5] = [
    ("motto", "Always early"),
    ("level", "medium"),
    ("secret", "Wombat"),
    ("contacts.0.name", "Ida"),
    ("contacts.0.calls", "3"),
];

async fn publish(user: &TestUser) -> String {
    let made = send(user, "/admin/pages/new", "", &[&VALUES[..], &[("do", "publish")]].concat()).await.is(303);
    made.location().split(['?', '#']).next().unwrap().to_owned()
}

#[tokio::test]
async fn a_value_that_no_longer_fits_is_shown_and_not_dropped() {
    let (app, admin) = portal().await;
    let edit = publish(&admin).await;
    let control = |from: &str, to: &str| TYPE.replace(from, to).replace("\"low\", \"medium\"", "\"low\"");
    take(&app, &control("label = \"Motto\", control = \"line\"", "label = \"Motto\", control = \"yes_no\"")).await;
    app.visitor().get("/acme").await.is(200).says("Always early").does_not_say(">No<").says(">medium<");
    let form = admin.get(&edit).await.is(200).says("Always early</textarea>").says("while the field was another one");
    form.says("<option value=\"medium\" selected>medium (no longer offered)</option>");
    let refused =
        send(&admin, &edit, "1", &[&VALUES[..], &[("summary", "New"), ("do", "save")]].concat()).await.is(422);
    refused.says("Enter yes, or nothing for no").says("Choose one of the list").says("Always early</textarea>");

    // Text becomes a list, and a list text.
    take(
        &app,
        &control(
            "label = \"Motto\", control = \"line\"",
            "label = \"Motto\", control = \"rows\", parts = [{ key = \"a\", label = \"A\" }]",
        ),
    )
    .await;
    admin.get(&edit).await.is(200).says("Always early</textarea>");
    app.visitor().get("/acme").await.is(200).says("Always early");
    let flat =
        TYPE.split("control = \"rows\"").next().unwrap().to_owned() + "control = \"text\", shown = \"section\" }]\n";
    take(&app, &flat).await;
    app.visitor().get("/acme").await.is(200).does_not_say("Ida").does_not_say("Contacts");
    admin.get(&edit).await.is(200).says("Ida");
}

#[tokio::test]
async fn a_part_keeps_its_values_when_it_is_renamed() {
    let (app, admin) = portal().await;
    publish(&admin).await;
    let typed = [
        ("label", "Contacts"),
        ("control", "rows"),
        ("shown", "section"),
        ("parts", "Name\r\nTelephone calls: number"),
    ];
    let path = "/admin/types/supplier/fields/contacts";
    admin.post(path, &[&typed[..], &[("base", "1")]].concat()).await.is(303);
    app.visitor().get("/acme").await.is(200).says("Telephone calls").says(">3</span>");
}

#[tokio::test]
async fn what_visitors_would_see_at_once_is_told_before() {
    let (app, admin) = portal().await;
    let edit = publish(&admin).await;
    let path = "/admin/types/supplier/fields/secret";
    let typed = [("label", "Secret"), ("control", "line"), ("shown", "fact"), ("base", "1")];
    let asked =
        admin.post(path, &typed).await.is(200).says("1 document has a value of “Secret” that visitors do not see");
    asked.says(&format!("href=\"{edit}\""));
    app.visitor().get("/acme").await.does_not_say("Wombat");
    // The newest version has no motto, the one that visitors see has.
    let without: Vec<_> = VALUES.into_iter().filter(|(key, _)| *key != "motto").collect();
    send(&admin, &edit, "1", &[&without[..], &[("do", "save")]].concat()).await.is(303);
    let hide = "/admin/types/supplier/fields/motto/hidden";
    let asked = admin.post(hide, &[("hidden", "yes"), ("base", "1")]).await.is(200);
    asked.says("1 document has a value of “Motto”. 1 of them is live");
}

#[tokio::test]
async fn a_retired_type_gets_no_new_documents_and_a_dead_reference_is_not_published() {
    let (app, admin) = portal().await;
    let edit = publish(&admin).await;
    let dead = [&VALUES[..], &[("part_of", "/no/such"), ("do", "publish")]].concat();
    send(&admin, &edit, "1", &dead).await.is(422).says("There is nothing at the path that “Part of” names: /no/such");
    let source = app.visitor().get("/acme.md").await.is(200).says("- **Motto**: Always early").says("## Contacts");
    source.says("Name: Ida; Calls: 3").does_not_say("Wombat");
    take(&app, &TYPE.replace("used_for", "is_retired = true\nused_for")).await;
    let late = [&VALUES[..], &[("slug", "late"), ("do", "save")]].concat();
    send(&admin, "/admin/pages/new", "", &late).await.is(422).says("No new page gets the type “Supplier” any more");
    send(&admin, &edit, "1", &[&VALUES[..], &[("summary", "New"), ("do", "save")]].concat()).await.is(303);
}

#[tokio::test]
async fn a_text_that_becomes_an_address_leads_nowhere() {
    let (app, admin) = portal().await;
    let values = [&VALUES[1..], &[("motto", "javascript:alert(1)"), ("do", "publish")]].concat();
    send(&admin, "/admin/pages/new", "", &values).await.is(303);
    take(&app, &TYPE.replace("label = \"Motto\", control = \"line\"", "label = \"Motto\", control = \"url\"")).await;
    let page = app.visitor().get("/acme").await.is(200).says("javascript:alert(1)");
    page.does_not_say("href=\"javascript");
    app.visitor().get("/acme.md").await.is(200).does_not_say("<javascript");
}

#[tokio::test]
async fn a_hidden_field_locks_nobody_out_and_old_versions_come_back() {
    let (app, admin) = portal().await;
    let edit = publish(&admin).await;
    let id = edit.rsplit('/').next().unwrap();
    send(&admin, &edit, "1", &[&VALUES[..], &[("level", "low"), ("do", "save")]].concat()).await.is(303);
    take(&app, &TYPE.replace("\"low\", \"medium\"", "\"low\"")).await;
    admin.post(&format!("/admin/documents/{id}/revisions/1/restore"), &[("base", "2")]).await.is(303);
    admin.get(&edit).await.is(200).says("medium (no longer offered)");
    let hidden = TYPE.replace("\"low\", \"medium\"], shown", "\"low\"], is_hidden = true, shown");
    take(&app, &hidden).await;
    let form = admin.get(&edit).await.is(200).says("<input type=\"hidden\" name=\"level\" value=\"medium\">");
    form.does_not_say("no longer offered");
    send(&admin, &edit, "3", &[&VALUES[..], &[("summary", "New"), ("do", "save")]].concat()).await.is(303);
}

#[tokio::test]
async fn old_versions_show_what_has_been_hidden_since() {
    let (app, admin) = portal().await;
    let edit = publish(&admin).await;
    let changed = [&VALUES[1..], &[("motto", "Never late"), ("do", "publish")]].concat();
    send(&admin, &edit, "1", &changed).await.is(303);
    let versions = format!("/versions/P-{}", edit.rsplit('/').next().unwrap());
    let (first, difference) = (format!("{versions}/1"), format!("{versions}/2/since/1"));
    app.app.clock.advance(1000);
    let motto = "label = \"Motto\", control = \"line\", shown = \"fact\"";
    let secret = "control = \"line\", shown = \"internal\"";
    let hidden = TYPE.replace(motto, &format!("{motto}, is_hidden = true"));
    take(&app, &hidden.replace(secret, &format!("{secret}, is_hidden = true"))).await;
    let visitor = app.visitor();
    visitor.get("/acme").await.is(200).does_not_say("Never late").does_not_say("Motto");
    visitor.get(&first).await.is(200).says("Motto").says("Always early").does_not_say("Wombat");
    visitor.get(&difference).await.is(200).says("Motto").says("late").does_not_say("Wombat");
    // What has become internal is told nowhere.
    let internal = motto.replace("fact", "internal");
    for more in ["", ", is_hidden = true"] {
        app.app.clock.advance(1000);
        take(&app, &TYPE.replace(motto, &format!("{internal}{more}"))).await;
        visitor.get(&first).await.is(200).does_not_say("Always early");
        visitor.get(&difference).await.is(200).does_not_say("Motto");
    }
}

#[tokio::test]
async fn files_have_values_that_no_longer_fit_and_every_digit() {
    let (app, admin) = portal().await;
    let long = "123456789012345.123456";
    let values = [&VALUES[..4], &[("contacts.0.calls", long), ("do", "publish")]].concat();
    send(&admin, "/admin/pages/new", "", &values).await.is(303);
    let document = app.visitor().get("/api/v1/documents/acme").await.is(200);
    assert!(document.isolated.contains(&format!("\"calls\":\"{long}\"")), "{}", document.isolated);
    let number = TYPE.replace("label = \"Motto\", control = \"line\"", "label = \"Motto\", control = \"number\"");
    take(&app, &number.replace("\"low\", \"medium\"", "\"low\"")).await;
    let first = export::read(app.app.read(), &app.app.rules.fields).await.unwrap();
    let page = &first["pages/acme.md"];
    for line in ["unfit = [\"motto\", \"level\"]", "motto = \"Always early\"", &format!("calls = \"{long}\"")] {
        assert!(page.contains(line), "{line} is not in {page}");
    }
    let fresh = TestApp::with(&["--starter", "none"]).await;
    take_all(&fresh, &first).await.unwrap();
    let second = export::read(fresh.app.read(), &fresh.app.rules.fields).await.unwrap();
    assert_eq!(&second["pages/acme.md"], page);
    let with = |from: &str, to: &str| {
        let page = page.replace(from, to);
        FileMap::from([("pages/acme.md".to_owned(), page), ("types/supplier.toml".to_owned(), number.clone())])
    };
    for (folder, sentence) in [
        (with("\"motto\", \"level\"", "\"level\""), "motto: Motto: Enter a number"),
        (with("\"motto\", \"level\"", "\"title\""), "unfit is a list of keys of fields of its type"),
        (with(&format!("\"{long}\""), long), "the value of contacts has more than 15 digits; write it in quotes"),
    ] {
        let fault = take_all(&fresh, &folder).await.unwrap_err();
        assert!(fault.contains(sentence), "{sentence} is not in {fault}");
    }
}

#[tokio::test]
async fn a_part_that_says_what_only_a_field_can_be_is_refused() {
    let app = TestApp::with(&["--starter", "none"]).await;
    let name = "key = \"name\", label = \"Name\"";
    for more in ["is_required = true", "is_searched = true", "is_hidden = true", "shown = \"internal\"", "limit = 5000"]
    {
        let text = TYPE.replace(name, &format!("{name}, {more}"));
        let fault = take_all(&app, &FileMap::from([("types/supplier.toml".to_owned(), text)])).await.unwrap_err();
        let sentence = if more.starts_with("limit") { "from 1 to 1000" } else { "A part has no place of its own" };
        assert!(fault.contains(sentence), "{more}: {fault}");
    }
    take(&app, &TYPE.replace(name, &format!("{name}, limit = 4, hint = \"In short.\""))).await;
    let user = app.editor().await;
    let long = [("contacts.0.name", "Idaho"), ("do", "save")];
    send(&user, "/admin/pages/new", "", &long).await.is(422).says("Shorten the name to 4 characters").says("In short.");
}

#[tokio::test]
async fn what_is_left_open_in_the_text_hides_no_link_of_a_field() {
    let (_app, admin) = portal().await;
    let group = [("title", "Group"), ("slug", "group"), ("menu", "hidden"), ("layout", "article"), ("do", "publish")];
    let group = admin.post("/admin/pages/new", &group).await.is(303).location();
    let values = [&VALUES[..], &[("body", "```\nopen"), ("part_of", "/group"), ("do", "publish")]].concat();
    send(&admin, "/admin/pages/new", "", &values).await.is(303);
    let id = group.split(['?', '#']).next().unwrap().rsplit('/').next().unwrap();
    admin.get(&format!("/admin/documents/{id}/uses")).await.is(200).says("Acme");
}
