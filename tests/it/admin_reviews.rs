//! “Reviewed, still right”: one click, no new version, and the next date counts everywhere at once.

use std::sync::Arc;

use jiff::{Span, tz::TimeZone};
use plinth::{
    app::rules::Rules,
    clock::DAY,
    model::{
        actor::Role,
        document::revision,
        password::Cost,
        policy::{Action, allows},
    },
};

use tempfile::TempDir;

use crate::harness::{TestApp, TestUser};

const LIST: &str = "/admin/reviews";
/// The pages of the starter site have dates of their own.
const NO_STARTER: [&str; 2] = ["--starter", "none"];

/// A site without pages, and with one category.
pub async fn empty() -> TestApp {
    let app = TestApp::over(Arc::new(TempDir::new().unwrap()), &NO_STARTER).await;
    app.editor().await.post("/admin/faq/categories/new", &[("title", "General")]).await.is(303);
    app
}

/// A day in so many days, as it is typed.
pub fn day(app: &TestApp, days: i64) -> String {
    app.app.now().date(&TimeZone::UTC).saturating_add(Span::new().days(days)).to_string()
}

/// The same as it is shown.
fn shown(app: &TestApp, days: i64) -> String {
    let day = app.app.now().date(&TimeZone::UTC).saturating_add(Span::new().days(days));
    day.strftime("%-d %B %Y").to_string()
}

/// Makes a page with a review date, published or only saved; gives its id.
async fn page(editor: &TestUser, slug: &str, review_by: &str, intent: &str) -> i64 {
    let fields = [
        ("title", slug),
        ("slug", slug),
        ("body", "As it is."),
        ("layout", "article"),
        ("review_by", review_by),
        ("do", intent),
    ];
    let edit = editor.post("/admin/pages/new", &fields).await.is(303).location();
    edit.split(['/', '?']).nth(3).unwrap().parse().unwrap()
}

fn review(id: i64) -> String {
    format!("/admin/documents/{id}/review")
}

fn button(id: i64) -> String {
    format!("action=\"{}\"", review(id))
}

#[tokio::test]
async fn one_click_moves_the_date_and_makes_no_version() {
    let app = empty().await;
    let editor = app.user(Role::Editor, "Rita <Reviewer>").await;
    let soon = day(&app, 10);
    let id = page(&editor, "quolls", &soon, "publish").await;
    let edit = format!("/admin/pages/{id}");
    let visitor = app.visitor();
    visitor.get("/quolls").await.is(200).says(&shown(&app, 10));
    editor.get(&edit).await.is(200).says("Review due").says(&format!("The review is due by {}.", shown(&app, 10)));
    let row = "<a href=\"/admin/pages/";
    editor.get(LIST).await.is(200).says(row).says(&shown(&app, 10)).says(&button(id)).does_not_say("Overdue");

    let next = day(&app, 365);
    let fields = [("version", "1"), ("next_review", next.as_str())];
    let screen = editor.post_and_follow(&review(id), &fields).await.is(200);
    let screen = screen.says("“quolls” is marked as reviewed.").does_not_say("Review due");
    screen
        .says(&format!("The next review is due by {}. Rita &lt;Reviewer&gt; reviewed it just now.", shown(&app, 365)));
    assert_eq!(revision::latest(app.app.read(), id).await.unwrap().version, 1);
    visitor.get("/quolls").await.is(200).says(&shown(&app, 365)).does_not_say(&shown(&app, 10));
    editor.get(LIST).await.is(200).says("No review is due").does_not_say(row);
    editor.get("/admin").await.is(200).does_not_say(LIST);
    let sql = "select detail from audit_log where action = 'page.review'";
    let detail: String = app.app.read().value(sql, ()).await.unwrap();
    assert_eq!(detail, format!("version 1, next review by {}", shown(&app, 365)));
    app.admin().await.get("/admin/audit-log").await.says("reviewed the page").says("and found it still right");
}

