//! A field is a row of the field table: with rows added to a copy of it, everything that is done with documents
//! includes them.

use std::collections::BTreeSet;

use plinth::{
    app::rules::Rules,
    model::{
        actor::Actor,
        audit_log::{self, AuditFilter},
        document::{
            content::Content,
            field::{Control, Field, FieldGroup, Required, SearchWeight},
            field_table,
            fields::FieldTable,
            kind::DocumentKind,
            record::Document,
            revision,
            rules::DocumentRules,
            saving,
        },
        password::Cost,
        transfer::{export, files, import},
    },
};

use crate::{
    admin_merge::{BOTH, Editor, id, newest, shown},
    harness::{Reply, TestApp, TestUser},
    search::{index, wait_for_index},
    transfer::undated,
};

/// The standard rows and one of each control.
fn table() -> FieldTable {
    let both = DocumentKind::ALL;
    let levels = [("basic", "Basic level"), ("expert", "Expert level")].map(|(key, label)| (key.into(), label.into()));
    let rows = [
        Field::new(&both, Control::Line, "audience", "Audience", "Who should read this.")
            .limit(20)
            .searched(SearchWeight::Title)
            .in_group(FieldGroup::Main),
        Field::new(&both, Control::Text(4), "remark", "Remark", "For editors only.")
            .searched(SearchWeight::Text)
            .internal(),
        Field::new(&both, Control::Number, "printing", "Printing", ""),
        Field::new(&both, Control::Choice(levels.into()), "level", "Level", ""),
        Field::new(&both, Control::YesNo, "binding", "Binding", ""),
        Field::new(&both, Control::Date, "expires", "Expires", ""),
        Field::new(&both, Control::Line, "source", "Source", "").required(Required::ToPublish("Enter a source".into())),
    ];
    FieldTable::new(field_table::rows().into_iter().chain(rows).collect())
}

fn rules() -> Rules {
    Rules { fields: table(), ..Rules::default() }
}

async fn portal() -> TestApp {
    let plain = TestApp::new().await;
    TestApp::with_rules(plain.data.clone(), &[], Cost::ForTests, rules()).await
}

const VALUES: [(&str, &str); 7] = [
    ("audience", "Auditors"),
    ("remark", "Ask\r\nLegal"),
    ("printing", "3"),
    ("level", "expert"),
    ("binding", "yes"),
    ("expires", "2027-06-30"),
    ("source", "Clause 8"),
];

/// Sends the form of a document with all of these values.
async fn save(user: &TestUser, editor: &Editor, edit: &str, base: &str, changes: &[(&str, &str)]) -> Reply {
    let mut fields = VALUES.to_vec();
    for change in changes {
        fields.retain(|(key, _)| *key != change.0);
        fields.push(*change);
    }
    user.post(edit, &editor.form(base, &fields)).await
}

async fn create(user: &TestUser, editor: &Editor, changes: &[(&str, &str)]) -> String {
    save(user, editor, &format!("{}/new", editor.path), "", changes).await.is(303).location()
}

#[tokio::test]
async fn the_form_shows_it_checks_it_and_keeps_what_was_typed() {
    let app = portal().await;
    let user = app.editor().await;
    for editor in BOTH {
        let new = format!("{}/new", editor.path);
        let form = user.get(&format!("{new}?audience=Buyers")).await.is(200);
        let form = form.says("<label for=\"field-audience\">Audience").says("Who should read this.");
        let form = form.says("data-limit=\"20\"").says("value=\"Buyers\"").says(">Expert level</option>");
        form.says("type=\"date\" id=\"field-expires\"").says("type=\"checkbox\" id=\"field-binding\"");
        let bad = [("audience", "Everyone who ever asks"), ("printing", "second"), ("level", "x"), ("expires", "soon")];
        let form = save(&user, &editor, &new, "", &bad).await.is(422);
        let form = form.says("Shorten the audience to 20 characters").says("Enter a number");
        let form = form.says("Choose one of the list").says("Enter a day as").says("href=\"#field-printing\"");
        form.says("value=\"Everyone who ever asks\"").says("value=\"second\"");
        let edit = create(&user, &editor, &[]).await;
        let form = user.get(&edit).await.is(200).says("value=\"Auditors\"").says("\nAsk\nLegal</textarea>");
        form.says("value=\"expert\" selected").says("value=\"yes\" checked").says("value=\"2027-06-30\"");
    }
}

