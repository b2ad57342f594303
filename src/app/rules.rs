//! The rules for documents that this program has.

use std::sync::Arc;

use crate::{
    model::{
        document::{fields::FieldTable, rules::DocumentRules},
        policy::{self, Policy},
    },
    render::site_paths,
};

/// First parts of the paths that the program answers itself; a test compares them with its routes.
const RESERVED: [&str; 9] = ["admin", "api", "healthz", "media", "preview", "readyz", "search", "static", "versions"];

/// What tests can have otherwise.
pub struct Rules {
    pub fields: FieldTable,
    pub policy: Policy,
}

impl Default for Rules {
    fn default() -> Self {
        Self { fields: FieldTable::default(), policy: policy::allows }
    }
}

#[must_use]
pub(crate) fn of(fields: FieldTable, origin: String) -> DocumentRules {
    DocumentRules { fields: Arc::new(fields), reserved: &RESERVED, origin, is_own: site_paths::is_own }
}
