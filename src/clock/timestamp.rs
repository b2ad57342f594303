//! Points in time, and how they read.

use std::fmt;

use jiff::{civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

pub const HOUR: i64 = 60 * 60 * 1000;
pub const DAY: i64 = 24 * 60 * 60 * 1000;

/// UTC milliseconds since 1970, as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This many milliseconds later; never wraps.
    #[must_use]
    pub const fn plus(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }

    /// This many milliseconds earlier; never wraps.
    #[must_use]
    pub const fn minus(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_sub(milliseconds))
    }

    /// This many calendar months earlier by the calendar of `zone`.
    #[must_use]
    pub(crate) fn months_earlier(self, months: u16, zone: &TimeZone) -> Self {
        let zoned = self.zoned(zone);
        let earlier = zoned.checked_sub(jiff::Span::new().months(months));
        Self(earlier.unwrap_or(zoned).timestamp().as_millisecond())
    }

    fn zoned(self, zone: &TimeZone) -> jiff::Zoned {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or_default().to_zoned(zone.clone())
    }

    /// The beginning of a day in `zone`.
    #[must_use]
    pub(crate) fn start_of(day: Date, zone: &TimeZone) -> Self {
        day.to_zoned(zone.clone()).map_or(Self(0), |start| Self(start.timestamp().as_millisecond()))
    }

    /// With its milliseconds where it has some: `2026-11-23T14:05:00.123Z`.
    #[must_use]
    pub(crate) fn exact(self) -> String {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or_default().to_string()
    }

    /// The time that [`Timestamp::exact`] wrote, or with another offset from UTC.
    #[must_use]
    pub(crate) fn parse_exact(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|time| Self(time.as_millisecond()))
    }

    /// The calendar day in `zone`, `2026-11-23`.
    #[must_use]
    pub fn date(self, zone: &TimeZone) -> Date {
        self.zoned(zone).date()
    }

    /// Day, minute and zone for users: `23 November 2026, 14:05 UTC`.
    #[must_use]
    pub fn long(self, zone: &TimeZone) -> String {
        self.zoned(zone).strftime("%-d %B %Y, %H:%M %Z").to_string()
    }

    /// `14:05 UTC`.
    #[must_use]
    pub(crate) fn time_of_day(self, zone: &TimeZone) -> String {
        self.zoned(zone).strftime("%H:%M %Z").to_string()
    }

    /// For users who were there: `14:05`, or with the day when that was another one.
    #[must_use]
    pub(crate) fn brief(self, now: Self, zone: &TimeZone) -> String {
        let form = if self.date(zone) == now.date(zone) { "%H:%M" } else { "%-d %B %Y, %H:%M" };
        self.zoned(zone).strftime(form).to_string()
    }

    /// For lists: `now`, `26 min`, `5 h`, `3 days`, within a week; then the day, `12 Nov`, with another year `12 Nov 2025`.
    /// What is to come begins with `in` within a week.
    #[must_use]
    pub(crate) fn short(self, now: Self, zone: &TimeZone) -> String {
        let minutes = now.0.saturating_sub(self.0).unsigned_abs() / 60_000;
        let gap = match minutes {
            0 => return "now".to_owned(),
            1..60 => format!("{minutes} min"),
            60..1440 => format!("{} h", minutes / 60),
            1440..2880 => "1 day".to_owned(),
            2880..10_080 => format!("{} days", minutes / 1440),
            _ => {
                let is_this_year = self.date(zone).year() == now.date(zone).year();
                return self.zoned(zone).strftime(if is_this_year { "%-d %b" } else { "%-d %b %Y" }).to_string();
            }
        };
        if self > now { format!("in {gap}") } else { gap }
    }

    /// For machines: `2026-11-23T14:05:00Z`.
    #[must_use]
    pub(crate) fn iso(self) -> String {
        self.zoned(&TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// How long ago seen from `now`: `3 minutes ago`, `yesterday`, `in 2 days`.
    #[must_use]
    pub(crate) fn relative(self, now: Self) -> String {
        let (gap, future) = (now.0.saturating_sub(self.0).unsigned_abs(), self.0 > now.0);
        let minutes = gap / 60_000;
        let (count, unit) = match minutes {
            0 => return "just now".to_owned(),
            1..60 => (minutes, "minute"),
            60..1440 => (minutes / 60, "hour"),
            1440..43_200 => (minutes / 1440, "day"),
            43_200..525_600 => (minutes / 43_200, "month"),
            _ => (minutes / 525_600, "year"),
        };
        let gap = format!("{count} {unit}{}", if count == 1 { "" } else { "s" });
        if future { format!("in {gap}") } else { format!("{gap} ago") }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso())
    }
}

/// A day for users: `23 November 2026`.
#[must_use]
pub(crate) fn long_date(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_read_well() {
        let now = Timestamp(DAY * 1000);
        for (gap, text) in [
            (30_000, "just now"),
            (60_000, "1 minute ago"),
            (7_200_000, "2 hours ago"),
            (DAY * 3, "3 days ago"),
            (DAY * 90, "3 months ago"),
            (DAY * 400, "1 year ago"),
            (-DAY, "in 1 day"),
        ] {
            assert_eq!(now.minus(gap).relative(now), text);
        }
    }

    #[test]
    fn times_in_lists_are_short() {
        let now = Timestamp(1_795_442_700_000);
        let short = |gap: i64| now.minus(gap).short(now, &TimeZone::UTC);
        assert_eq!([short(30_000), short(26 * 60_000), short(5 * HOUR), short(DAY)], ["now", "26 min", "5 h", "1 day"]);
        assert_eq!([short(DAY * 6), short(DAY * 7), short(DAY * 400)], ["6 days", "16 Nov", "19 Oct 2025"]);
        assert_eq!([short(-HOUR), short(-DAY * 2), short(-DAY * 39)], ["in 1 h", "in 2 days", "1 Jan 2027"]);
    }

    #[test]
    fn months_are_those_of_the_calendar() {
        let noon = |text: &str| Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond());
        let earlier = |text: &str, months| noon(text).months_earlier(months, &TimeZone::UTC);
        assert_eq!(earlier("2026-03-31T12:00:00Z", 1), noon("2026-02-28T12:00:00Z"));
        assert_eq!(earlier("2026-11-23T12:00:00Z", 24), noon("2024-11-23T12:00:00Z"));
    }

    #[test]
    fn times_carry_their_zone() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        assert_eq!(Timestamp(1_795_442_700_000).long(&zone), "23 November 2026, 15:05 CET");
        assert_eq!(Timestamp(1_795_442_700_000).iso(), "2026-11-23T14:05:00Z");
    }
}