#[tokio::test]
async fn what_is_required_to_publish_may_be_missing_until_then() {
    let app = portal().await;
    let user = app.editor().await;
    for editor in BOTH {
        let edit = create(&user, &editor, &[("source", "")]).await;
        let form = save(&user, &editor, &edit, "1", &[("source", ""), ("do", "publish")]).await.is(422);
        form.says("Enter a source").says("href=\"#field-source\"");
        user.post(&format!("/admin/documents/{}/publication", id(&edit)), &[("version", "1")]).await.is(303);
        user.get(&edit).await.says("Nothing was published. Enter a source.");
        save(&user, &editor, &edit, "1", &[("do", "publish")]).await.is(303);
        app.visitor().get(editor.public).await.is(200);
    }
}

#[tokio::test]
async fn two_editors_merge_it_and_choose_between_two_values() {
    for editor in BOTH {
        let app = portal().await;
        let (ada, otto) = (app.editor().await, app.admin().await);
        let edit = create(&ada, &editor, &[]).await;
        save(&ada, &editor, &edit, "1", &[("audience", "Buyers")]).await.is(303);
        let reply = save(&otto, &editor, &edit, "1", &[("printing", "4"), ("owner", "Otto")]).await;
        let screen = shown(&otto, reply).await.says("It joins your change of the public owner and the printing");
        screen.says("version 2 by Edith Editor, which changed the audience");
        let merged = newest(&app, &edit).await.content;
        assert_eq!((merged.extra.get("audience"), merged.extra.get("printing")), ("Buyers", "4"));

        let changes = [("audience", "Sellers"), ("level", "basic"), ("binding", "")];
        let screen = save(&otto, &editor, &edit, "1", &changes).await.is(409);
        let screen =
            screen.says("name=\"clash\" value=\"audience\"").says("\nBuyers</textarea>").says("\nSellers</textarea>");
        // What only one of them changed is sent along.
        screen.says("name=\"printing\" value=\"4\"").says("name=\"level\" value=\"basic\"").says("Basic level");
        let mut fields = editor.form("3", &VALUES);
        fields.retain(|(key, _)| !["audience", "level", "binding"].contains(key));
        fields.extend([("clash", "audience"), ("audience", "Sellers"), ("level", "basic"), ("made_from", "1")]);
        otto.post(&edit, &fields).await.is(422).says("Choose which audience to keep");
        fields.push(("keep_audience", "theirs"));
        otto.post(&edit, &fields).await.is(303);
        let chosen = newest(&app, &edit).await.content;
        assert_eq!((chosen.extra.get("audience"), chosen.extra.get("level")), ("Buyers", "basic"));
        assert_eq!(chosen.extra.get("binding"), "");
    }
}

#[tokio::test]
async fn versions_are_compared_shown_and_brought_back_with_it() {
    for editor in BOTH {
        let app = portal().await;
        let user = app.editor().await;
        let edit = create(&user, &editor, &[("do", "publish")]).await;
        save(&user, &editor, &edit, "1", &[("audience", ""), ("level", "basic"), ("remark", "Ask nobody")])
            .await
            .is(303);
        user.get(&edit).await.says("it changes the audience, the remark and the level.");
        let version = format!("/admin/documents/{}/revisions/1", id(&edit));
        let screen = user.get(&version).await.is(200);
        let screen = screen.says("<dt>Audience</dt>\n<dd dir=\"auto\">Auditors</dd>").says("Expert level");
        screen.says("<dt>Remark</dt>").says("added: </span> nobody</ins>").says("added: </span>Basic</ins> level");
        let publication = user.get(&format!("/admin/documents/{}/publication", id(&edit))).await.is(200);
        publication.says("the audience, the remark and the level").says("<th scope=\"row\">Audience</th>");
        user.post(&format!("{version}/restore"), &[("base", "2")]).await.is(303);
        let content = newest(&app, &edit).await.content;
        assert_eq!((content.extra.get("audience"), content.extra.get("remark")), ("Auditors", "Ask\nLegal"));

        let filter = AuditFilter {
            text: "saved".to_owned(),
            actions: vec!["page.save", "faq_item.save"],
            ..AuditFilter::default()
        };
        let entries = audit_log::list(app.app.read(), &filter, 2).await.unwrap();
        assert_eq!(entries[1].detail, "version 2: the audience, the remark and the level");
        assert_eq!(entries[0].detail, "version 3: the audience, the remark and the level");
    }
}

