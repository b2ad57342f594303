//! What a page says of itself when it shows a published version other than by the page's own path; and the addresses of
//! published versions, which the control block and the pages about versions link to.

use jiff::tz::TimeZone;
use serde::Serialize;

use crate::{
    clock::{Timestamp, long_date},
    model::{page::public::LivePage, published_version::PublishedVersion},
};

/// The number by which a page is cited.
#[must_use]
pub(crate) fn number(id: i64) -> String {
    format!("P-{id}")
}

/// The document with such a number.
#[must_use]
pub(crate) fn parse_number(number: &str) -> Option<i64> {
    let digits = number.strip_prefix("P-")?;
    let id = digits.parse().ok().filter(|id| *id > 0)?;
    (self::number(id) == number).then_some(id)
}

#[must_use]
pub(crate) fn versions_path(id: i64) -> String {
    format!("/versions/{}", number(id))
}

#[must_use]
pub(crate) fn version_path(id: i64, version: i64) -> String {
    format!("/versions/{}/{version}", number(id))
}

/// What `version` changed since `earlier`.
#[must_use]
pub(crate) fn changes_path(id: i64, version: i64, earlier: i64) -> String {
    format!("/versions/{}/{version}/since/{earlier}", number(id))
}

/// For the banner of `templates/site/base.html`.
#[derive(Debug, Clone, Serialize)]
pub struct VersionNotice {
    version: i64,
    pub(crate) published: String,
    pub(crate) published_iso: String,
    /// Until when visitors saw it; empty while they do.
    ended: String,
    ended_iso: String,
    pub(crate) approved_by: String,
    pub(crate) address: String,
    /// Path of the page as it is now, and of all its versions.
    current: String,
    versions: String,
    /// Paths; empty where there is none.
    before: String,
    after: String,
    changes: String,
}

impl VersionNotice {
    #[must_use]
    pub(crate) fn of(
        page: &LivePage,
        found: &PublishedVersion,
        (before, after): (Option<i64>, Option<i64>),
        zone: &TimeZone,
    ) -> Self {
        let (id, version) = (found.revision.document_id, found.revision.version);
        let path = |version: Option<i64>| version.map(|version| version_path(id, version)).unwrap_or_default();
        Self {
            version,
            published: long_date(found.publication.published_at.date(zone)),
            published_iso: found.publication.published_at.iso(),
            ended: found.publication.ended_at.map(|time| long_date(time.date(zone))).unwrap_or_default(),
            ended_iso: found.publication.ended_at.map(Timestamp::iso).unwrap_or_default(),
            approved_by: found.publication.approved_by().to_owned(),
            address: version_path(id, version),
            current: page.path.clone(),
            versions: versions_path(id),
            before: path(before),
            after: path(after),
            changes: before.map(|before| changes_path(id, version, before)).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    VersionNotice {
        version, published, published_iso, ended, ended_iso, approved_by, address, current, versions, before, after, changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_it_is_written() {
        assert_eq!(parse_number(&number(12)), Some(12));
        for wrong in ["", "12", "P-", "P-0", "P-012", "p-12", "P--1", "P-+1", "P-x", "P-99999999999999999999"] {
            assert_eq!(parse_number(wrong), None, "{wrong}");
        }
    }
}
