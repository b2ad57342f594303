//! What a file says of its document beside the fields of a version: its place among its siblings, when this version was
//! published and by whom it was approved, and when it was last reviewed. These are editorial dates, which an import takes up, so
//! that visitors see them and not the time of the import.

use jiff::{civil::Date, tz::TimeZone};
use toml::Value;

use crate::{
    clock::Timestamp,
    db::conn::Conn,
    error::Result,
    model::{
        document::{record::Document, review, revision::Revision},
        publishing,
        settings::Settings,
        write::Write,
    },
    text::clean,
};

const POSITION: &str = "position";
const PUBLISHED: &str = "published";
const APPROVED_BY: &str = "approved_by";
const REVIEWED: &str = "reviewed";
pub(super) const KEYS: [&str; 4] = [POSITION, PUBLISHED, APPROVED_BY, REVIEWED];

/// As much as the name of a user.
const NAME: usize = 100;

/// No part of a version, because it takes effect at once or belongs to its publication.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Editorial {
    /// Place among its siblings, 1 is first.
    pub position: Option<i64>,
    published: Option<StatedTime>,
    approved_by: String,
    reviewed: Option<StatedTime>,
}

/// A day of the site's time zone, or a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StatedTime {
    Day(Date),
    Moment(Timestamp),
}

impl StatedTime {
    fn parse(text: &str) -> Option<Self> {
        if text.len() == "2026-11-27".len() {
            return text.parse().ok().map(Self::Day);
        }
        Timestamp::parse_exact(text).map(Self::Moment)
    }

    /// The beginning of a day is the day itself.
    fn of(time: Timestamp, zone: &TimeZone) -> Self {
        let day = time.date(zone);
        if Timestamp::start_of(day, zone) == time { Self::Day(day) } else { Self::Moment(time) }
    }

    fn at(self, zone: &TimeZone) -> Timestamp {
        match self {
            Self::Day(day) => Timestamp::start_of(day, zone),
            Self::Moment(time) => time,
        }
    }

    /// Whether it is still to come wherever one is.
    fn is_to_come(self, now: Timestamp) -> bool {
        match self {
            Self::Day(day) => day > now.plus(14 * crate::clock::HOUR).date(&TimeZone::UTC),
            Self::Moment(time) => time > now,
        }
    }

    fn text(self) -> String {
        match self {
            Self::Day(day) => day.to_string(),
            Self::Moment(time) => time.exact(),
        }
    }
}

impl Editorial {
    /// Takes up the value of a key; says whether it is one of these.
    /// Errors: a sentence that says what is wrong with it.
    pub(super) fn take(&mut self, key: &str, value: &Value) -> Result<bool, String> {
        match key {
            POSITION => self.position = Some(value.as_integer().ok_or("its position is no whole number")?),
            PUBLISHED => self.published = Some(time(key, value)?),
            REVIEWED => self.reviewed = Some(time(key, value)?),
            APPROVED_BY => self.approved_by = name(value)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The same with this place among its siblings.
    #[must_use]
    pub(super) fn at_position(self, position: Option<i64>) -> Self {
        Self { position, ..self }
    }

    pub(super) const fn is_reviewed(&self) -> bool {
        self.reviewed.is_some()
    }

    /// What [`Editorial::take`] takes.
    pub(super) fn front_matter(&self) -> Vec<(String, Value)> {
        let time = |time: Option<StatedTime>| time.map(|time| Value::String(time.text()));
        let name = Some(&self.approved_by).filter(|name| !name.is_empty());
        let values = [
            self.position.map(Value::Integer),
            time(self.published),
            name.map(|name| Value::String(name.clone())),
            time(self.reviewed),
        ];
        KEYS.into_iter().zip(values).filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
    }

    /// What it says of times that are still to come, a sentence for each.
    pub(super) fn find_times_to_come(&self, now: Timestamp) -> Vec<String> {
        let stated = [(PUBLISHED, self.published), (REVIEWED, self.reviewed)];
        let to_come =
            stated.into_iter().filter_map(|(key, time)| Some((key, time.filter(|time| time.is_to_come(now))?)));
        to_come.map(|(key, time)| format!("{key}: {} is still to come", time.text())).collect()
    }

    /// What an export says of what visitors see of a document.
    pub(super) async fn of(db: &Conn, live: &Revision) -> Result<Self> {
        let Some(current) = publishing::publications(db, live.document_id, 1).await?.pop() else {
            return Ok(Self::default());
        };
        let zone = &Settings::load(db).await?.zone();
        let review = review::counting(db, live.document_id, live.content.review_by.as_deref()).await?;
        Ok(Self {
            position: None,
            published: Some(StatedTime::of(current.published_at, zone)),
            approved_by: current.approver_name,
            reviewed: review.map(|review| StatedTime::of(review.reviewed_at, zone)),
        })
    }

    /// When and by whom a version was approved that an import publishes. The stated time counts when it lies between the last
    /// publication of its document and now.
    pub(super) async fn decision(&self, write: &Write, document: i64) -> Result<(Timestamp, &str)> {
        let Some(stated) = self.published else { return Ok((write.now, &self.approved_by)) };
        let at = stated.at(&Settings::load(write).await?.zone());
        let last = publishing::publications(write, document, 1).await?.pop().map(|last| last.published_at);
        let counts = at <= write.now && last.is_none_or(|last| at > last);
        Ok((if counts { at } else { write.now }, &self.approved_by))
    }

    /// Notes when the live version was last reviewed, unless that is known; says whether it was not.
    pub(super) async fn note_review(&self, write: &Write, document: &Document) -> Result<bool> {
        let Some(stated) = self.reviewed else { return Ok(false) };
        let at = stated.at(&Settings::load(write).await?.zone()).min(write.now);
        let live = review::reviewed_version(write, document).await?;
        let Some(next) = live.content.review_by.as_deref().and_then(|day| day.parse().ok()) else { return Ok(false) };
        let known = review::latest(write, document.id).await?;
        if known.is_some_and(|known| known.reviewed_at >= at) {
            return Ok(false);
        }
        review::note(write, document, &live, (at, next)).await?;
        Ok(true)
    }
}

fn time(key: &str, value: &Value) -> Result<StatedTime, String> {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    StatedTime::parse(&text).ok_or_else(|| {
        format!("{key}: “{text}” is neither a day such as 2026-11-27 nor a time such as 2026-11-27T14:05:00Z")
    })
}

fn name(value: &Value) -> Result<String, String> {
    let name = clean::line(value.as_str().ok_or("the value of approved_by is of another kind")?);
    let length = name.chars().count();
    if length > NAME { Err(format!("approved_by: has {length} characters; {NAME} are the most")) } else { Ok(name) }
}
