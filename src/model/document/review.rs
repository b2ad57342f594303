//! Reviews of documents: a user looked at one, found it still right, and said when it is to be looked at again. A review makes no
//! version. Its date counts while the version that counts gives the date that it replaced: a date that is changed in the form
//! counts from then on. SQL has the same rule in the views `review_date` and `due_review`.

use jiff::{ToSpan, civil::Date};

use super::{
    kind::{DocumentAction, DocumentKind},
    owner::{OwnedBy, StoredOwner},
    record::Document,
    revision::{self, Revision},
};
use crate::{
    clock::{Timestamp, long_date},
    db::conn::Conn,
    error::{Error, Result, ValidationErrors},
    model::{cursor::Cursor, stored_content, write::Write},
};

/// A document is due for review this many days before its date.
pub(crate) const AHEAD: i64 = 30;
/// After so many months a document is reviewed again, unless its user says otherwise; and after so many years at the latest.
const USUAL_MONTHS: i64 = 12;
const MOST_YEARS: i64 = 100;

/// The latest review of a document.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Review {
    pub(crate) reviewed_at: Timestamp,
    pub(crate) reviewer_name: String,
    pub(crate) next_review_on: String,
    replaces: Option<String>,
}

impl Review {
    /// Whether its date counts for a version with this date.
    fn counts_for(&self, stated: Option<&str>) -> bool {
        self.replaces.as_deref() == stated
    }
}

/// The latest review of a document.
pub(crate) async fn latest(db: &Conn, document_id: i64) -> Result<Option<Review>> {
    let sql = "select reviewed_at, reviewer_name, next_review_on, replaces from document_review where document_id = $1";
    Ok(db.optional(sql, (document_id,)).await?)
}

/// The same, if its date counts for a version with the date `stated`.
pub(crate) async fn counting(db: &Conn, document_id: i64, stated: Option<&str>) -> Result<Option<Review>> {
    Ok(latest(db, document_id).await?.filter(|review| review.counts_for(stated)))
}

/// When a document is to be looked at again, `YYYY-MM-DD`, by a version with the date `stated` and the latest review.
pub(crate) async fn date(db: &Conn, document_id: i64, stated: Option<&str>) -> Result<Option<String>> {
    let review = counting(db, document_id, stated).await?;
    Ok(review.map(|review| review.next_review_on).or_else(|| stated.map(ToOwned::to_owned)))
}

/// The version that is reviewed: what visitors see, or else the newest.
/// `NotFound` when there is none.
pub(crate) async fn reviewed_version(db: &Conn, document: &Document) -> Result<Revision> {
    match document.published_revision_id {
        Some(live) => revision::find(db, live).await?.ok_or(Error::NotFound),
        None => revision::latest(db, document.id).await,
    }
}

/// What is offered as the next date.
#[must_use]
pub(crate) fn usual_next(today: Date) -> Date {
    today.saturating_add(USUAL_MONTHS.months())
}

/// The day that was typed as the next date.
/// `Validation` on `next_review`.
pub(crate) fn parse_next(typed: &str, today: Date) -> Result<Date, ValidationErrors> {
    let refuse = |sentence: &str| ValidationErrors::one("next_review", sentence);
    let next = typed.trim().parse::<Date>().map_err(|_| refuse("Enter a day, for example 2027-06-30"))?;
    if next <= today {
        return Err(refuse("Choose a day after today"));
    }
    if next > today.saturating_add(MOST_YEARS.years()) {
        return Err(refuse("Choose a day within a hundred years"));
    }
    Ok(next)
}

/// Notes that `version` of a document was found still right, and when it is to be looked at again. Gives its title.
/// `Conflict` when another version counts by now.
pub(crate) async fn mark(write: &Write, document: &Document, version: i64, next: Date) -> Result<String> {
    let reviewed = reviewed_version(write, document).await?;
    if reviewed.version != version {
        let sentence = format!(
            "Version {} counts by now, and you saw version {version}. Look at it, then mark it as reviewed.",
            reviewed.version
        );
        return Err(Error::Conflict(sentence));
    }
    note(write, document, &reviewed, (write.now, next)).await?;
    Ok(reviewed.content.title)
}

