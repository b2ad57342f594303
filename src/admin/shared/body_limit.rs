//! How large the body of a form may be.

use crate::model::document::field_table::BODY_MAX;

/// Largest body of an ordinary form, in bytes: many times the limits of its fields, so that what is too long is shown
/// again as it was typed.
pub(crate) const FORM: usize = 256 * 1024;
/// What the limit of forms with files is counted in: a MiB.
pub(crate) const FILES_UNIT: usize = 1024 * 1024;
/// Largest body of a form with a list of many thousand lines.
pub(crate) const LIST_FORM: usize = 8 * 1024 * 1024;
/// Largest body of a form with a document's text: a line break is sent as two characters, each percent-encoded in three
/// bytes.
pub(crate) const TEXT_FORM: usize = 6 * BODY_MAX + FORM;
