//! What is published and unpublished at a time: once, in order, and never seen too late.

use std::time::Duration;

use plinth::{
    app::due,
    clock::Timestamp,
    model::{document::revision, publishing, schedule},
};
use tokio_util::sync::CancellationToken;

use crate::{
    admin_dashboard::has_two_pages,
    forms::hidden,
    harness::{TestApp, TestUser, save_content},
    stale_forms::send_seen,
};

const HOUR: i64 = 60 * 60 * 1000;

pub async fn save_body(app: &TestApp, user: &TestUser, id: i64, body: &str) -> i64 {
    let write = app.app.write(user.actor.clone()).await.unwrap();
    let version = save_content(&write, id, |mut content| {
        body.clone_into(&mut content.body);
        content
    })
    .await;
    write.commit().await.unwrap();
    version
}

pub fn schedules(id: i64) -> String {
    format!("/admin/documents/{id}/schedules")
}

/// The day and the minute in so many hours, by the zone of the test site, UTC.
fn in_hours(app: &TestApp, hours: i64) -> (String, String) {
    let time = Timestamp(app.app.now().0 + hours * HOUR).to_string();
    (time[..10].to_owned(), time[11..16].to_owned())
}

pub async fn plan(app: &TestApp, user: &TestUser, id: i64, what: &str, hours: i64) {
    let (date, time) = in_hours(app, hours);
    let fields = [("what", what), ("date", date.as_str()), ("time", time.as_str())];
    user.post(&schedules(id), &fields).await.is(303);
}

#[tokio::test]
async fn a_visitor_who_comes_before_the_task_sees_what_is_due() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id("/about").await;
    save_body(&app, &editor, id, "Tomorrow’s text.").await;
    plan(&app, &editor, id, "2", 2).await;
    let edit = format!("/admin/pages/{id}");
    editor.get(&edit).await.says("Version 2 will be published").says("Edith Editor").says("Cancel the schedule");
    editor.get("/admin/calendar").await.is(200).says("Publish version 2 of").says("About this portal");
    for _ in 0..2 {
        visitor.get("/about").await.is(200).does_not_say("Tomorrow’s text.");
    }
    app.app.clock.advance(HOUR);
    visitor.get("/about").await.is(200).does_not_say("Tomorrow’s text.");
    app.app.clock.advance(HOUR);
    visitor.get("/about").await.is(200).says("Tomorrow’s text.");
    let publications = publishing::publications(app.app.read(), id, 10).await.unwrap();
    assert_eq!((publications[0].version, publications[0].publisher_name.as_str()), (2, "Edith Editor"));
    // The session has ended meanwhile.
    let editor = app.editor().await;
    editor.get(&edit).await.does_not_say("will be published").says("Visitors see version 2");
    app.admin().await.get("/admin/audit-log").await.says("which was carried out");
    let sql = "select detail from audit_log where action like '%carry_out%'";
    assert_eq!(app.app.read().value::<String>(sql, ()).await.unwrap(), "publish version 2");
}

#[tokio::test]
async fn a_clock_that_is_wrong_for_a_moment_publishes_nothing() {
    for week in [7 * 24 * HOUR, -7 * 24 * HOUR] {
        let app = TestApp::new().await;
        let (editor, visitor) = (app.editor().await, app.visitor());
        let id = app.page_id("/about").await;
        save_body(&app, &editor, id, "Tomorrow’s text.").await;
        plan(&app, &editor, id, "2", 24).await;
        visitor.get("/about").await.is(200);
        app.app.clock.jump(week);
        for _ in 0..3 {
            visitor.get("/about").await.is(200).does_not_say("Tomorrow’s text.");
            app.app.clock.advance(60_000);
        }
        app.app.clock.jump(-week);
        app.app.clock.advance(23 * HOUR);
        visitor.get("/about").await.is(200).does_not_say("Tomorrow’s text.");
        app.app.clock.advance(HOUR);
        visitor.get("/about").await.is(200).says("Tomorrow’s text.");
        assert_eq!(publishing::publications(app.app.read(), id, 10).await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn a_clock_that_was_put_right_is_believed_after_a_while() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id("/about").await;
    save_body(&app, &editor, id, "Tomorrow’s text.").await;
    plan(&app, &editor, id, "2", 24).await;
    app.app.clock.jump(25 * HOUR);
    visitor.get("/about").await.is(200).does_not_say("Tomorrow’s text.");
    app.app.clock.advance(HOUR / 4);
    visitor.get("/about").await.is(200).says("Tomorrow’s text.");
}

#[tokio::test]
async fn several_that_are_late_are_carried_out_in_order_and_once() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id("/about").await;
    save_body(&app, &editor, id, "Second text.").await;
    plan(&app, &editor, id, "2", 1).await;
    save_body(&app, &editor, id, "Third text.").await;
    plan(&app, &editor, id, "3", 2).await;
    plan(&app, &editor, id, "unpublish", 3).await;
    app.app.clock.advance(3 * HOUR);
    let [one, two, three, four] = [(); 4].map(|()| visitor.get("/about"));
    for reply in <[_; 4]>::from(tokio::join!(one, two, three, four)) {
        reply.is(404);
    }
    let publications = publishing::publications(app.app.read(), id, 10).await.unwrap();
    let versions: Vec<_> = publications.iter().map(|one| (one.version, one.ended_at.is_some())).collect();
    assert_eq!(versions, [(3, true), (2, true), (1, true)]);
}

#[tokio::test]
async fn the_task_carries_out_what_is_due_without_a_visitor_and_after_a_restart() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = app.page_id("/about").await;
    save_body(&app, &editor, id, "Later.").await;
    plan(&app, &editor, id, "2", 1).await;
    let restarted = TestApp::over(app.data.clone(), &[]).await;
    restarted.app.clock.advance(HOUR);
    let stop = CancellationToken::new();
    let task = tokio::spawn(due::run(restarted.app.clone(), stop.clone()));
    let done = async {
        while publishing::publications(app.app.read(), id, 1).await.unwrap()[0].version != 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), done).await.expect("it is published");
    stop.cancel();
    task.await.unwrap();
}

