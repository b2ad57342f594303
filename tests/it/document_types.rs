//! Types of documents: what administrators make of them, what is refused, and what is said of documents before a change.

use std::sync::Arc;

use plinth::model::actor::Role;
use tempfile::TempDir;

use crate::{
    admin_messages::audit_log,
    forms::hidden,
    harness::{Reply, TestApp, TestUser},
};

/// What a form has besides.
type Values<'a> = &'a [(&'a str, &'a str)];

const TYPE: &str = "/admin/types/supplier";

async fn portal() -> TestApp {
    TestApp::over(Arc::new(TempDir::new().unwrap()), &["--starter", "none"]).await
}

/// A type for pages without fields, at its first version.
async fn make_supplier(admin: &TestUser) {
    let typed = [("label", "Supplier"), ("for_pages", "yes"), ("layout", "article")];
    assert_eq!(admin.post("/admin/types/new", &typed).await.is(303).location(), TYPE);
}

/// Adds a field to the version `base` of it.
async fn add(admin: &TestUser, base: usize, label: &str, control: &str, more: &[(&str, &str)]) -> Reply {
    let base = base.to_string();
    let typed = [("label", label), ("control", control), ("shown", "fact"), ("base", base.as_str())];
    admin.post(&format!("{TYPE}/fields/new"), &[&typed[..], more].concat()).await
}

/// Makes a page of it; gives the path of its editor.
async fn make_page(admin: &TestUser, title: &str, intent: &str, town: &str) -> String {
    let slug = title.to_lowercase();
    let typed = [
        ("title", title),
        ("slug", &*slug),
        ("body", "x"),
        ("menu", "hidden"),
        ("layout", "article"),
        ("type", "supplier"),
        ("town", town),
        ("do", intent),
    ];
    let to = admin.post("/admin/pages/new", &typed).await.is(303).location();
    to.split(['?', '#']).next().unwrap().to_owned()
}

/// Presses the button of the screen that asks before a change of a type is saved.
async fn confirm(admin: &TestUser, asked: &Reply, action: &str) -> Reply {
    let fields = hidden(asked, action);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    admin.post(action, &fields).await
}

/// Where the rows of the fields are on the screen of the type.
fn order(screen: &Reply, keys: &[&str]) -> Vec<usize> {
    keys.iter().map(|key| screen.text.find(&format!("id=\"_field-{key}\"")).expect("a row")).collect()
}

