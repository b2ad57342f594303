//! The document-control block at the foot of a public page.

use jiff::{civil::Date, tz::TimeZone};
use serde::Serialize;

use super::{
    document_number::DocumentNumber,
    published_change::{self, PublishedChange},
    render_input::RenderInput,
    site_paths::VersionsPath,
};
use crate::{
    clock::{Timestamp, long_date},
    error::Result,
    model::{document::review, published_version::each_once, publishing},
    state::app_state::App,
};

/// How many changes the control block lists.
const CHANGES: i64 = 20;

#[derive(Serialize)]
pub(crate) struct DocumentControl {
    document: String,
    version: i64,
    owner: String,
    approved_by: String,
    published: String,
    published_iso: String,
    /// When it was looked at last, if that was after it was published; empty otherwise.
    reviewed: String,
    reviewed_iso: String,
    review_by: String,
    overdue: bool,
    address: String,
    changes: Vec<PublishedChange>,
    /// Path of the list of all versions.
    versions: String,
}

/// The document-control block at the foot of every page.
pub(crate) async fn document_control(
    app: &App,
    input: &RenderInput,
    zone: &TimeZone,
) -> Result<Option<DocumentControl>> {
    let (revision, number) = (&input.revision, DocumentNumber(input.revision.document_id));
    let publications = publishing::publications(app.read(), revision.document_id, CHANGES).await?;
    // A preview of the live version shows what visitors see; any other version counts as not published, even if it was
    // once.
    let current = publications
        .iter()
        .find(|publication| publication.version == revision.version && publication.ended_at.is_none());
    let mut published = current.map_or_else(
        || ("not yet".to_owned(), String::new()),
        |publication| (long_date(publication.published_at.date(zone)), publication.published_at.iso()),
    );
    let mut approved_by = current.map(|publication| publication.approved_by().to_owned()).unwrap_or_default();
    let mut path = &input.path;
    if let Some(notice) = &input.notice {
        published = (notice.published.clone(), notice.published_iso.clone());
        approved_by.clone_from(&notice.approved_by);
        path = &notice.address;
    }
    let (reviewed, due) = review_dates(app, input).await?;
    let reviewed = reviewed.filter(|at| current.is_some_and(|current| *at > current.published_at));
    Ok(Some(DocumentControl {
        document: match revision.document_id {
            ..=0 => "has no number until it is saved".to_owned(),
            _ => number.to_string(),
        },
        version: revision.version,
        owner: revision.content.owner.clone(),
        approved_by,
        published: published.0,
        published_iso: published.1,
        reviewed: reviewed.map(|at| long_date(at.date(zone))).unwrap_or_default(),
        reviewed_iso: reviewed.map(Timestamp::iso).unwrap_or_default(),
        review_by: due.map(long_date).unwrap_or_default(),
        overdue: due.is_some_and(|day| day < app.now().date(zone)),
        address: format!("{}{path}", app.config.origin()),
        changes: published_change::list(number, &each_once(publications), None, zone),
        versions: VersionsPath { document: number }.to_string(),
    }))
}

/// When the page was looked at last, and when that is due again. A published version at an address of its own goes on saying what
/// it says itself.
async fn review_dates(app: &App, input: &RenderInput) -> Result<(Option<Timestamp>, Option<Date>)> {
    let (id, stated) = (input.revision.document_id, input.revision.content.review_by.as_deref());
    let review = match input.notice {
        Some(_) => None,
        None => review::counting(app.read(), id, stated).await?,
    };
    let due = review.as_ref().map(|review| review.next_review_on.as_str()).or(stated);
    Ok((review.as_ref().map(|review| review.reviewed_at), due.and_then(|day| day.parse().ok())))
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    DocumentControl { document, version, owner, approved_by, published, published_iso, reviewed, reviewed_iso, review_by, overdue, address, changes, versions }
}
