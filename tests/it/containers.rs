//! Named containers in texts: what they show of other documents follows these; what is none is told to its author.

use plinth::model::faq::item;

use crate::{harness::TestApp, machines::publish};

const TEXT: &str = ":::notice warning\nMind the quokka.\n:::\n\n:::children\n:::\n\n:::question\n[Is it law?](/faq#is-it-law)\n:::\n\n\
    :::question\n[elsewhere](/about)\n:::\n";

#[tokio::test]
async fn containers_show_what_other_documents_say_now() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    publish(&app, &editor, "", &[("title", "Hub"), ("slug", "hub"), ("body", TEXT)]).await;
    let first = visitor.get("/hub").await.is(200).text;
    assert!(first.contains("<div class=\"callout callout-warning\">") && first.contains("Mind the quokka."), "{first}");
    assert!(first.contains("<details class=\"answer\"><summary dir=\"auto\">Is "), "the answer is there: {first}");
    assert!(first.contains("<p><a href=\"/about\">elsewhere</a></p>"), "what is no question stays a link");
    // The source has what was typed.
    visitor.get("/hub.md").await.says(":::notice warning\nMind the quokka.\n:::");
    // A page below it, and another slug of the question.
    publish(
        &app,
        &editor,
        "/hub",
        &[("title", "A <b>below</b>"), ("slug", "below"), ("summary", "It is low."), ("menu", "main")],
    )
    .await;
    let listed = visitor.get("/hub").await.text;
    assert!(
        listed.contains(
            "<a href=\"/hub/below\" dir=\"auto\">A &lt;b&gt;below&lt;/b&gt;</a><p dir=\"auto\">It is low.</p>"
        ),
        "{listed}"
    );
    let items = item::live(app.app.read(), app.page_id("/faq").await).await.unwrap();
    let id = items.iter().find(|item| item.current_slug == "is-it-law").unwrap().revision.document_id;
    let edit = format!("/admin/faq/{id}");
    let uses = editor.get(&format!("/admin/documents/{id}/uses")).await.is(200);
    uses.says("Hub");
    let fields =
        [("base", "1"), ("title", "Is it a law?"), ("slug", "law"), ("body", "No, says **Ada**."), ("category", "1")];
    let fields: Vec<_> = fields.into_iter().chain([("do", "publish"), ("seen", "1")]).collect();
    editor.post(&edit, &fields).await.is(303);
    visitor
        .get("/hub")
        .await
        .says("<summary dir=\"auto\">Is it a law?</summary>")
        .says("No, says <strong>Ada</strong>.");
    // One that visitors do not see any more is a link, as the author wrote it.
    editor.post(&format!("{edit}/unpublish"), &[]).await.is(303);
    visitor.get("/hub").await.does_not_say("<details class=\"answer\">").says("Is it law?</a>");
}

#[tokio::test]
async fn authors_are_told_what_is_no_container() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let body = ":::slider\nwords\n:::\n\n:::steps\nnone\n:::\n\n:::notice loud\nx\n:::\n";
    let fields = [("title", "A page"), ("slug", "a-page"), ("summary", "It tells."), ("body", body)];
    let told = editor.post("/admin/pages/new/checks", &fields).await.is(200);
    let told = told.says("There is no “slider”: there are notice, steps").says("line 1: <q dir=\"auto\">:::slider</q>");
    told.says("Write the steps as a numbered list").says("Behind “notice” may be “important” or “warning”");
    publish(&app, &editor, "", &fields).await;
    app.visitor().get("/a-page").await.says("<p>:::slider</p>\n<p>words</p>\n<p>:::</p>");
}

