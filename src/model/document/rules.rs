//! What the program that holds the model says of documents: which fields they have, and which addresses it answers itself.

use std::sync::Arc;

use super::fields::FieldTable;

#[derive(Debug, Clone, Default)]
pub struct DocumentRules {
    pub fields: Arc<FieldTable>,
    /// First parts of addresses that no page can have.
    pub reserved: &'static [&'static str],
}
