//! The published versions of a page as lists show them: what each changed, when, and who answers for it.

use jiff::tz::TimeZone;
use serde::Serialize;

use super::{
    document_number::DocumentNumber,
    site_paths::{ChangesPath, VersionPath},
};
use crate::{clock::long_date, model::publishing::Publication};

/// For `templates/site/published_change.html`.
#[derive(Serialize)]
pub(crate) struct PublishedChange {
    version: i64,
    /// Path of the page as it was.
    path: String,
    /// Path of what it changed since the version before; empty for the first.
    changes: String,
    date: String,
    date_iso: String,
    note: String,
    by: String,
    /// Whether a list of all versions marks it as the one that visitors see.
    is_live: bool,
}

/// Those of `versions`, the newest first; each with what it changed since the one behind it.
pub(crate) fn list(
    document: DocumentNumber,
    versions: &[Publication],
    live: Option<i64>,
    zone: &TimeZone,
) -> Vec<PublishedChange> {
    let change = |(at, one): (usize, &Publication)| {
        let (version, before) = (one.version, versions.get(at + 1));
        let changes = |before: &Publication| ChangesPath { document, version, earlier: before.version }.to_string();
        PublishedChange {
            version,
            path: VersionPath { document, version }.to_string(),
            changes: before.map(changes).unwrap_or_default(),
            date: long_date(one.published_at.date(zone)),
            date_iso: one.published_at.iso(),
            note: one.note.clone(),
            by: one.approved_by().to_owned(),
            is_live: live == Some(version),
        }
    };
    versions.iter().enumerate().map(change).collect()
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    PublishedChange { version, path, changes, date, date_iso, note, by, is_live }
}
