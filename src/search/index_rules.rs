//! By what rules an index is made: how words are cut to stems, and which fields of types are searched. An index that was made by others
//! is made again.

use super::stemming::Stemming;
use crate::model::document::fields::FieldTable;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct IndexRules {
    pub(crate) stemming: Stemming,
    /// A hash of the searched fields of all types; empty for none.
    types: String,
}

impl IndexRules {
    #[must_use]
    pub(crate) fn of(stemming: Stemming, fields: &FieldTable) -> Self {
        Self { stemming, types: fields.types().searched_fields() }
    }

    /// Its name in the commits of an index.
    #[must_use]
    pub(crate) fn name(&self) -> String {
        if self.types.is_empty() { self.stemming.name() } else { format!("{} {}", self.stemming.name(), self.types) }
    }
}
