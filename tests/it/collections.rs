//! Several pages that show items, each with its own categories and anchors; what moves from one to another stays found.

use plinth::model::{document::fields::FieldTable, transfer::export};
use serde_json::Value;

use crate::{
    admin_faq,
    harness::{TestApp, TestUser},
    machines_api::all,
};

const CATEGORIES: &str = "/admin/faq/categories";
const QUESTIONS: &str = "/api/v1/documents?type=question&limit=200";

fn id_in(location: &str) -> i64 {
    location.rsplit('/').next().unwrap().parse().unwrap()
}

/// Publishes a page that shows items.
async fn page(editor: &TestUser, slug: &str) -> i64 {
    let fields = [
        ("title", "More help"),
        ("slug", slug),
        ("menu", "hidden"),
        ("layout", "faq"),
        ("body", "x"),
        ("do", "publish"),
    ];
    id_in(&editor.post("/admin/pages/new", &fields).await.is(303).location())
}

/// Makes a category of a page.
async fn category(app: &TestApp, editor: &TestUser, page: i64, slug: &str) -> i64 {
    let typed = [("title", "Things"), ("slug", slug), ("page", &page.to_string())];
    editor.post(&format!("{CATEGORIES}/new"), &typed).await.is(303);
    let sql = "select id from faq_category where page_id = $1 and slug = $2";
    app.app.read().value(sql, (page, slug)).await.unwrap()
}

async fn publish(editor: &TestUser, category: i64, slug: &str, title: &str, body: &str) -> i64 {
    let category = category.to_string();
    let fields = [("category", category.as_str()), ("slug", slug), ("title", title), ("body", body), ("do", "publish")];
    admin_faq::write(editor, &fields).await
}

#[tokio::test]
async fn two_pages_show_items_of_their_own_under_the_same_anchor() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let help = page(&editor, "help").await;
    let things = category(&app, &editor, help, "general").await;
    editor.post(&format!("{CATEGORIES}/new"), &[("title", "x"), ("page", "1")]).await.is(422).says("Choose a page");
    publish(&editor, things, "is-it-law", "Is help quokka law?", "No help needed.").await;

    let faq = visitor.get("/faq").await.says("id=\"is-it-law\"").says("id=\"category-general\"").does_not_say("quokka");
    let own = visitor.get("/help").await.says("id=\"is-it-law\"").says("id=\"category-general\"").says("quokka");
    assert!(faq.text.contains("Is ISO/IEC 20000 law?") && !own.text.contains("Is ISO/IEC 20000 law?"));
    // Filtered, as Markdown, for machines, in the feed of its page, and no second time with the same anchor.
    visitor.get("/help?q=nothing").await.says("No question matches");
    visitor.get("/help.md").await.says("### Is help quokka law?").does_not_say("ISO/IEC 20000 law");
    visitor.get("/help/feed.xml").await.says("/help#is-it-law").does_not_say("/faq#");
    let json: Value = serde_json::from_str(&visitor.get("/api/v1/documents/help").await.is(200).text).unwrap();
    assert_eq!(json["questions"].as_array().unwrap().len(), 1, "{json}");
    let listed = all(&visitor, QUESTIONS).await;
    assert!(["/help#is-it-law", "/faq#is-it-law"].iter().all(|path| listed.iter().any(|listed| listed == path)));
    let in_things = things.to_string();
    let taken = admin_faq::form(&[("category", &in_things), ("slug", "is-it-law")]);
    editor.post("/admin/faq/new", &taken).await.is(422).says("on the same page");

    // Each page has a list of its own, and the editor names the page of each category.
    editor.get("/admin/faq").await.says("is published. Visitors see it now");
    let tabs = editor.get("/admin/faq").await.says("Is ISO/IEC 20000 law?").does_not_say("quokka");
    tabs.says(&format!("href=\"/admin/faq?page={help}\""));
    let list = format!("/admin/faq?page={help}");
    editor.get(&list).await.says("quokka").does_not_say("ISO/IEC 20000 law").says("name=\"page\"");
    editor.get(&format!("{list}&q=law")).await.says("1 found").says(&format!("href=\"{list}\""));
    editor.get(&format!("{CATEGORIES}?page={help}")).await.says("Things").does_not_say(">General<");
    editor.get("/admin/faq/new").await.says("More help: Things").says("FAQ: General");

    // A page that visitors do not see, or that is in the trash, takes its items from them, and brings them back.
    let path = format!("/admin/pages/{help}");
    for (away, back) in [("unpublish", "publish"), ("delete", "restore")] {
        editor.post(&format!("{path}/{away}"), &[]).await.is(303);
        assert!(!all(&visitor, QUESTIONS).await.iter().any(|path| path.starts_with("/help#")));
        visitor.get("/feed.xml").await.does_not_say("/help#");
        if back == "restore" {
            editor.get("/admin/faq").await.says("On no page");
            editor.get("/admin/faq?page=0").await.says("quokka");
            editor.post(&format!("/admin/trash/{help}/restore"), &[]).await.is(303);
        }
        app.publish(help).await;
        visitor.get("/help").await.says("quokka");
    }
    app.visitor().post(&format!("{CATEGORIES}/{things}/page"), &[("page", "1")]).await.says("Sign in");
    visitor.get("/help").await.says("quokka");
}