#[tokio::test]
async fn a_schedule_keeps_its_version_until_someone_chooses_the_newer_one() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id("/about").await;
    save_body(&app, &editor, id, "Planned text.").await;
    plan(&app, &editor, id, "2", 1).await;
    save_body(&app, &editor, id, "Unfinished text.").await;
    plan(&app, &editor, id, "3", 2).await;
    save_body(&app, &editor, id, "Finished text.").await;
    let page = editor.get(&format!("/admin/pages/{id}")).await;
    page.says("Version 4 is newer and will not be published then").says("Publish version 4 then");
    let both = schedule_ids(&app, id).await;
    let second = [("version", "4"), ("seen", "publish version 3")];
    editor.post(&format!("{}/{}", schedules(id), both[1]), &second).await.is(303);
    app.app.clock.advance(HOUR);
    visitor.get("/about").await.says("Planned text.").does_not_say("Unfinished");
    assert_eq!(revision::latest(app.app.read(), id).await.unwrap().version, 4);
    app.app.clock.advance(HOUR);
    visitor.get("/about").await.says("Finished text.").does_not_say("Unfinished");
}

#[tokio::test]
async fn the_calendar_has_pages() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    for (n, path) in ["/about", "/privacy", "/contact"].into_iter().enumerate() {
        let id = app.page_id(path).await;
        save_body(&app, &editor, id, "Later.").await;
        for hour in 1..=17 {
            plan(&app, &editor, id, "2", 24 * i64::try_from(n).unwrap() + hour).await;
        }
    }
    let last = format!("datetime=\"{}", Timestamp(app.app.now().0 + 65 * HOUR).to_string().get(..13).unwrap());
    let first = format!("datetime=\"{}", Timestamp(app.app.now().0 + HOUR).to_string().get(..13).unwrap());
    has_two_pages(&editor, "/admin/calendar", [&first, &last]).await;
}

pub async fn schedule_ids(app: &TestApp, id: i64) -> Vec<i64> {
    schedule::upcoming(app.app.read(), id).await.unwrap().iter().map(|schedule| schedule.id).collect()
}

#[tokio::test]
async fn a_cancelled_schedule_does_nothing() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id("/about").await;
    plan(&app, &editor, id, "unpublish", 1).await;
    let first = schedule_ids(&app, id).await[0];
    let cancel = format!("{}/{first}/cancel", schedules(id));
    let opened = editor.get(&schedules(id)).await;
    editor.press(&schedules(id), &cancel).await.is(303);
    editor.get(&schedules(id)).await.says("Nothing will happen at that time");
    let late = send_seen(&editor, &cancel, &hidden(&opened, &cancel), &[]).await.is(409);
    late.says("carried out or cancelled in the meantime");
    app.app.clock.advance(HOUR);
    visitor.get("/about").await.is(200);
}

#[tokio::test]
async fn what_a_rule_forbids_by_then_is_not_done_and_said() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id("/about").await;
    save_body(&app, &editor, id, "Never seen.").await;
    plan(&app, &editor, id, "2", 1).await;
    editor.post(&format!("/admin/pages/{id}/delete"), &[]).await.is(303);
    app.app.clock.advance(HOUR);
    visitor.get("/about").await.is(410);
    visitor.get("/").await.is(200);
    let calendar = editor.get("/admin/calendar").await.is(200).says("Not carried out");
    calendar.says("It is in the trash.").says("Nothing is scheduled");
    editor.post(&format!("/admin/trash/{id}/restore"), &[]).await.is(303);
    visitor.get("/about").await.does_not_say("Never seen.");
}

#[tokio::test]
async fn times_that_cannot_be_meant_are_refused_with_what_was_typed() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = app.page_id("/about").await;
    plan(&app, &editor, id, "unpublish", 5).await;
    let (date, time) = in_hours(&app, 5);
    let (past, past_time) = in_hours(&app, -2);
    for (date, time, sentence) in [
        (past.as_str(), past_time.as_str(), "a time that has not passed"),
        (date.as_str(), time.as_str(), "scheduled for this time already"),
        ("2999-01-01", "08:00", "within a hundred years"),
        ("tomorrow", "08:00", "Enter a day"),
        ("2027-06-30", "8 o’clock", "Enter a time"),
    ] {
        let reply = editor.post(&schedules(id), &[("what", "unpublish"), ("date", date), ("time", time)]).await.is(422);
        reply.says(sentence).says(&format!("value=\"{date}\"")).says("There is a problem");
    }
    assert_eq!(schedule_ids(&app, id).await.len(), 1);
    // As far ahead as anyone plans.
    plan(&app, &editor, id, "unpublish", 90 * 365 * 24).await;
}

#[tokio::test]
async fn what_may_not_become_public_is_not_scheduled() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = app.page_id("/about").await;
    let (date, time) = in_hours(&app, 1);
    for what in ["9", "0", "x"] {
        editor.post(&schedules(id), &[("what", what), ("date", &date), ("time", &time)]).await.is(404);
    }
    app.visitor().post(&schedules(id), &[("what", "unpublish"), ("date", &date), ("time", &time)]).await;
    assert!(schedule_ids(&app, id).await.is_empty());
}
