//! A change of a type that a form asks for, before anything is done.

use crate::model::document::document_type::{DocumentType, TypeDefinition};

pub(super) struct AskedChange<'a> {
    pub(super) now: &'a DocumentType,
    pub(super) next: TypeDefinition,
    /// The version that its user saw, as the form has it.
    pub(super) base: &'a str,
    /// The same when they have seen how documents fare.
    pub(super) confirmed: &'a str,
    /// Where the form is sent, and what it holds, to be sent once more.
    pub(super) action: String,
    pub(super) fields: Vec<(&'static str, String)>,
}
