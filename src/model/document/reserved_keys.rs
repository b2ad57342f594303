//! Keys that no field of a type can have: those of every document, and names that its form uses otherwise.

use super::{field_table, keys};

/// Names of the controls of a document's form that are no field, and of what its file says beside the fields.
const FORM: [&str; 17] = [
    "base",
    "under",
    "made_from",
    "find",
    "copy_of",
    "do",
    "clash",
    "submission",
    "position",
    "published",
    "approved_by",
    "reviewed",
    "draft",
    "path",
    "file",
    // What a file says of values that its fields would not take.
    "unfit",
    // The path of the form of a new field.
    "new",
];
/// How they may begin.
const FORM_PREFIXES: [&str; 4] = ["draft_", "keep_", "yours_", "theirs_"];

/// Whether the form of a document has something else under this name.
#[must_use]
pub(crate) fn is_name_of_form(key: &str) -> bool {
    FORM.contains(&key) || FORM_PREFIXES.iter().any(|prefix| key.starts_with(prefix))
}

/// Whether every document, of one kind or another, has a field of this key.
#[must_use]
pub(crate) fn is_builtin(key: &str) -> bool {
    key == keys::TYPE || field_table::rows().iter().any(|field| field.key == key)
}
