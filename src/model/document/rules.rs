//! What the model has to know from the program around it: the fields of documents, and the paths that it answers
//! itself.

use std::sync::Arc;

use super::fields::FieldTable;

#[derive(Debug, Clone, Default)]
pub struct DocumentRules {
    pub fields: Arc<FieldTable>,
    /// First parts of paths that no page can have.
    pub reserved: &'static [&'static str],
}