#[tokio::test]
async fn the_date_of_a_review_counts_until_the_one_in_the_form_is_changed() {
    let app = empty().await;
    let editor = app.editor().await;
    let id = page(&editor, "quolls", &day(&app, 10), "publish").await;
    let next = day(&app, 300);
    editor.post(&review(id), &[("version", "1"), ("next_review", &next)]).await.is(303);
    let save = async |base: &str, body: &str, review_by: &str| {
        let fields = [
            ("base", base),
            ("title", "quolls"),
            ("slug", "quolls"),
            ("body", body),
            ("layout", "article"),
            ("review_by", review_by),
            ("do", "publish"),
        ];
        editor.post(&format!("/admin/pages/{id}"), &fields).await.is(303);
    };
    let visitor = app.visitor();
    save("1", "Another word.", &day(&app, 10)).await;
    visitor.get("/quolls").await.says("Another word.").says(&shown(&app, 300));
    save("2", "Another word.", &day(&app, 20)).await;
    visitor.get("/quolls").await.says(&shown(&app, 20)).does_not_say(&shown(&app, 300));
    editor.get(LIST).await.says(&shown(&app, 20));
    editor.post(&review(id), &[("version", "3"), ("next_review", &next)]).await.is(303);
    visitor.get("/quolls").await.says(&shown(&app, 300));
    // Without a date in the form there is none.
    save("3", "A third word.", "").await;
    visitor.get("/quolls").await.says("A third word.").does_not_say("Review due");
    editor.get(&format!("/admin/pages/{id}")).await.says("There is no date for a review.");
    // A version that was published keeps the date that it had.
    let page = visitor.get("/quolls").await;
    let number = page.text.split("href=\"/versions/").nth(1).and_then(|rest| rest.split(['/', '"']).next()).unwrap();
    let old = visitor.get(&format!("/versions/{number}/1")).await.is(200);
    old.says(&shown(&app, 10)).does_not_say(&shown(&app, 300));
}

#[tokio::test]
async fn lists_and_the_editor_say_what_is_overdue() {
    let app = empty().await;
    let editor = app.editor().await;
    let late = day(&app, 2);
    let fields = [("title", "Late?"), ("body", "Yes."), ("category", "1"), ("review_by", late.as_str())];
    let question = editor.post("/admin/faq/new", &fields).await.is(303).location();
    let id = page(&editor, "late", &late, "save").await;
    let text = format!("Overdue<span class=\"visually-hidden\"> for review since {}", shown(&app, 2));
    for list in ["/admin/pages", "/admin/pages?q=late", "/admin/faq"] {
        editor.get(list).await.is(200).does_not_say("Overdue");
    }
    app.app.clock.advance(3 * DAY);
    let editor = app.editor().await;
    for list in ["/admin/pages", "/admin/pages?q=late", "/admin/faq"] {
        assert_eq!(editor.get(list).await.is(200).text.matches(&text).count(), 1, "{list}");
    }
    let edit = format!("/admin/pages/{id}");
    let since = shown(&app, -1);
    editor.get(&edit).await.says("Review overdue").says(&format!("The review is overdue since {since}."));
    editor
        .get(LIST)
        .await
        .says("Overdue</span>")
        .says(&format!("href=\"{question}\""))
        .says(&format!("href=\"{edit}\""));
    // From the list back to the list.
    let fields = [("version", "1"), ("to", "reviews"), ("next_review", &day(&app, 90))];
    let reply = editor.post(&review(id), &fields).await.is(303);
    assert_eq!(reply.location(), LIST);
    editor.get(LIST).await.says("is marked as reviewed").says(&format!("href=\"{question}\"")).does_not_say(&edit);
    editor.post(&format!("{question}/delete"), &[]).await.is(303);
    editor.get(LIST).await.says("No review is due");
}

