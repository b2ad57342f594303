//! The rules for documents that this program has.

use std::sync::Arc;

use crate::model::document::{fields::FieldTable, rules::DocumentRules};

/// First parts of the addresses that the program answers itself; a test compares them with its routes.
const RESERVED: [&str; 5] = ["admin", "healthz", "readyz", "search", "static"];

#[must_use]
pub(crate) fn of(fields: FieldTable) -> DocumentRules {
    DocumentRules { fields: Arc::new(fields), reserved: &RESERVED }
}
