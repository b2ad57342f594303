//! What is measured does not depend on what the machine's clock is set to.

use crate::{
    contact,
    harness::{TestApp, TestUser, config},
    listener::LazyListener,
};
use plinth::{
    app::{background, router, start},
    clock::{Clock, DAY, HOUR},
    db::transaction::Transaction,
    model::password::Cost,
};

#[tokio::test]
async fn the_age_of_a_form_is_measured_and_not_read_off_the_machines_clock() {
    let app = TestApp::new().await;
    for days in [3, -9] {
        let visitor = app.visitor();
        let form_token = contact::form_token(&visitor).await;
        app.app.clock.advance(20_000);
        app.app.clock.jump(days * 24 * 60 * 60 * 1000);
        let name = format!("Zoë {days}");
        let reply =
            visitor.post("/contact", &contact::contact_form(&[("name", &name), ("form_token", &form_token)])).await;
        let sent = contact::message(&app, &contact::reference(&reply)).await;
        assert!(
            !sent.spam_reasons.contains("three seconds") && !sent.spam_reasons.contains("older"),
            "{}",
            sent.spam_reasons
        );
    }
}

/// The portal after a restart with this clock.
async fn restart(app: TestApp, clock: Clock) -> TestApp {
    app.app.db.close().await;
    let config = config(app.data.path(), &[]);
    let db = start::open(&config).await.unwrap();
    let app = TestApp { app: start::state(config, db, clock, Cost::ForTests).await.unwrap(), ..app };
    let (table, router) = router::build(&app.app).unwrap();
    TestApp { routes: table, listener: LazyListener::new(router.clone()), router, ..app }
}

/// The clock of a start that finds the machine's this far ahead, or behind if negative.
fn set_to(ahead: i64) -> Clock {
    let clock = Clock::default();
    clock.jump(ahead);
    clock
}

/// What the program does each minute. With `machine`, as if the machine was restarted too: then only its clock tells how
/// long the program was stopped.
async fn before_restart(app: &TestApp, machine: bool) {
    background::tick(&app.app).await.unwrap();
    if !machine {
        return;
    }
    let tx = Transaction::begin(&app.app.db).await.unwrap();
    tx.execute("update running_time set machine = 'another start'", ()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn is_signed_in(user: &TestUser) -> bool {
    user.get("/admin").await.status == 200
}

#[tokio::test]
async fn a_restart_under_a_wrong_clock_neither_ends_sessions_nor_makes_them_last() {
    // Ahead or behind by this much; whether the machine was restarted too, so that only its wrong clock is known. Then a day
    // cannot be told from a day without power.
    for (ahead, with_machine) in
        [(DAY, false), (-DAY, false), (400 * DAY, false), (-400 * DAY, false), (400 * DAY, true), (-400 * DAY, true)]
    {
        let about = format!("{ahead} {with_machine}");
        let app = TestApp::new().await;
        let user = app.editor().await;
        before_restart(&app, with_machine).await;
        let app = restart(app, set_to(ahead)).await;
        let user = user.at(&app);
        assert!(is_signed_in(&user).await, "{about}");
        let other = app.editor().await;
        before_restart(&app, with_machine).await;
        let app = restart(app, set_to(0)).await;
        let (user, other) = (user.at(&app), other.at(&app));
        assert!(is_signed_in(&user).await && is_signed_in(&other).await, "{about}");
        app.app.clock.advance(HOUR);
        assert!(is_signed_in(&user).await, "{about}");
        app.app.clock.advance(2 * HOUR + 1000);
        assert!(!is_signed_in(&user).await && !is_signed_in(&other).await, "{about}");
    }
}

#[tokio::test]
async fn sessions_grow_older_while_the_program_is_stopped() {
    for with_machine in [false, true] {
        let mut app = TestApp::new().await;
        let mut user = app.editor().await;
        for (hours, signed_in) in [(1, true), (4, false)] {
            before_restart(&app, with_machine).await;
            // The machine's clock went on meanwhile, and so did the time since it was started.
            let clock = app.app.clock.clone();
            clock.advance(hours * HOUR);
            app = restart(app, clock).await;
            user = user.at(&app);
            assert_eq!(is_signed_in(&user).await, signed_in, "{hours} {with_machine}");
        }
    }
}

#[tokio::test]
async fn the_list_of_sessions_shows_the_time_of_the_machine() {
    let app = TestApp::new().await;
    let user = app.editor().await;
    background::tick(&app.app).await.unwrap();
    let app = restart(app, set_to(-400 * DAY)).await;
    let user = user.at(&app);
    let now = app.app.now().long(&jiff::tz::TimeZone::UTC);
    let day = now.split(',').next().unwrap();
    user.get("/admin/account").await.is(200).says(day).says("just now");
}