#[tokio::test]
async fn links_follow_what_moves_to_another_page() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let (help, faq) = (page(&editor, "help").await, app.page_id("/faq").await);
    let things = category(&app, &editor, help, "things").await;
    let stays = publish(&editor, 1, "stays", "What stays?", "See [that](#moves-part).").await;
    let moves = publish(&editor, 1, "moves", "What moves?", "## Part\n\nSee [this](#stays).").await;
    let linking = [
        ("title", "Linking"),
        ("slug", "linking"),
        ("menu", "hidden"),
        ("layout", "article"),
        ("body", "[a](/faq#moves) [b](faq#stays)"),
        ("do", "publish"),
    ];
    editor.post("/admin/pages/new", &linking).await.is(303);

    let ask = [("do", "move"), ("document", &moves.to_string()), ("to", &things.to_string())];
    let asked =
        editor.get(&format!("/admin/faq/bulk?do=move&document={moves}")).await.is(200).says("More help: Things");
    let seen = asked.text.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    editor.post("/admin/faq/bulk", &[&ask[..], &[("seen", &seen)]].concat()).await.is(303);
    let old =
        visitor.get("/faq").await.says("id=\"moves\"><a href=\"/help#moves\"").does_not_say("See <a href=\"#stays");
    old.says("See <a href=\"/help#moves-part\">that");
    visitor.get("/help").await.says("id=\"moves\"").says("href=\"/faq#stays\">this");
    visitor.get("/linking").await.says("href=\"/help#moves\">a<").says("href=\"/faq#stays\">b<");
    let undo = editor.get("/admin/faq").await.text;
    let undo = undo.split("action=\"/admin/undo/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    editor.post(&format!("/admin/undo/{undo}"), &[("to", "/admin/faq")]).await.is(303);
    visitor.get("/linking").await.says("href=\"/faq#moves\">a<");
    visitor.get("/faq").await.says("See <a href=\"#moves-part\">that").does_not_say("On another page now");

    // The whole category, with what is in the trash, unless something there has its name.
    let own = category(&app, &editor, faq, "own").await;
    for id in [stays, moves] {
        let version = plinth::model::document::revision::latest(app.app.read(), id).await.unwrap();
        let text = version.content.body.clone();
        let (base, category) = (version.version.to_string(), own.to_string());
        let fields = [
            ("base", base.as_str()),
            ("category", &category),
            ("slug", &version.content.slug),
            ("title", &version.content.title),
            ("body", &text),
            ("do", "publish"),
        ];
        editor.post(&format!("/admin/faq/{id}"), &fields).await.is(303);
    }
    let other = publish(&editor, things, "stays", "Another?", "x").await;
    let to = format!("{CATEGORIES}/{own}/page");
    let typed = [("page", help.to_string())];
    let typed = [("page", typed[0].1.as_str())];
    editor.post(&to, &typed).await.is(422).says("The slug stays belongs to “Another?” on that page");
    editor.post(&format!("/admin/faq/{other}/delete"), &[]).await.is(303);
    editor.post_and_follow(&to, &typed).await.says("is on the page “More help” now");
    editor.post(&to, &typed).await.is(422).says("It is on that page already");
    visitor.get("/help").await.says("What stays?").says("See <a href=\"#moves-part\">that");
    visitor.get("/linking").await.says("href=\"/help#moves\">a<").says("href=\"/help#stays\">b<");
    visitor.get("/faq").await.says("id=\"stays\"><a href=\"/help#stays\"").does_not_say("What stays?</h3>");
    // What was taken to the trash comes back under another name, since its own is taken now.
    editor.post(&format!("/admin/trash/{other}/restore"), &[]).await.is(303);
    editor.get(&format!("/admin/faq/{other}")).await.says("stays-2");

    // A folder has all of it, and to read it into an empty site and write it again gives the same.
    let files = export::read(app.app.read(), &FieldTable::default()).await.unwrap();
    assert!(files["items/help/own/moves.md"].contains("[this](#stays)"), "{}", files["items/help/own/moves.md"]);
    assert!(files["redirects.toml"].contains("\"/faq#moves\" = \"/help#moves\""), "{}", files["redirects.toml"]);
    crate::transfer::survives_the_journey(&files).await;
}