#[tokio::test]
async fn a_preview_tells_apart_what_differs_in_it_alone() {
    let app = portal().await;
    let user = app.editor().await;
    for editor in BOTH {
        let edit = create(&user, &editor, &[]).await;
        let preview = format!("{edit}/preview");
        save(&user, &editor, &preview, "1", &[]).await.is(200).says("Version 1, not published");
        save(&user, &editor, &preview, "1", &[("audience", "Buyers")]).await.is(200).says("Not saved yet");
        save(&user, &editor, &preview, "1", &[("printing", "x")]).await.is(200).says("Not saved yet");
    }
}

#[tokio::test]
async fn files_carry_it_there_and_back() {
    let app = portal().await;
    let user = app.editor().await;
    for editor in BOTH {
        create(&user, &editor, &[("do", "publish")]).await;
    }
    let first = export::read(app.app.read(), &app.app.rules.fields).await.unwrap();
    let page = &first["pages/a-page.md"];
    for line in
        ["audience = \"Auditors\"", "printing = 3", "level = \"expert\"", "binding = true", "source = \"Clause 8\""]
    {
        assert!(page.contains(line), "{line} is not in {page}");
    }
    let fresh = TestApp::with_rules(TestApp::new().await.data.clone(), &[], Cost::ForTests, rules()).await;
    let write = fresh.app.write(Actor::system("test")).await.unwrap();
    import::run(write, &files::parse(&fresh.app.rules, &first).unwrap()).await.unwrap();
    let second = export::read(fresh.app.read(), &fresh.app.rules.fields).await.unwrap();
    assert_eq!(undated(second), undated(first.clone()));
    let unknown = files::parse(&DocumentRules::default(), &first).unwrap_err();
    assert!(unknown.contains("pages/a-page.md: a page has no field “audience”"), "{unknown}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_found_by_those_who_may_see_it() {
    let app = portal().await;
    index(&app).await;
    let user = app.editor().await;
    for editor in BOTH {
        let values = [("audience", "Wombats"), ("remark", "Numbats"), ("do", "publish")];
        create(&user, &editor, &values).await;
    }
    wait_for_index(&app).await;
    let visitor = app.visitor();
    visitor.get("/search?q=wombats").await.is(200).says("A page").says("May I ask?");
    visitor.get("/search?q=numbats").await.is(200).says("Nothing was found");
    // What is not published is found with all of it, but by users of the admin area only.
    let edit = create(&user, &BOTH[0], &[("slug", "another"), ("title", "Another"), ("remark", "Bilbies")]).await;
    wait_for_index(&app).await;
    user.get("/admin/search?q=bilbies").await.is(200).says(&edit);
    visitor.get("/search?q=bilbies").await.is(200).says("Nothing was found");
}

#[tokio::test]
async fn a_value_that_no_row_allows_is_not_stored() {
    let app = portal().await;
    let user = app.editor().await;
    let edit = create(&user, &BOTH[0], &[("colour", "red")]).await;
    let stored = newest(&app, &edit).await.content;
    let keys: BTreeSet<&str> = stored.extra.iter().map(|(key, _)| key).collect();
    assert_eq!(keys, VALUES.map(|(key, _)| key).into());
    for (key, value) in [("colour", "red"), ("printing", "third"), ("printing", " 3"), ("level", "x")] {
        let write = app.app.write(Actor::system("test")).await.unwrap();
        let mut document = Document::get(&write, id(&edit)).await.unwrap();
        let newest = revision::latest(&write, id(&edit)).await.unwrap();
        let content: Content = newest.content.with(key, value);
        let refused = saving::store(&write, &mut document, &newest, content).await;
        assert!(matches!(refused, Err(plinth::error::Error::Validation(_))), "{key} {value}");
    }
    // Without its row a value is not lost in the version that has it, and not carried into the next.
    let plain = TestApp::over(app.data.clone(), &[]).await;
    let editor = plain.editor().await;
    editor.get(&edit).await.is(200).does_not_say("Audience");
    BOTH[0].save(&editor, &edit, "1", &[("owner", "Otto")]).await.is(303);
    assert_eq!(newest(&plain, &edit).await.content.extra.iter().count(), 0);
    let old = revision::version(plain.app.read(), id(&edit), 1).await.unwrap().unwrap();
    assert_eq!(old.content.extra.get("audience"), "Auditors");
    editor.post(&format!("/admin/documents/{}/revisions/1/restore", id(&edit)), &[("base", "2")]).await.is(303);
    assert_eq!(newest(&plain, &edit).await.content.owner, "Registrar");
}