/// Notes that a version of a document was found still right, when, and when it is to be looked at again.
pub(crate) async fn note(
    write: &Write,
    document: &Document,
    reviewed: &Revision,
    (at, next): (Timestamp, Date),
) -> Result<()> {
    write
        .execute(
            "insert into document_review (document_id, reviewed_at, reviewer_id, reviewer_name, next_review_on, replaces) \
             values ($1, $2, $3, $4, $5, $6) on conflict (document_id) do update set reviewed_at = excluded.reviewed_at, \
             reviewer_id = excluded.reviewer_id, reviewer_name = excluded.reviewer_name, \
             next_review_on = excluded.next_review_on, replaces = excluded.replaces",
            (
                document.id,
                at,
                write.actor.id,
                write.actor.name.as_str(),
                next.to_string(),
                reviewed.content.review_by.as_deref(),
            ),
        )
        .await?;
    let stored = stored_content::reviews(write, document.id - 1, 1).await?.pop().ok_or(Error::NotFound)?;
    write.record_content(stored.content());
    let entry = document.entry(DocumentAction::Review, &reviewed.content.title);
    write.record(entry.detail(format!("version {}, next review by {}", reviewed.version, long_date(next))));
    if document.is_live() {
        // The document control of its page has the date.
        write.touch_public();
    }
    Ok(())
}

/// A document with a date by which it is to be looked at again.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct DueReview {
    pub(crate) id: i64,
    pub(crate) kind: DocumentKind,
    pub(crate) title: String,
    pub(crate) version: i64,
    #[sqlx(flatten)]
    pub(crate) owner: StoredOwner,
    pub(crate) live: bool,
    /// By when, `YYYY-MM-DD`.
    pub(crate) review_on: String,
}

/// Documents that are due on the day `until` or before, the longest overdue first; those with these owners. The cursor is the
/// date and the id of a document.
pub(crate) async fn list_due(
    db: &Conn,
    until: Date,
    owned: OwnedBy,
    cursor: Option<&Cursor<(String, i64)>>,
    limit: i64,
) -> Result<Vec<DueReview>> {
    let (until, first, (user, role)) = (until.to_string(), (String::new(), 0), owned.args());
    let (date, id) = match cursor {
        Some(Cursor::Before((date, id))) => {
            let mut found: Vec<DueReview> = db
                .all(
                    "select * from due_review where review_on <= $1 and (review_on, id) < ($2, $3) \
                     and ($4 = 0 or $4 = -1 and not has_owner or owner_id = $4 or owner_role = $5) \
                     order by review_on desc, id desc limit $6",
                    (until, date.as_str(), *id, user, role, limit),
                )
                .await?;
            found.reverse();
            return Ok(found);
        }
        Some(Cursor::After(key)) => key,
        None => &first,
    };
    Ok(db
        .all(
            "select * from due_review where review_on <= $1 and (review_on, id) > ($2, $3) \
             and ($4 = 0 or $4 = -1 and not has_owner or owner_id = $4 or owner_role = $5) \
             order by review_on, id limit $6",
            (until, date.as_str(), *id, user, role, limit),
        )
        .await?)
}

/// How many documents are due for review.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub(crate) struct DueCounts {
    pub(crate) overdue: i64,
    /// Those of them that have these owners.
    pub(crate) owned: i64,
    /// Due soon or overdue.
    pub(crate) due: i64,
}

/// Those that are overdue on the day `today`, and those that are due on the day `until` or before.
pub(crate) async fn count_due(db: &Conn, today: Date, until: Date, owned: OwnedBy) -> Result<DueCounts> {
    let (user, role) = owned.args();
    Ok(db
        .one(
            "select count(case when review_on < $1 then 1 end) as overdue, \
             count(case when review_on < $1 and (owner_id = $3 or owner_role = $4) then 1 end) as owned, \
             count(*) as due from due_review where review_on <= $2",
            (today.to_string(), until.to_string(), user, role),
        )
        .await?)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_next_date_is_a_day_to_come() {
        let today = date(2026, 11, 26);
        assert_eq!(usual_next(today), date(2027, 11, 26));
        assert_eq!(parse_next(" 2026-11-27 ", today), Ok(date(2026, 11, 27)));
        for refused in ["2026-11-26", "2126-11-27", "soon", "", "2026-02-30"] {
            assert!(parse_next(refused, today).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_date_that_is_changed_in_the_form_counts_again() {
        let review = Review {
            reviewed_at: Timestamp(0),
            reviewer_name: String::new(),
            next_review_on: "2028-01-01".to_owned(),
            replaces: Some("2026-01-01".to_owned()),
        };
        assert!(review.counts_for(Some("2026-01-01")));
        assert!(!review.counts_for(Some("2027-01-01")) && !review.counts_for(None));
    }
}
