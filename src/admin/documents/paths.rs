//! The paths of a document's screens in the admin area, whatever its kind.

use crate::{
    admin::{
        paths::{
            ComparePath, DocumentCommentsPath, DocumentSchedulesPath, OwnerPath, PreviewLinksPath, PublicationPath,
            RestoreChangePath, ReviewPath, RevisionPath, RevisionsPath, SchedulePath,
        },
        shared::{admin_context::AdminContext, document_kinds::screens},
    },
    error::{Error, Result},
    model::document::{kind::DocumentKind, record::Document},
};

#[must_use]
pub(crate) fn edit_screen(kind: DocumentKind, id: i64) -> String {
    format!("{}/{id}", screens(kind).paths.list)
}

/// The same for a document whose kind is not known.
/// `NotFound` when there is no such document.
pub(crate) async fn find_edit_screen(admin: &AdminContext, id: i64) -> Result<String> {
    let document = Document::find(admin.app.read(), id).await?.ok_or(Error::NotFound)?;
    Ok(edit_screen(document.kind, id))
}

#[must_use]
pub(crate) fn revisions(id: i64) -> String {
    RevisionsPath { id }.to_string()
}

#[must_use]
pub(crate) fn revision(id: i64, version: i64) -> String {
    RevisionPath { id, version }.to_string()
}

#[must_use]
pub(crate) fn preview_links(id: i64) -> String {
    PreviewLinksPath { id }.to_string()
}

#[must_use]
pub(crate) fn schedules(id: i64) -> String {
    DocumentSchedulesPath { id }.to_string()
}

#[must_use]
pub(crate) fn schedule(id: i64, schedule: i64) -> String {
    SchedulePath { id, schedule }.to_string()
}

#[must_use]
pub(crate) fn review(id: i64) -> String {
    ReviewPath { id }.to_string()
}

#[must_use]
pub(crate) fn owner(id: i64) -> String {
    OwnerPath { id }.to_string()
}

#[must_use]
pub(crate) fn comments(id: i64) -> String {
    DocumentCommentsPath { id }.to_string()
}

#[must_use]
pub(crate) fn compare(id: i64) -> String {
    ComparePath { id }.to_string()
}

/// Where to send which of the changes since a version should be brought back.
#[must_use]
pub(crate) fn restore_change(id: i64, version: i64) -> String {
    RestoreChangePath { id, version }.to_string()
}

#[must_use]
pub(crate) const fn list(kind: DocumentKind) -> &'static str {
    screens(kind).paths.list
}

/// Where the same is done with several documents.
#[must_use]
pub(crate) const fn bulk(kind: DocumentKind) -> &'static str {
    screens(kind).paths.bulk
}

/// Path of the screen that shows what publishing it would make public.
#[must_use]
pub(crate) fn publication(id: i64) -> String {
    PublicationPath { id }.to_string()
}

/// Where the form of a document sends what is typed while it is typed.
#[must_use]
pub(crate) fn draft(kind: DocumentKind, id: i64) -> String {
    format!("{}/draft", edit_screen(kind, id))
}

/// Where the form of a document sends what is typed to be checked.
#[must_use]
pub(crate) fn checks(kind: DocumentKind, id: i64) -> String {
    format!("{}/checks", edit_screen(kind, id))
}

/// The form of a new document.
#[must_use]
pub(crate) const fn new(kind: DocumentKind) -> &'static str {
    screens(kind).paths.new
}

/// The same with everything of the document whose id is `copy_of`, below the page `under`; both may be empty.
#[must_use]
pub(crate) fn new_from(kind: DocumentKind, copy_of: &str, under: &str) -> String {
    new_with(kind, &[("copy_of", copy_of), ("under", under)])
}

/// The same for one of a type.
#[must_use]
pub(crate) fn new_of_type(kind: DocumentKind, key: &str, under: &str) -> String {
    new_with(kind, &[("type", key), ("under", under)])
}

fn new_with(kind: DocumentKind, values: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = values.iter().filter(|(_, value)| !value.is_empty()).collect();
    let query = serde_html_form::to_string(&pairs).unwrap_or_default();
    if query.is_empty() { new(kind).to_owned() } else { format!("{}?{query}", new(kind)) }
}

/// The same with this draft of it.
#[must_use]
pub(crate) fn new_from_draft(kind: DocumentKind, key: &str) -> String {
    format!("{}?draft={key}", screens(kind).paths.new)
}
