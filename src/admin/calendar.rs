//! Everything that is scheduled, by day, and what could not be carried out in the last weeks.

use axum::{extract::Query, response::Response};
use axum_extra::routing::TypedPath;
use serde::Serialize;

use super::{
    documents::paths as document_paths,
    paths::CalendarPath,
    shared::{
        admin_context::{AdminContext, When},
        routes::Routes,
    },
};
use crate::{
    clock::{DAY, Timestamp, long_date},
    error::Result,
    model::{
        cursor::Cursor,
        policy::Action,
        schedule::{self, ScheduledDocument},
    },
    render::pagination::{CursorQuery, List, ListOrder, Pagination},
};

const ROWS: usize = 50;
/// For how long failures are shown, and how many at most.
const FAILURES: (i64, i64) = (30 * DAY, 20);

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, index)
}

#[derive(Serialize)]
struct CalendarView {
    days: Vec<CalendarDay>,
    failures: Vec<CalendarRow>,
    pages: Pagination,
}

#[derive(Serialize)]
struct CalendarDay {
    day: String,
    rows: Vec<CalendarRow>,
}

#[derive(Serialize)]
struct CalendarRow {
    title: String,
    kind: &'static str,
    path: String,
    version: Option<i64>,
    when: When,
    /// The time of day, `08:00 CET`.
    time: String,
    by: String,
    /// Why it was not carried out; empty for what is still to come.
    outcome: String,
}

fn row(admin: &AdminContext, found: ScheduledDocument) -> CalendarRow {
    let ScheduledDocument { schedule, kind, title } = found;
    CalendarRow {
        title,
        kind: kind.noun(),
        path: if schedule.ended_at.is_none() && admin.may(Action::Publish) {
            document_paths::schedules(schedule.document_id)
        } else {
            document_paths::edit_screen(kind, schedule.document_id)
        },
        version: schedule.version,
        when: admin.when(schedule.due_at),
        time: schedule.due_at.time_of_day(&admin.zone()),
        by: schedule.creator_name,
        outcome: schedule.outcome,
    }
}

pub(crate) async fn index(_: CalendarPath, admin: AdminContext, Query(cursor): Query<CursorQuery>) -> Result<Response> {
    let db = admin.app.read();
    let from = cursor.read();
    let list = List { path: CalendarPath::PATH, query: &[], order: ListOrder::Ascending, size: ROWS };
    let start = from.unwrap_or(Cursor::After((Timestamp(0), 0)));
    let mut found = schedule::calendar(db, start, list.limit()).await?;
    let pages = list.paginate(&mut found, from.as_ref(), |one| (one.schedule.due_at, one.schedule.id));
    let zone = admin.zone();
    let mut days: Vec<CalendarDay> = Vec::new();
    for one in found {
        let day = long_date(one.schedule.due_at.date(&zone));
        let row = row(&admin, one);
        match days.last_mut().filter(|latest| latest.day == day) {
            Some(latest) => latest.rows.push(row),
            None => days.push(CalendarDay { day, rows: vec![row] }),
        }
    }
    let failures = schedule::failures(db, admin.app.now().minus(FAILURES.0), FAILURES.1).await?;
    let failures = failures.into_iter().map(|found| row(&admin, found)).collect();
    let view = CalendarView { days, failures, pages };
    admin.screen("admin/calendar.html", "Calendar", &view).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/calendar.html", crate::admin::shared::admin_context::sample_screen::<CalendarView>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    CalendarView { days, failures, pages }
    CalendarDay { day, rows }
    CalendarRow { title, kind, path, version, when, time, by, outcome }
}
