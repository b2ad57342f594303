//! What a page says of itself when it shows a published version other than by the page's own path.

use jiff::tz::TimeZone;
use serde::Serialize;

use super::{
    document_number::DocumentNumber,
    site_paths::{ChangesPath, VersionPath, VersionsPath},
};
use crate::{
    clock::{Timestamp, long_date},
    model::{cursor::Neighbours, page::public::LivePage, published_version::PublishedVersion},
};

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
        Neighbours { before, after }: Neighbours,
        zone: &TimeZone,
    ) -> Self {
        let (document, version) = (DocumentNumber(found.revision.document_id), found.revision.version);
        let path = |version| VersionPath { document, version }.to_string();
        Self {
            version,
            published: long_date(found.publication.published_at.date(zone)),
            published_iso: found.publication.published_at.iso(),
            ended: found.publication.ended_at.map(|time| long_date(time.date(zone))).unwrap_or_default(),
            ended_iso: found.publication.ended_at.map(Timestamp::iso).unwrap_or_default(),
            approved_by: found.publication.approved_by().to_owned(),
            address: path(version),
            current: page.path.clone(),
            versions: VersionsPath { document }.to_string(),
            before: before.map(path).unwrap_or_default(),
            after: after.map(path).unwrap_or_default(),
            changes: before.map(|earlier| ChangesPath { document, version, earlier }.to_string()).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    VersionNotice {
        version, published, published_iso, ended, ended_iso, approved_by, address, current, versions, before, after, changes
    }
}
