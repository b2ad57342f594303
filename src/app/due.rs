//! Carries out what users scheduled: a task does it within a second of its time, and a visitor who comes sooner waits for
//! it. Each schedule is carried out once, however many nodes there are.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use tokio_util::sync::CancellationToken;

use crate::{
    error::{Error, Result},
    model::{
        mail::notices,
        schedule::{self, Schedule},
    },
    state::app_state::App,
    web::path::is_at_or_below,
};

/// The longest pause, so that a clock that was set is noticed; also how soon a failure is tried again.
const PAUSE: Duration = Duration::from_secs(1);

/// Carries out each schedule at its time, until `stop`.
pub async fn run(app: App, stop: CancellationToken) {
    loop {
        // Whether the clock is set is seen within a second, also when nothing is scheduled.
        let _ = app.clock.believed();
        if app.next_due.has_come() {
            carry_out(&app).await;
        }
        let left = app.next_due.left().map_or(PAUSE, Duration::from_millis).min(PAUSE);
        tokio::select! {
            () = tokio::time::sleep(left) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Carries out what is due before a public page is made. Paths at or below those of `health` do not wait for it.
pub(crate) async fn before(
    State((app, health)): State<(App, &'static [&'static str])>,
    request: Request,
    next: Next,
) -> Response {
    let is_health = health.iter().any(|path| is_at_or_below(request.uri().path(), path));
    if app.next_due.has_come() && !is_health {
        carry_out(&app).await;
    }
    next.run(request).await
}

/// Carries out everything that is due. A failure is logged and tried again in a second.
async fn carry_out(app: &App) {
    // One at a time; who waited finds that nothing is due any more.
    let _one = app.carrying_out.lock().await;
    if !app.next_due.has_come() {
        return;
    }
    let done = async {
        while let Some(schedule) = schedule::first_due(app.read(), app.clock.believed()).await? {
            carry_out_one(app, &schedule).await?;
        }
        app.find_next_due().await
    };
    if let Err(error) = done.await {
        tracing::error!(%error, "what is scheduled cannot be carried out and is tried again");
        app.next_due.set(Some(app.clock.believed().plus(i64::try_from(PAUSE.as_millis()).unwrap_or(1000))));
    }
}

async fn carry_out_one(app: &App, schedule: &Schedule) -> Result<()> {
    let write = app.write(schedule.actor()).await?;
    let done = schedule.carry_out(&write).await;
    let reason = match write.finish(done).await {
        Ok(()) => return Ok(()),
        Err(Error::Validation(errors)) => errors.sentence(),
        Err(Error::Conflict(reason)) => reason,
        Err(Error::NotFound) => "It is not there any more.".to_owned(),
        Err(error) => return Err(error),
    };
    tracing::warn!(id = schedule.id, reason, "a schedule could not be carried out");
    let write = app.write(schedule.actor()).await?;
    let mut done = schedule.give_up(&write, &reason).await;
    if done.is_ok() && app.mailer.is_some() {
        done = notices::of_schedule(&write, schedule).await;
    }
    write.finish(done).await
}
