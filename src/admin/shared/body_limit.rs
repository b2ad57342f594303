//! How large the body of a form may be.

use crate::model::document::field_table::BODY_MAX;

/// Largest body of an ordinary form, in bytes: many times the limits of its fields, so that what is too long is shown
/// again as it was typed.
pub(crate) const FORM: usize = 256 * 1024;
/// Largest body of a form with a document's text: percent-encoding takes up to three bytes for one.
pub(crate) const TEXT_FORM: usize = 3 * BODY_MAX + FORM;
