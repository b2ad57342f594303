//! The first screen of the admin area: the to-do list, and what was done last.

use plinth::clock::DAY;

use crate::{
    admin_reviews,
    harness::{Reply, TestApp, TestUser},
};

const PATH: &str = "/admin";

/// Whether the to-do list has a line with this count and these words, which leads there.
fn line(page: &Reply, count: &str, text: &str, path: &str) -> bool {
    page.text.contains(&format!("<a href=\"{path}\"><strong>{count}</strong> {text}</a>"))
}

async fn question(editor: &TestUser, title: &str) -> String {
    let fields = [("title", title), ("body", "Yes."), ("category", "1")];
    editor.post("/admin/faq/new", &fields).await.is(303).location()
}

#[tokio::test]
async fn a_fresh_portal_has_nothing_waiting() {
    let app = TestApp::new().await;
    let page = app.editor().await.get(PATH).await.is(200).says("Nothing waits for you").says("Recent changes");
    page.does_not_say("Searches without results").does_not_say("Before you open");
    app.visitor().get(PATH).await.is(303);
}

#[tokio::test]
async fn messages_wait_for_those_they_are_assigned_to_and_for_everyone() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = editor.actor.id.unwrap();
    let tx = plinth::db::transaction::Transaction::begin(&app.app.db).await.unwrap();
    let rows = [("A", "unread", None), ("B", "open", None), ("C", "open", Some(id)), ("D", "answered", None)];
    for (reference, state, assignee) in rows {
        tx.execute(
            "insert into message (reference, received_at, status, topic, name, email, role, country, body, \
             spam_score, spam_reasons, kept_from, assignee_id) \
             values ($1, 1, $2, '', '', '', '', '', '', 0, '', 1, $3)",
            (reference, state, assignee),
        )
        .await
        .unwrap();
    }
    tx.commit().await.unwrap();
    let page = editor.get(PATH).await.is(200);
    let (mine, nobodys) = ("/admin/messages?assigned=me", "/admin/messages?assigned=nobody");
    assert!(line(&page, "1", "message assigned to you", mine), "{}", page.text);
    assert!(line(&page, "2", "messages assigned to nobody", nobodys), "{}", page.text);
    editor.get(mine).await.says("message C from").does_not_say("message A from");
    editor.get(nobodys).await.says("message A from").says("message B from").does_not_say("message C from");
}

#[tokio::test]
async fn changes_wait_for_their_author_and_are_listed_for_others() {
    let app = TestApp::new().await;
    let (editor, other) = (app.editor().await, app.admin().await);
    let path = question(&editor, "Draft <1>?").await;
    let row = format!("<a href=\"{path}\" dir=\"auto\">Draft &lt;1&gt;?</a>");
    let mine = "/admin/unpublished?show=mine";
    let page = editor.get(PATH).await.is(200);
    assert!(line(&page, "1", "page or question with changes of yours that are not published", mine), "{}", page.text);
    page.says("created the question");
    editor.get(mine).await.is(200).says(&row).says("Not published");
    editor.get("/admin/unpublished?show=others").await.is(200).does_not_say(&row).says("Nothing is here");
    let others = "/admin/unpublished?show=others";
    let page = other.get(PATH).await.is(200);
    assert!(
        line(&page, "1", "page or question with changes of others that are not published", others),
        "{}",
        page.text
    );
    other.get(others).await.is(200).says(&row);

    let fields = [("base", "1"), ("do", "publish"), ("title", "Draft <1>?"), ("body", "Yes."), ("category", "1")];
    editor.post(&path, &fields).await.is(303);
    let page = editor.get(PATH).await.says("Nothing waits for you").says("published the question");
    page.says(&format!("“<a href=\"{path}\"><bdi>Draft &lt;1&gt;?</bdi></a>”"));
    editor.post(&format!("{path}/delete"), &[]).await.is(303);
    let page = editor.get(PATH).await.says("moved the question “<bdi>Draft &lt;1&gt;?</bdi>” to the trash");
    page.does_not_say(&format!("<a href=\"{path}\""));
}

#[tokio::test]
async fn the_list_of_changes_has_pages() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    for n in 0..51 {
        app.app.clock.advance(1000);
        question(&editor, &format!("Many {n}?")).await;
    }
    has_two_pages(&editor, "/admin/unpublished", ["Many 50?", "Many 0?"]).await;
}

/// Goes to the second page and back: what is first in the list is on the first page only, what is last on the second only.
pub async fn has_two_pages(user: &TestUser, path: &str, [first, last]: [&str; 2]) {
    let link = |page: &Reply, rel: &str| {
        let (_, rest) = page.text.split_once(&format!("rel=\"{rel}\" href=\"")).expect("a link to another page");
        rest.split_once('"').unwrap().0.replace("&amp;", "&")
    };
    let one = user.get(path).await.is(200).says(first).does_not_say(last);
    let two = user.get(&link(&one, "next")).await.is(200).says(last).does_not_say(first);
    user.get(&link(&two, "prev")).await.is(200).says(first).does_not_say(last);
}

