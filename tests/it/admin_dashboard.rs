//! The first screen of the admin area.

use crate::harness::TestApp;
use plinth::{clock::DAY, model::document::overview};

const PATH: &str = "/admin";

#[tokio::test]
async fn a_fresh_portal_has_nothing_waiting() {
    let app = TestApp::new().await;
    let page = app.editor().await.get(PATH).await.is(200).says("No unread messages").says("Recent changes");
    let page = page.says("Everything that is saved is published").says("Nothing is due for review within 30 days");
    page.says("Nothing was searched within 30 days").does_not_say("found something");
    app.visitor().get(PATH).await.is(303);
}

#[tokio::test]
async fn unread_messages_are_counted() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let tx = plinth::db::transaction::Transaction::begin(&app.app.db).await.unwrap();
    for (reference, state) in [("A", "unread"), ("B", "unread"), ("C", "open")] {
        tx.execute(
            "insert into message (reference, received_at, status, topic, name, email, role, country, body, \
             spam_score, spam_reasons, kept_from) values ($1, 1, $2, '', '', '', '', '', '', 0, '', 1)",
            (reference, state),
        )
        .await
        .unwrap();
    }
    tx.commit().await.unwrap();
    editor.get(PATH).await.is(200).says("<a href=\"/admin/messages\">2 unread messages</a>");
}

#[tokio::test]
async fn drafts_and_changes_lead_to_their_screens() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let fields = [("title", "Draft <1>?"), ("body", "Yes."), ("category", "1")];
    let path = editor.post("/admin/faq/new", &fields).await.is(303).location();
    let page = editor.get(PATH).await.is(200).says(&format!("<a href=\"{path}\" dir=\"auto\">Draft &lt;1&gt;?</a>"));
    page.says("question, version 1").says("Not published").says("created the question");
    editor.post(&path, &[("base", "1"), ("do", "publish"), fields[0], fields[1], fields[2]]).await.is(303);
    let page = editor.get(PATH).await.says("Everything that is saved is published").says("published the question");
    page.says(&format!("“<a href=\"{path}\"><bdi>Draft &lt;1&gt;?</bdi></a>”"));
    editor.post(&format!("{path}/delete"), &[]).await.is(303);
    editor
        .get(PATH)
        .await
        .says("moved the question “<bdi>Draft &lt;1&gt;?</bdi>” to the trash")
        .does_not_say(&format!("<a href=\"{path}\""));

    for n in 0..11 {
        let title = format!("Many {n}?");
        editor.post("/admin/faq/new", &[("title", &title), ("body", "Yes."), ("category", "1")]).await.is(303);
    }
    editor.get(PATH).await.says("There are more; these are the newest.").does_not_say("Many 0?</a> <span");
}

#[tokio::test]
async fn reviews_show_when_they_come_near_and_when_they_are_late() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let today = app.app.now().date(&jiff::tz::TimeZone::UTC);
    let due = today.saturating_add(jiff::Span::new().days(40)).to_string();
    let fields = [("title", "Due?"), ("body", "Yes."), ("category", "1"), ("review_by", &due), ("owner", "Registrar")];
    let path = editor.post("/admin/faq/new", &fields).await.is(303).location();
    let id: i64 = path.rsplit('/').next().unwrap().parse().unwrap();
    let found = async |until: &str| {
        let due = overview::due_for_review(app.app.read(), until, 9).await.unwrap();
        due.iter().any(|document| document.id == id)
    };
    assert!(found(&due).await);
    assert!(!found(&today.to_string()).await);

    let row = format!("<time datetime=\"{due}\">");
    editor.get(PATH).await.is(200).does_not_say(&row);
    app.app.clock.advance(11 * DAY);
    let editor = app.editor().await;
    let page = editor.get(PATH).await.is(200).says(&row).says("Registrar").text;
    let after = page.split(&row).nth(1).unwrap();
    assert!(!after.split("</tr>").next().unwrap().contains("Overdue"));
    app.app.clock.advance(30 * DAY);
    let editor = app.editor().await;
    let page = editor.get(PATH).await.is(200).says(&row).text;
    let after = page.split(&row).nth(1).unwrap();
    assert!(after.split("</tr>").next().unwrap().contains("Overdue"));
    editor.post(&format!("{path}/delete"), &[]).await.is(303);
    editor.get(PATH).await.does_not_say(&row);
}