#[tokio::test]
async fn a_review_of_another_version_or_without_a_day_to_come_is_refused() {
    let app = empty().await;
    let editor = app.editor().await;
    let id = page(&editor, "quolls", &day(&app, 10), "save").await;
    for wrong in ["", "soon", &day(&app, 0), "2999-01-01"] {
        let screen = editor.post(&review(id), &[("version", "1"), ("next_review", wrong)]).await.is(422);
        screen.says("data-error-summary").says("href=\"#field-next_review\"").says(&format!("value=\"{wrong}\""));
    }
    let next = day(&app, 90);
    let fields = [("base", "1"), ("title", "quolls"), ("slug", "quolls"), ("body", "Another."), ("layout", "article")];
    editor.post(&format!("/admin/pages/{id}"), &fields).await.is(303);
    let screen = editor.post_and_follow(&review(id), &[("version", "1"), ("next_review", &next)]).await;
    screen.says("Version 2 counts by now, and you saw version 1.");
    let reviews: i64 = app.app.read().value("select count(*) from document_review", ()).await.unwrap();
    assert_eq!(reviews, 0);
    editor.get(&review(id)).await.is(200).says("name=\"version\" value=\"2\"");
    editor.post(&format!("/admin/pages/{id}/delete"), &[]).await.is(303);
    editor.post(&review(id), &[("version", "2"), ("next_review", &next)]).await.is(404);
    editor.get(&review(id)).await.is(404);
}

#[tokio::test]
async fn what_visitors_see_is_marked_by_those_who_may_publish() {
    let rules = Rules { policy: |role, action| action != Action::Publish && allows(role, action), ..Rules::default() };
    let app = empty().await;
    let editor = app.editor().await;
    let ids =
        [page(&editor, "live", &day(&app, 5), "publish").await, page(&editor, "draft", &day(&app, 5), "save").await];
    let strict = TestApp::with_rules(app.data.clone(), &NO_STARTER, Cost::ForTests, rules).await;
    let editor = editor.at(&strict);
    let next = day(&app, 90);
    let fields = [("version", "1"), ("next_review", next.as_str())];
    editor.get(LIST).await.is(200).does_not_say(&button(ids[0])).says(&button(ids[1]));
    editor.get(&review(ids[0])).await.is(200).does_not_say(&button(ids[0]));
    editor.post(&review(ids[0]), &fields).await.is(403);
    editor.post(&review(ids[1]), &fields).await.is(303);
}

#[tokio::test]
async fn the_list_has_pages_and_shows_whose_it_is() {
    let app = empty().await;
    let editor = app.user(Role::Editor, "Owen Owner").await;
    for number in 0..51 {
        let (title, due) = (format!("Many {number}?"), day(&app, 1 + number % 20));
        let fields = [("title", &*title), ("body", "Yes."), ("category", "1"), ("review_by", &due)];
        let edit = editor.post("/admin/faq/new", &fields).await.is(303).location();
        if number == 7 {
            let owner = format!("user-{}", editor.actor.id.unwrap());
            let path = format!("/admin/documents/{}/owner", edit.rsplit('/').next().unwrap());
            editor.post(&path, &[("owner", &*owner), ("was_owner", "")]).await.is(303);
        }
    }
    let first = editor.get(LIST).await.is(200).says("Many 0?").says("Many 18?").does_not_say("Many 39?");
    let link = |reply: &str, rel: &str| {
        let (_, rest) = reply.split_once(&format!("rel=\"{rel}\" href=\"")).expect("a link");
        rest.split('"').next().unwrap().replace("&amp;", "&")
    };
    let second = editor.get(&link(&first.text, "next")).await.is(200).says("Many 39?").does_not_say("Many 0?");
    editor.get(&link(&second.text, "prev")).await.is(200).says("Many 0?").does_not_say("Many 39?");
    editor.get("/admin/reviews?owner=me").await.is(200).says("Many 7?").does_not_say("Many 8?");
    app.editor().await.get("/admin/reviews?owner=me").await.says("No such review is due");
    editor.get("/admin/reviews?owner=nobody").await.is(200).says("Many 8?").does_not_say("Many 7?");
}