#[tokio::test]
async fn the_list_of_drafts_has_pages() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    for n in 0..51 {
        app.app.clock.advance(1000);
        let path = question(&editor, &format!("Question {n}?")).await;
        let title = format!("Typed {n}!");
        let fields = [("base", "1"), ("title", &*title), ("category", "1"), ("draft_seen", "0")];
        editor.post(&format!("{path}/draft"), &fields).await.is(200);
    }
    has_two_pages(&editor, "/admin/unpublished?show=drafts", ["Typed 50!", "Typed 0!"]).await;
}

#[tokio::test]
async fn what_was_typed_and_not_saved_waits_too() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let path = question(&editor, "Kept?").await;
    let fields =
        [("base", "1"), ("title", "Kept and longer?"), ("body", "Yes."), ("category", "1"), ("draft_seen", "0")];
    editor.post(&format!("{path}/draft"), &fields).await.is(200);
    let drafts = "/admin/unpublished?show=drafts";
    let page = editor.get(PATH).await.is(200);
    assert!(line(&page, "1", "text that you typed and did not save", drafts), "{}", page.text);
    editor.get(drafts).await.is(200).says(&format!("<a href=\"{path}\" dir=\"auto\">Kept and longer?</a>"));
    app.admin().await.get(drafts).await.says("Everything that you typed is saved");
}

#[tokio::test]
async fn a_link_that_leads_nowhere_is_broken_until_it_leads_somewhere() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let draft = [("title", "There"), ("slug", "not-there"), ("body", "x"), ("layout", "article")];
    let draft = editor.post("/admin/pages/new", &draft).await.is(303).location();
    let body = "[Missing](/not-there) [Search](/search) [Here](/about) [Elsewhere](https://elsewhere.example/x)";
    let fields = [("title", "Linking"), ("slug", "linking"), ("body", body), ("layout", "article"), ("do", "publish")];
    editor.post("/admin/pages/new", &fields).await.is(303);
    let list = "/admin/dead-links";
    let page = editor.get(PATH).await.is(200);
    assert!(line(&page, "1", "link on a live page that leads nowhere", list), "{}", page.text);
    editor.get(list).await.is(200).says("<bdi>/not-there</bdi>").says("Linking").does_not_say("<bdi>/search</bdi>");
    let publication = format!("/admin/documents/{}/publication", draft.rsplit('/').next().unwrap());
    editor.post(&publication, &[("version", "1")]).await.is(303);
    editor.get(PATH).await.is(200).says("Nothing waits for you");
    editor.get(list).await.says("Every link leads somewhere");
}

#[tokio::test]
async fn schedules_are_due_and_those_that_failed_are_broken() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let path = question(&editor, "Later?").await;
    let id = path.rsplit('/').next().unwrap();
    let day = |days: i64| app.app.now().date(&jiff::tz::TimeZone::UTC).saturating_add(jiff::Span::new().days(days));
    let schedule = format!("/admin/documents/{id}/schedules");
    let far = day(20).to_string();
    editor.post(&schedule, &[("what", "1"), ("date", &far), ("time", "08:00")]).await.is(303);
    let page = editor.get(PATH).await.is(200);
    assert!(!line(&page, "1", "scheduled change within 7 days", "/admin/calendar"), "{}", page.text);
    app.app.clock.advance(15 * DAY);
    let editor = app.editor().await;
    let page = editor.get(PATH).await.is(200);
    assert!(line(&page, "1", "scheduled change within 7 days", "/admin/calendar"), "{}", page.text);
    // The question is gone when its time comes.
    editor.post(&format!("{path}/delete"), &[]).await.is(303);
    app.app.clock.advance(6 * DAY);
    app.visitor().get("/").await.is(200);
    let page = app.editor().await.get(PATH).await.is(200);
    let failures = "/admin/calendar#_failures";
    assert!(line(&page, "1", "scheduled change that was not carried out", failures), "{}", page.text);
}

#[tokio::test]
async fn reviews_are_counted_when_they_come_near_and_when_they_are_late() {
    let app = admin_reviews::empty().await;
    let editor = app.editor().await;
    let today = app.app.now().date(&jiff::tz::TimeZone::UTC);
    let due = today.saturating_add(jiff::Span::new().days(40)).to_string();
    let fields = [("title", "Due?"), ("body", "Yes."), ("category", "1"), ("review_by", &due)];
    let path = editor.post("/admin/faq/new", &fields).await.is(303).location();
    let list = "/admin/reviews";
    editor.get(PATH).await.is(200).does_not_say(list);
    app.app.clock.advance(11 * DAY);
    let page = app.editor().await.get(PATH).await.is(200);
    assert!(line(&page, "1", "page or question due for review within 30 days", list), "{}", page.text);
    page.does_not_say("overdue");
    app.app.clock.advance(30 * DAY);
    let editor = app.editor().await;
    let page = editor.get(PATH).await.is(200);
    assert!(line(&page, "1", "page or question overdue for review", list), "{}", page.text);
    page.does_not_say("within 30 days");
    editor.post(&format!("{path}/delete"), &[]).await.is(303);
    editor.get(PATH).await.does_not_say(list);
}
