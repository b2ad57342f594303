//! A list of documents, as several lists of the report show it.

use serde::Serialize;

use crate::{
    admin::documents::paths, model::site_report::ReportedDocument, render::pagination::Pagination,
    web::form_errors::SelectOption,
};

/// What `templates/admin/report/list.html` takes.
#[derive(Debug, Serialize)]
pub(super) struct DocumentList {
    /// What is listed, in a sentence above the list.
    pub(super) told: &'static str,
    /// The heading of the column of details; empty for none.
    pub(super) detail: &'static str,
    pub(super) rows: Vec<DocumentRow>,
    /// The list that this one belongs to, by its path and name, if it is not the report itself.
    pub(super) above: Option<SelectOption>,
    /// What is said of an empty list: a heading and a sentence.
    pub(super) empty: (&'static str, &'static str),
    pub(super) pages: Pagination,
}

#[derive(Debug, Serialize)]
pub(super) struct DocumentRow {
    title: String,
    kind: &'static str,
    edit: String,
    detail: String,
}

impl DocumentRow {
    pub(super) fn of(found: ReportedDocument) -> Self {
        Self {
            kind: found.kind.noun(),
            edit: paths::edit_screen(found.kind, found.id),
            title: found.title,
            detail: found.detail,
        }
    }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    DocumentList { told, detail, rows, above, empty, pages }
    DocumentRow { title, kind, edit, detail }
}
