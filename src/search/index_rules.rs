//! By what rules an index is made: how words are cut to stems, and which fields of types are searched. An index that was made by others
//! is made again.

use std::fmt::Write as _;

use super::stemming::Stemming;
use crate::{crypto, model::document::fields::FieldTable};

/// How many characters of a hash tell one set of fields from another.
const DIGEST: usize = 16;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct IndexRules {
    pub(crate) stemming: Stemming,
    /// A hash of the searched fields of all types; empty for none.
    types: String,
}

impl IndexRules {
    #[must_use]
    pub(crate) fn of(stemming: Stemming, fields: &FieldTable) -> Self {
        let mut searched = String::new();
        for one in fields.types().all() {
            for field in one.rows.iter().filter(|field| field.search.is_some()) {
                let _ = writeln!(searched, "{} {} {}", one.key, field.key, field.is_findable);
            }
        }
        let types = if searched.is_empty() { String::new() } else { crypto::hash(&searched)[..DIGEST].to_owned() };
        Self { stemming, types }
    }

    /// Its name in the commits of an index.
    #[must_use]
    pub(crate) fn name(&self) -> String {
        if self.types.is_empty() { self.stemming.name() } else { format!("{} {}", self.stemming.name(), self.types) }
    }
}