#[tokio::test]
async fn an_administrator_makes_a_type_with_fields_of_every_control() {
    let app = portal().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    admin.get("/admin/types").await.is(200).says("No types yet").says("href=\"/admin/types/new\"");
    for path in ["/admin/types", "/admin/types/new"] {
        editor.get(path).await.is(403);
    }
    editor.post("/admin/types/new", &[("label", "Supplier"), ("for_pages", "yes")]).await.is(403);
    make_supplier(&admin).await;
    admin
        .get(TYPE)
        .await
        .is(200)
        .says("The type “Supplier” was made")
        .says("No fields yet")
        .says("made without fields");
    editor.post(&format!("{TYPE}/fields/new"), &[("label", "Town"), ("control", "line"), ("base", "1")]).await.is(403);

    let fields: [(&str, &str, Values<'_>); 11] = [
        ("Town", "line", &[("required", "yes")]),
        ("Notes", "text", &[("limit", "500")]),
        ("Profile", "markdown", &[("searched", "yes")]),
        ("Staff", "number", &[("hint", "Of all offices.")]),
        ("Founded", "date", &[]),
        ("Risk level", "choice", &[("options", "low\r\n\r\nhigh\r\n")]),
        ("Certified", "yes_no", &[]),
        ("Website", "url", &[]),
        ("Part of", "reference", &[]),
        ("Logo", "media", &[]),
        ("Contacts", "rows", &[("parts", "Name\r\nCalls: number\r\nRole: choice: sales, help")]),
    ];
    for (at, (label, control, more)) in fields.iter().enumerate() {
        add(&admin, at + 1, label, control, more).await.is(303);
    }
    let screen = admin.get(TYPE).await.is(200);
    for (label, ..) in &fields {
        assert!(screen.text.contains(&format!("dir=\"auto\">{label}</a>")), "{label}: {}", screen.text);
    }
    let screen = screen.says(">Choice<").says("low, high").says("at most 500 characters").says("Of all offices.");
    screen.says("3 parts: Name, Calls, Role").says("Required to publish").says("added “Contacts”").says("Ada Admin");
    let list = admin.get("/admin/types").await.is(200);
    list.says(">Supplier</a>").says("<td data-label=\"Fields\">11</td>").says("<td data-label=\"Version\">12</td>");
    admin.get(&format!("{TYPE}/fields/contacts")).await.says("Calls: number").says("Role: choice: sales, help");
    admin.get("/admin/pages/new").await.says("<option value=\"supplier\">Supplier</option>");
    assert_eq!((audit_log(&app, "type.create").await.len(), audit_log(&app, "type.change").await.len()), (1, 11));
    admin.get("/admin/audit-log").await.says("changed the type of documents");
}

#[tokio::test]
async fn a_type_and_its_fields_are_changed_moved_hidden_and_retired() {
    let app = portal().await;
    let admin = app.admin().await;
    make_supplier(&admin).await;
    add(&admin, 1, "Website", "url", &[]).await.is(303);
    add(&admin, 2, "Town", "line", &[]).await.is(303);

    // A label changes, its key does not.
    let website = format!("{TYPE}/fields/website");
    admin.get(&website).await.is(200).says("Its key is website").does_not_say("name=\"key\"");
    let renamed = [("label", "Web site"), ("control", "url"), ("base", "3")];
    admin.post_and_follow(&website, &renamed).await.says("changed “Web site” (before: “Website”)");
    admin.post_and_follow(&website, &renamed).await.says("You changed nothing");

    let base = |version: &'static str| ("base", version);
    let moved = admin.post_and_follow(&format!("{website}/position"), &[("to", "down"), base("4")]).await;
    let places = order(&moved.says("has moved to its new place"), &["town", "website"]);
    assert!(places[0] < places[1]);
    admin.post_and_follow(&format!("{website}/position"), &[("to", "down"), base("5")]).await.says("Nothing was moved");
    admin.post(&format!("{website}/position"), &[("to", "sideways"), base("5")]).await.is(400);

    admin.post_and_follow(&format!("{website}/hidden"), &[("hidden", "yes"), base("5")]).await.says("is hidden now");
    admin.get(TYPE).await.says(">Show again<").says("hidden “Web site”");
    let again = [("label", "Other"), ("key", "website"), ("control", "line"), base("6")];
    admin.post(&format!("{TYPE}/fields/new"), &again).await.is(422).says("that of “Web site”, which is hidden");
    admin.post_and_follow(&format!("{website}/hidden"), &[base("6")]).await.says("is shown again");

    let edit = format!("{TYPE}/edit");
    let typed = [("label", "Vendor"), ("for_pages", "yes"), ("for_questions", "yes"), ("layout", "section"), base("7")];
    admin.get(&edit).await.is(200).says("value=\"Supplier\"").says("name=\"for_pages\"");
    let changed = admin.post_and_follow(&edit, &typed).await.says("The type “Vendor” was saved");
    changed
        .says("pages and questions")
        .says("Section: the pages below as cards")
        .says("called “Vendor”, not “Supplier”");

    admin.post_and_follow(&format!("{TYPE}/retired"), &[("retired", "yes"), base("8")]).await.says("Offer again");
    admin.get("/admin/types").await.says(">Retired</span>");
    admin.get("/admin/pages/new").await.does_not_say("<option value=\"supplier\">");
    admin.post_and_follow(&format!("{TYPE}/retired"), &[base("9")]).await.says("is offered again");
    admin.get("/admin/pages/new").await.says("<option value=\"supplier\">Vendor</option>");
}

#[tokio::test]
async fn what_cannot_be_a_type_or_a_field_is_refused_in_words() {
    let app = portal().await;
    let admin = app.admin().await;
    let new = async |label: &str, key: &str| {
        let typed = [("label", label), ("key", key), ("for_pages", "yes"), ("hint", "Kept as typed")];
        admin.post("/admin/types/new", &typed).await
    };
    let empty = new("", "").await.is(422).says("Enter what one of them is called").says("Kept as typed");
    empty.does_not_say("Enter a key of small letters");
    new("Supplier", "Web Site").await.is(422).says("Enter a key of small letters").says("value=\"Web Site\"");
    new("New", "").await.is(422).says("used by the admin area itself or the API");
    admin.post("/admin/types/new", &[("label", "Supplier")]).await.is(422).says("pages, questions or both");
    make_supplier(&admin).await;
    new("Supplier", "").await.is(422).says("There is a type with the key “supplier” already");
    for path in ["/admin/types/nothing", "/admin/types/nothing/edit", "/admin/types/supplier/fields/nothing"] {
        admin.get(path).await.is(404);
    }
    admin.post("/admin/types/supplier/fields/nothing/hidden", &[("base", "1")]).await.is(404);

    let refused: [(&str, &str, Values<'_>, &str); 9] = [
        ("", "line", &[], "Enter a label"),
        ("Title", "line", &[], "“title” is a field of every document"),
        ("Draft", "line", &[("key", "draft_seen")], "is used by the form itself"),
        ("New", "line", &[], "is used by the form itself"),
        ("Level", "choice", &[("options", " \r\n")], "Enter what can be chosen"),
        ("Level", "choice", &[("options", "low\r\nlow")], "“low” is there twice"),
        ("Contacts", "rows", &[("parts", "Price: money")], "a part of a row cannot be “money”"),
        ("Town", "line", &[("limit", "5,000")], "Enter a limit from 1 to 1000"),
        ("Town", "wheel", &[], "Choose how it is entered"),
    ];
    for (label, control, more, sentence) in refused {
        add(&admin, 1, label, control, more).await.is(422).says(sentence);
    }
    add(&admin, 1, "<script>alert(1)</script>", "line", &[]).await.is(303);
    admin.get(TYPE).await.is(200).does_not_say("<script>alert").says("&lt;script&gt;alert(1)");

    for version in 2..61 {
        add(&admin, version, &format!("Field {version}"), "line", &[]).await.is(303);
    }
    let full = add(&admin, 61, "One more", "line", &[]).await.is(422);
    full.says("A type has at most 60 fields; this one would have 61").says("value=\"One more\"");
}

#[tokio::test]
async fn two_administrators_lose_nothing_of_each_other() {
    let app = portal().await;
    let (admin, other) = (app.admin().await, app.user(Role::Administrator, "Otto").await);
    make_supplier(&admin).await;
    add(&other, 1, "Town", "line", &[]).await.is(303);
    let stale = add(&admin, 1, "Website", "url", &[("hint", "With https")]).await.is(409);
    let stale = stale.says("Otto changed this type").says("added “Town”").says("value=\"With https\"");
    assert!(hidden(&stale, &format!("{TYPE}/fields/new")).contains(&("base".to_owned(), "2".to_owned())));
    add(&admin, 2, "Website", "url", &[("hint", "With https")]).await.is(303);
    admin.get(TYPE).await.says(">Town</a>").says(">Website</a>");

    let hide = [("hidden", "yes"), ("base", "2")];
    other
        .post(&format!("{TYPE}/fields/town/hidden"), &hide)
        .await
        .is(409)
        .says("This is how it is now")
        .says("Ada Admin");
    let typed = [("label", "Vendor"), ("for_pages", "yes"), ("base", "1")];
    other
        .post(&format!("{TYPE}/edit"), &typed)
        .await
        .is(409)
        .says("value=\"Vendor\"")
        .says("name=\"base\" value=\"3\"");
    // One's own other window.
    let twice = admin.post(&format!("{TYPE}/edit"), &typed).await.is(409);
    twice.says("You changed this type in another window");
    assert_eq!(audit_log(&app, "type.change").await.len(), 2);
}

#[tokio::test]
async fn how_documents_fare_is_told_before_a_change_is_saved() {
    let app = portal().await;
    let admin = app.admin().await;
    make_supplier(&admin).await;
    add(&admin, 1, "Town", "line", &[]).await.is(303);
    let live = make_page(&admin, "Live", "publish", "").await;
    let draft = make_page(&admin, "Draft", "save", "").await;
    make_page(&admin, "Filled", "publish", "Graz").await;
    let trashed = make_page(&admin, "Trashed", "save", "").await;
    admin.post(&format!("{trashed}/delete"), &[]).await.is(303);
    // Its newest version counts.
    let later = make_page(&admin, "Later", "save", "").await;
    let version = [
        ("base", "1"),
        ("title", "Later"),
        ("slug", "later"),
        ("body", "x"),
        ("menu", "hidden"),
        ("layout", "article"),
        ("type", "supplier"),
        ("town", "Wien"),
        ("do", "save"),
    ];
    admin.post(&later, &version).await.is(303);
    admin.get("/admin/types").await.says("<td data-label=\"Documents\">4</td>");

    let town = format!("{TYPE}/fields/town");
    let typed = |version: &'static str, control: &'static str| {
        [("label", "Town"), ("control", control), ("required", "yes"), ("base", version)]
    };
    let asked = admin.post(&town, &typed("2", "line")).await.is(200);
    let asked = asked.says("2 documents have no “Town”, which becomes required. 1 of them is live.");
    let asked = asked.says(&format!("href=\"{live}\"")).says(&format!("href=\"{draft}\"")).does_not_say(&trashed);
    let asked = asked.does_not_say(&format!("href=\"{later}\""));
    assert_eq!(audit_log(&app, "type.change").await.len(), 1, "nothing is saved before the answer");
    confirm(&admin, &asked, &town).await.is(303);
    admin.get(TYPE).await.says("The field “Town” was saved").says("Required to publish");

    // A value that does not fit, and nothing about documents that lack one already.
    let asked = admin.post(&town, &typed("3", "number")).await.is(200).does_not_say("becomes required");
    let asked = asked.says("2 documents have a value of “Town” that would not fit any more. 1 of them is live.");
    let asked = asked.says(&format!("href=\"{later}\""));
    // Someone else changes the type before the answer.
    add(&admin, 3, "Website", "url", &[]).await.is(303);
    confirm(&admin, &asked, &town).await.is(409).says("name=\"base\" value=\"4\"");

    let hide = format!("{town}/hidden");
    let asked = admin.post(&hide, &[("hidden", "yes"), ("base", "4")]).await.is(200);
    let asked = asked.says("2 documents have a value of “Town”. 1 of them is live. They keep it");
    confirm(&admin, &asked, &hide).await.is(303);
    admin.get(TYPE).await.says("is hidden now");
    // It is required once it is shown again; a label asks nothing of documents.
    admin.post(&hide, &[("base", "5")]).await.is(200).says("2 documents have no “Town”");
    admin
        .post(&format!("{TYPE}/fields/website"), &[("label", "Site"), ("control", "url"), ("base", "5")])
        .await
        .is(303);
}
