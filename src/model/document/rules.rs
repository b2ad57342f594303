//! What the model has to know from the program around it: the fields of documents, and the paths that it answers
//! itself.

use std::sync::Arc;

use super::fields::FieldTable;

#[derive(Debug, Clone)]
pub struct DocumentRules {
    pub fields: Arc<FieldTable>,
    /// First parts of paths that no page can have.
    pub reserved: &'static [&'static str],
    /// Scheme, host and port of the site; empty where they are not known.
    pub origin: String,
    /// Whether the program answers at a path whose first part no page can have in any case.
    pub is_own: fn(&str) -> bool,
}

impl Default for DocumentRules {
    fn default() -> Self {
        Self { fields: Arc::default(), reserved: &[], origin: String::new(), is_own: |_| false }
    }
}

impl DocumentRules {
    /// Whether the program answers at a path itself, as far as that can be known without asking it.
    #[must_use]
    pub(crate) fn answers(&self, path: &str) -> bool {
        let first = path.split('/').nth(1).unwrap_or_default();
        self.reserved.contains(&first) || (self.is_own)(path)
    }
}
