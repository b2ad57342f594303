//! What readers would stumble over: told while one types, and what would harm visitors is not published, whichever way it is tried.

use plinth::clock::Timestamp;

use crate::harness::{TestApp, TestUser};

/// A picture without a description, a link without words, and links to nothing, to a page that is not public and elsewhere.
const HARM: &str = "## One\n\nA ![](/static/icon.svg) and [](/about).\n\n#### Two\n\n[dead](/standard/gone) [draft](/draft) \
    [here](/about) [own](/a-page#x) [map](/sitemap.xml) [version](/versions/1/1) [old](/old) [else](https://x.example/y)";
const HOUR: i64 = 60 * 60 * 1000;
const ADVICE: &str = "[draft](/draft) [here](/about)";

async fn draft(editor: &TestUser, slug: &str, body: &str) -> String {
    let fields = [("title", "A page"), ("slug", slug), ("summary", "It tells."), ("body", body)];
    editor.post("/admin/pages/new", &fields).await.is(303).location()
}

fn publication(edit: &str) -> String {
    format!("/admin/documents/{}/publication", edit.rsplit('/').next().unwrap())
}

/// With a page that is not public, and one that has moved.
async fn site() -> TestApp {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    draft(&editor, "draft", "x").await;
    let fields = [("title", "Old"), ("slug", "old"), ("do", "publish")];
    let moved = editor.post("/admin/pages/new", &fields).await.is(303).location();
    let fields = [("base", "1"), ("title", "Old"), ("slug", "new"), ("do", "publish")];
    editor.post(&moved, &fields).await.is(303);
    app
}

#[tokio::test]
async fn each_finding_is_told_with_its_place() {
    let app = site().await;
    let editor = app.editor().await;
    let long = "x".repeat(71);
    let fields = [("title", &*long), ("slug", "a-page"), ("body", &*HARM.replace('\n', "\r\n"))];
    let told = editor.post("/admin/pages/new/checks", &fields).await.is(200);
    let told = told.says("3 to correct").says("5 to look at");
    let told = told.says("data-start=\"10\" data-end=\"31\">This picture has no description");
    let told = told.says("line 3: <q dir=\"auto\">![](/static/icon.svg)</q>").says("This link has no words");
    let told = told.says("This link leads nowhere: /standard/gone").says("do not see yet what this links to: /draft");
    let told = told.says("it is on level 4, and level 3 comes first").says("do not tell where the link leads");
    let told = told.says("The title has 71 characters").says("There is no summary");
    told.does_not_say("nowhere: /old").does_not_say("/sitemap.xml</a>").does_not_say("nowhere: /versions");

    let edit = draft(&editor, "a-page", HARM).await;
    let screen = editor.get(&edit).await.is(200).says("3 to correct").says(&format!("data-checks=\"{edit}/checks\""));
    screen.says("href=\"#field-body\" data-start=\"10\"");
    let renamed = [("title", "A page"), ("slug", "other"), ("body", "[a](/other#x) [b](/other/below) [c](/a-page)")];
    let told = editor.post(&format!("{edit}/checks"), &renamed).await.is(200).says("nowhere: /other/below");
    told.does_not_say("nowhere: /other#x");
    let answer = [("title", "Why?"), ("slug", "why"), ("body", "[x](#why) [y](clauses)"), ("category", "1")];
    let told = editor.post("/admin/faq/new/checks", &answer).await.is(200).says("nowhere: clauses");
    told.does_not_say("There is no summary");
    app.visitor().post("/admin/pages/new/checks", &fields).await.is(401);
}

#[tokio::test]
async fn harm_is_not_published_in_any_way() {
    let app = site().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let new = [("title", "A page"), ("slug", "a-page"), ("body", HARM), ("do", "publish")];
    let refused = editor.post("/admin/pages/new", &new).await.is(422).says("There is a problem");
    let refused = refused.says("data-start=\"10\" data-end=\"31\">This picture has no description");
    refused.says("leads nowhere: /standard/gone (line 7: “[dead](/standard/gone)”)").says("[draft](/draft)");
    visitor.get("/a-page").await.is(404);

    // Saved, but neither published from its screen nor scheduled.
    let edit = draft(&editor, "a-page", HARM).await;
    let sheet = publication(&edit);
    editor
        .get(&sheet)
        .await
        .is(200)
        .says("disabled aria-describedby=\"_blocking\"")
        .says(&format!("{edit}?from=10&amp;to=31#field-body"))
        .says("This link leads nowhere: /standard/gone")
        .does_not_say("link leads nowhere: /standard/gone.");
    editor.post_and_follow(&sheet, &[("version", "1")]).await.says("Nothing was published. This picture has no");
    let schedules = sheet.replace("publication", "schedules");
    let at = [("what", "1"), ("date", "2099-01-01"), ("time", "08:00")];
    let refused = editor.post(&schedules, &at).await.is(422).says("This link has no words");
    refused.says(&format!("href=\"{edit}?from=10&amp;to=31#field-body\" target=\"_blank\""));
    visitor.get("/a-page").await.is(404);

    // Advice prevents nothing.
    let better = [("base", "1"), ("title", "A page"), ("slug", "a-page"), ("body", ADVICE), ("do", "publish")];
    editor.post_and_follow(&edit, &better).await.says("is published").says("leads nowhere: /draft");
    let sheet = editor.get(&edit).await.is(200).says("to look at");
    sheet.does_not_say("to correct");

    // What is live can be changed and saved with its faults, and is not published with them.
    let worse = [("base", "2"), ("title", "A page"), ("slug", "a-page"), ("body", HARM)];
    editor.post(&edit, &worse).await.is(303);
    let worse = [&worse[..], &[("base", "3"), ("do", "publish")]].concat();
    editor.post(&edit, &worse).await.is(422).says("This link has no words");
    visitor.get("/a-page").await.is(200).does_not_say("/standard/gone");
}

#[tokio::test]
async fn what_was_decided_before_is_not_asked_again() {
    let app = site().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let target = editor.post("/admin/pages/new", &[("title", "T"), ("slug", "t"), ("do", "publish")]).await.location();
    let fields = [("title", "A page"), ("slug", "a-page"), ("body", "[t](/t)"), ("do", "publish")];
    let edit = editor.post("/admin/pages/new", &fields).await.is(303).location();
    let later = [("base", "1"), ("title", "A page"), ("slug", "a-page"), ("body", "[t](/t) later")];
    editor.post(&edit, &later).await.is(303);
    let schedules = publication(&edit).replace("publication", "schedules");
    let due = Timestamp(app.app.now().0 + HOUR).to_string();
    editor.post(&schedules, &[("what", "2"), ("date", &due[..10]), ("time", &due[11..16])]).await.is(303);
    editor.post(&format!("{target}/delete"), &[]).await.is(303);

    // The link leads nowhere now; what was live comes back all the same.
    editor.post(&format!("{edit}/unpublish"), &[]).await.is(303);
    visitor.get("/a-page").await.is(404);
    let again = format!("{}.1", edit.rsplit('/').next().unwrap());
    let republish = publication(&edit).replace("publication", "republish");
    editor.post(&republish, &[("revision", &again)]).await.is(303);
    visitor.get("/a-page").await.is(200);
    editor.post_and_follow(&publication(&edit), &[("version", "2")]).await.says("leads nowhere: /t");

    app.app.clock.advance(HOUR);
    visitor.get("/a-page").await.is(200).says(" later</p>");
}
