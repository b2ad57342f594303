//! The document-control block at the foot of a public page.

use jiff::{civil::Date, tz::TimeZone};
use serde::Serialize;

use super::render_input::RenderInput;
use crate::{
    clock::{Timestamp, long_date},
    error::Result,
    model::publishing::{self, Publication},
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
    review_by: String,
    overdue: bool,
    address: String,
    changes: Vec<PublishedChange>,
}

#[derive(Serialize)]
pub(crate) struct PublishedChange {
    version: i64,
    date: String,
    date_iso: String,
    note: String,
    by: String,
}

/// The document-control block at the foot of every page.
pub(crate) async fn document_control(
    app: &App,
    input: &RenderInput,
    zone: &TimeZone,
) -> Result<Option<DocumentControl>> {
    let revision = &input.revision;
    let publications = publishing::publications(app.read(), revision.document_id, CHANGES).await?;
    // A preview of the live version shows what visitors see; any other version counts as not published, even if it was
    // once.
    let current = publications
        .iter()
        .find(|publication| publication.version == revision.version && publication.ended_at.is_none());
    let published = current.map(|publication| publication.published_at);
    let by = current.map(|publication| publication.publisher_name.clone()).unwrap_or_default();
    let approver = current.map(|publication| publication.approver_name.clone()).filter(|name| !name.is_empty());
    let review = revision.content.review_by.as_deref().and_then(|day| day.parse::<Date>().ok());
    Ok(Some(DocumentControl {
        document: match revision.document_id {
            0 => "has no number until it is saved".to_owned(),
            id => format!("P-{id}"),
        },
        version: revision.version,
        owner: revision.content.owner.clone(),
        approved_by: approver.unwrap_or(by),
        published: published.map_or_else(|| "not yet".to_owned(), |time| long_date(time.date(zone))),
        published_iso: published.map(Timestamp::iso).unwrap_or_default(),
        review_by: review.map(long_date).unwrap_or_default(),
        overdue: review.is_some_and(|day| day < app.now().date(zone)),
        address: format!("{}{}", app.config.origin(), input.path),
        changes: changes(&publications)
            .map(|publication| PublishedChange {
                version: publication.version,
                date: long_date(publication.published_at.date(zone)),
                date_iso: publication.published_at.iso(),
                note: publication.note.clone(),
                by: publication.publisher_name.clone(),
            })
            .collect(),
    }))
}

/// Each version once, from when it was first public: publishing the same one again changed nothing.
fn changes(publications: &[Publication]) -> impl Iterator<Item = &Publication> {
    let again = |at: usize| publications.get(at + 1).is_some_and(|before| before.version == publications[at].version);
    publications.iter().enumerate().filter(move |(at, _)| !again(*at)).map(|(_, publication)| publication)
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    DocumentControl { document, version, owner, approved_by, published, published_iso, review_by, overdue, address, changes }
    PublishedChange { version, date, date_iso, note, by }
}
