//! Where at the desk a document is found, whatever its kind.

use crate::model::document::Kind;

/// Address of the screen that edits it.
#[must_use]
pub fn edit_screen(kind: Kind, id: i64) -> String {
    match kind {
        Kind::Page => format!("/admin/pages/{id}"),
        Kind::FaqItem => format!("/admin/faq/{id}"),
    }
}

/// Address of the list of its versions.
#[must_use]
pub fn versions(id: i64) -> String {
    format!("/admin/documents/{id}/revisions")
}
