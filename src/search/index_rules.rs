//! By what rules an index is made: how words are cut to stems, and which fields of types are searched. An index that was made with other
//! stems is made again; where other fields are searched, the documents of their types are read again.

use std::collections::{BTreeMap, BTreeSet};

use super::stemming::Stemming;
use crate::model::document::fields::FieldTable;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct IndexRules {
    pub(crate) stemming: Stemming,
    /// A hash of the searched fields of each type that has some, by its key.
    pub(crate) types: BTreeMap<String, String>,
}

impl IndexRules {
    #[must_use]
    pub(crate) fn of(stemming: Stemming, fields: &FieldTable) -> Self {
        Self { stemming, types: fields.types().searched_fields() }
    }

    /// The types of which other fields are searched by the rules `other`.
    #[must_use]
    pub(crate) fn types_unlike(&self, other: &Self) -> BTreeSet<String> {
        let keys = self.types.keys().chain(other.types.keys());
        keys.filter(|key| self.types.get(*key) != other.types.get(*key)).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_types_with_other_fields_differ() {
        let rules = |types: &[(&str, &str)]| IndexRules {
            types: types.iter().map(|(key, hash)| ((*key).to_owned(), (*hash).to_owned())).collect(),
            ..IndexRules::default()
        };
        let old = rules(&[("a", "1"), ("b", "1"), ("c", "1")]);
        let unlike = old.types_unlike(&rules(&[("a", "1"), ("b", "2"), ("d", "1")]));
        assert_eq!(unlike.iter().map(String::as_str).collect::<Vec<_>>(), ["b", "c", "d"]);
    }
}
