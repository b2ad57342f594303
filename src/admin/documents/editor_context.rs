//! What the editor shows around the form of a document: its place, links from it, and what must exist first. Made by
//! the file of the same name in the folder of each kind.

use serde::Serialize;

use crate::{
    admin::shared::document_kinds::screens, model::document::kind::DocumentKind, web::form_errors::SelectOption,
};

/// Everything on the editor's screen except the form, the preview and the publication status.
#[derive(Debug, Default, Serialize)]
pub(crate) struct EditorContext {
    /// From the list of all of its kind to what is above it.
    pub(crate) above: Vec<Link>,
    /// Where visitors see it; empty when there is no such place.
    pub(crate) path: String,
    /// A sentence for one that is not saved yet; empty for the usual one.
    pub(crate) sentence: String,
    /// Fields that its form leaves out, because it cannot have another value in them.
    pub(crate) fixed: Vec<&'static str>,
    /// Whether it can be moved, unpublished and trashed.
    pub(crate) is_removable: bool,
    pub(crate) more: Vec<Link>,
    /// The pages that a new one can be below.
    pub(crate) parents: Option<Parents>,
    /// What has to be made before there can be one.
    pub(crate) missing: Option<Missing>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Link {
    pub(crate) label: String,
    pub(crate) path: String,
}

/// The pages above that are offered.
#[derive(Debug, Serialize)]
pub(crate) struct Parents {
    pub(crate) choices: Vec<SelectOption>,
    pub(crate) chosen: String,
    /// How many are offered, of how many in all; empty when there is nothing to say.
    pub(crate) sentence: String,
    /// Whether there are others, to be found by their title or path.
    pub(crate) can_find: bool,
}

/// What has to be made first.
#[derive(Debug, Serialize)]
pub(crate) struct Missing {
    pub title: &'static str,
    /// What to do, on a screen with nothing else.
    pub text: &'static str,
    /// The same above a form with something typed.
    pub note: &'static str,
    /// Where to make it, for users who may.
    pub(crate) link: Option<Link>,
}

impl EditorContext {
    /// Only the link back to the list of this kind.
    #[must_use]
    pub(crate) fn of_kind(kind: DocumentKind) -> Self {
        let row = screens(kind);
        let list = Link { label: row.list_label.to_owned(), path: row.paths.list.to_owned() };
        Self { above: vec![list], is_removable: true, ..Self::default() }
    }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    EditorContext { above, path, sentence, fixed, is_removable, more, parents, missing }
    Link { label, path }
    Parents { choices, chosen, sentence, can_find }
    Missing { title, text, note, link }
}
