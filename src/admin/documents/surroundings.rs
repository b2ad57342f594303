//! What the editor shows around the form of a document: where it is, where it leads, and what must be there first. Made by
//! the file of the same name in the folder of each kind.

use serde::Serialize;

use crate::{
    admin::shared::document_kinds::screens, model::document::kind::DocumentKind, web::form_errors::SelectOption,
};

/// Everything on the editor's screen but the form, the preview and the publication status.
#[derive(Debug, Default, Serialize)]
pub struct Surroundings {
    /// From the list of all of its kind to what is above it.
    pub above: Vec<Link>,
    /// Where visitors see it; empty when there is no such place.
    pub path: String,
    /// A sentence for one that is not saved yet; empty for the usual one.
    pub sentence: String,
    /// Fields that its form leaves out, because it cannot have another value in them.
    pub fixed: Vec<&'static str>,
    /// Whether it can be moved, unpublished and trashed.
    pub is_removable: bool,
    /// Other screens about it.
    pub more: Vec<Link>,
    /// Where a new one can go, when the place it was meant for is gone.
    pub parents: Option<Parents>,
    /// What has to be made before there can be one.
    pub missing: Option<Missing>,
}

/// A link.
#[derive(Debug, Serialize)]
pub struct Link {
    /// Its words.
    pub label: String,
    /// Where it leads.
    pub path: String,
}

/// The pages above that are offered.
#[derive(Debug, Serialize)]
pub struct Parents {
    /// The list.
    pub choices: Vec<SelectOption>,
    /// How many of how many are offered.
    pub sentence: String,
}

/// What has to be made first.
#[derive(Debug, Serialize)]
pub struct Missing {
    /// What is not there.
    pub title: &'static str,
    /// What to do, on a screen with nothing else.
    pub text: &'static str,
    /// The same above a form with something typed.
    pub note: &'static str,
    /// Where to make it.
    pub link: Link,
}

impl Surroundings {
    /// Nothing but the way back to the list of this kind.
    #[must_use]
    pub fn of_kind(kind: DocumentKind) -> Self {
        let row = screens(kind);
        let list = Link { label: row.list_label.to_owned(), path: row.list.to_owned() };
        Self { above: vec![list], is_removable: true, ..Self::default() }
    }
}
