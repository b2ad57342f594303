//! A schedule in words, for the editor, the screen of a document's schedules and the calendar; and the local time that was
//! typed. Changes nothing.

use jiff::{
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, TimeZone},
};
use serde::Serialize;

use super::paths;
use crate::{
    admin::shared::admin_context::{AdminContext, When},
    clock::Timestamp,
    error::{Result, ValidationErrors},
    model::{document::record::Document, schedule::Schedule},
};

#[derive(Debug, Serialize)]
pub(crate) struct ScheduleView {
    /// Publishes this version; none: unpublishes the document.
    version: Option<i64>,
    when: When,
    by: String,
    /// Path of its form, below which it is cancelled.
    path: String,
    /// The newest version, if another one would be published.
    newer: Option<i64>,
    /// What its user sees of it.
    seen: String,
}

impl ScheduleView {
    /// `newest` is the newest version of the document.
    #[must_use]
    pub(crate) fn of(admin: &AdminContext, schedule: &Schedule, newest: i64) -> Self {
        Self {
            version: schedule.version,
            when: admin.when(schedule.due_at),
            by: schedule.creator_name.clone(),
            path: paths::schedule(schedule.document_id, schedule.id),
            seen: schedule.describe(),
            newer: schedule.version.filter(|version| *version != newest).map(|_| newest),
        }
    }

    /// Those of a document that are still to come, the next first.
    pub(crate) async fn upcoming(admin: &AdminContext, document: &Document, newest: i64) -> Result<Vec<Self>> {
        let schedules = crate::model::schedule::upcoming(admin.app.read(), document.id).await?;
        Ok(schedules.iter().map(|schedule| Self::of(admin, schedule, newest)).collect())
    }
}

/// The moment that a day and a time mean in `zone`. Of a time that comes twice, when clocks go back, the first.
/// `ValidationErrors` on `date` or `time`; also when clocks go forward past that time.
pub(super) fn parse_moment(date: &str, time: &str, zone: &TimeZone) -> Result<Timestamp, ValidationErrors> {
    let mut errors = ValidationErrors::default();
    let day = date.trim().parse::<Date>();
    let clock = Time::strptime("%H:%M", time.trim());
    if day.is_err() {
        errors.add("date", "Enter a day, for example 2027-06-30");
    }
    if clock.is_err() {
        errors.add("time", "Enter a time, for example 08:00");
    }
    let (Ok(day), Ok(clock)) = (day, clock) else { return Err(errors) };
    let local = zone.to_ambiguous_timestamp(DateTime::from_parts(day, clock));
    if matches!(local.offset(), AmbiguousOffset::Gap { .. }) {
        return Err(ValidationErrors::one("time", "There is no such time on that day: the clocks go forward"));
    }
    let moment = local.compatible().map_err(|_| ValidationErrors::one("date", "Choose a day that the calendar has"))?;
    Ok(Timestamp(moment.as_millisecond()))
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    ScheduleView { version, when, by, path, newer, seen }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin(date: &str, time: &str) -> Result<String, String> {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        parse_moment(date, time, &zone).map(Timestamp::iso).map_err(|errors| errors.list[0].message.clone())
    }

    #[test]
    fn local_times_mean_moments_across_the_change_of_clocks() {
        assert_eq!(berlin("2027-06-30", "08:00").unwrap(), "2027-06-30T06:00:00Z");
        assert_eq!(berlin(" 2027-12-01 ", " 08:00 ").unwrap(), "2027-12-01T07:00:00Z");
        assert!(berlin("2027-03-28", "02:30").unwrap_err().contains("forward"));
        assert_eq!(berlin("2027-10-31", "02:30").unwrap(), "2027-10-31T00:30:00Z");
        assert!(berlin("2027-02-30", "08:00").is_err());
        assert!(berlin("2027-02-01", "24:10").is_err());
        assert!(berlin("", "").is_err());
    }
}