#[tokio::test]
async fn pages_are_listed_by_their_labels() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let text = ":::labelled supplier Audit\n:::\n\n:::labelled none\n:::\n";
    publish(&app, &editor, "", &[("title", "Hub"), ("slug", "hub"), ("body", text)]).await;
    let fields =
        [("title", "One"), ("slug", "one"), ("labels", "Other, SUPPLIER  audit,other"), ("summary", "It is one.")];
    publish(&app, &editor, "", &fields).await;
    let entry = "<a href=\"/one\" dir=\"auto\">One</a><p dir=\"auto\">It is one.</p>";
    assert_eq!(visitor.get("/hub").await.is(200).text.matches(entry).count(), 1);
    // What is saved and not published changes nothing.
    let edit = format!("/admin/pages/{}", app.page_id("/one").await);
    let link = format!("href=\"{edit}\"");
    editor.get("/admin/pages?label=supplier+Audit").await.is(200).says(&link).says("value=\"supplier Audit\"");
    let fields = [("base", "1"), ("title", "One"), ("slug", "one"), ("labels", "Other")];
    editor.post(&edit, &fields).await.is(303);
    visitor.get("/hub").await.says(entry);
    editor.get("/admin/pages?label=supplier+audit").await.is(200).says("No page was found").does_not_say(&link);
    editor.get("/admin/pages?label=OTHER").await.is(200).says(&link);
    // Programs read what is published.
    for query in ["label=Supplier+audit", "label=other&limit=1", "label=other&changed_since=2020-01-01T00:00:00Z"] {
        let found = visitor.get(&format!("/api/v1/documents?{query}&path=/one&type=page")).await.is(200);
        found.says("\"path\":\"/one\"").does_not_say("\"path\":\"/hub\"");
    }
    for query in ["label=none", "label=other&type=question", "label=other&path=/hub", "label=other&after=/one"] {
        visitor.get(&format!("/api/v1/documents?{query}")).await.is(200).does_not_say("\"path\":");
    }
    let fields =
        [("base", "2"), ("title", "One"), ("slug", "one"), ("labels", "Other"), ("do", "publish"), ("seen", "2")];
    editor.post(&edit, &fields).await.is(303);
    visitor.get("/hub").await.does_not_say(entry);
    let long = "x".repeat(41);
    let fields = [("base", "2"), ("title", "One"), ("slug", "one"), ("labels", &*long)];
    editor.post(&edit, &fields).await.is(422).says(&format!("value=\"{long}\""));
}

#[tokio::test]
async fn one_fact_is_kept_in_one_place() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let text = "It is called [old name](/one#=title), and [no such](/one#=secret).";
    publish(&app, &editor, "", &[("title", "One <i>"), ("slug", "one"), ("body", "x")]).await;
    publish(&app, &editor, "", &[("title", "Two"), ("slug", "two"), ("body", text)]).await;
    visitor.get("/two").await.says("It is called One &lt;i&gt;, and <a href=\"/one#=secret\">no such</a>");
    let answer = "It says [old name](/one#=title).";
    let question = [("title", "What is it called?"), ("body", answer), ("category", "1"), ("do", "publish")];
    editor.post("/admin/faq/new", &question).await.is(303);
    visitor.get("/faq").await.is(200).says("It says One &lt;i&gt;.");
    // The value and the path change; the other text follows both.
    let id = app.page_id("/one").await;
    let fields =
        [("base", "1"), ("title", "First"), ("slug", "first"), ("body", "x"), ("do", "publish"), ("seen", "1")];
    editor.post(&format!("/admin/pages/{id}"), &fields).await.is(303);
    visitor.get("/two").await.says("It is called First, and");
    visitor.get("/faq").await.is(200).says("It says First.");
    editor.get(&format!("/admin/documents/{id}/uses")).await.is(200).says("Two").says("What is it called?");
    // A field that is none is told to its author.
    let edit = format!("/admin/pages/{}", app.page_id("/two").await);
    let fields = [("base", "1"), ("title", "Two!"), ("slug", "two"), ("body", text), ("do", "publish"), ("seen", "1")];
    editor
        .post_and_follow(&edit, &fields)
        .await
        .says("1 link leads to a part that its page does not have: /one#=secret");
}
