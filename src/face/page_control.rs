//! The document-control block at the foot of a public page.

use jiff::{civil::Date, tz::TimeZone};
use serde::Serialize;

use super::{page_view::Subject, state::App};
use crate::{error::Result, model::publishing, text::time::long_date};

/// How many changes the control block lists.
const CHANGES: i64 = 20;

#[derive(Serialize)]
pub(super) struct Control {
    document: String,
    version: i64,
    owner: String,
    approved_by: String,
    published: String,
    published_iso: String,
    review_by: String,
    overdue: bool,
    address: String,
    changes: Vec<Change>,
}

#[derive(Serialize)]
pub(super) struct Change {
    version: i64,
    date: String,
    date_iso: String,
    note: String,
    by: String,
}

/// The document-control block: what is shown with pride at the foot of every page.
pub(super) async fn control(app: &App, subject: &Subject, zone: &TimeZone) -> Result<Option<Control>> {
    let revision = &subject.revision;
    let publications = publishing::publications(app.read(), revision.document_id, CHANGES).await?;
    let current = publications.iter().find(|publication| publication.version == revision.version);
    let (published, by) = match current {
        Some(publication) if !subject.preview => (publication.published_at, publication.publisher_name.clone()),
        _ => (revision.created_at, String::new()),
    };
    let approver = current.map(|publication| publication.approver_name.clone()).filter(|name| !name.is_empty());
    let review = revision.content.review_by.as_deref().and_then(|day| day.parse::<Date>().ok());
    Ok(Some(Control {
        document: format!("P-{}", revision.document_id),
        version: revision.version,
        owner: revision.content.owner.clone(),
        approved_by: approver.unwrap_or(by),
        published: long_date(published.date(zone)),
        published_iso: published.iso(),
        review_by: review.map(long_date).unwrap_or_default(),
        overdue: review.is_some_and(|day| day < app.now().date(zone)),
        address: format!("{}{}", app.config.origin(), subject.path),
        changes: publications
            .iter()
            .map(|publication| Change {
                version: publication.version,
                date: long_date(publication.published_at.date(zone)),
                date_iso: publication.published_at.iso(),
                note: publication.note.clone(),
                by: publication.publisher_name.clone(),
            })
            .collect(),
    }))
}
