//! Values of a revision without a column of their own, as its column `fields` holds them. Knows no field but those with columns.

use std::collections::BTreeMap;

use super::{fields::DocumentFields, input::DocumentInput, keys};

/// Values without a column of their own, by the key of their field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExtraFields(BTreeMap<String, String>);

impl ExtraFields {
    pub(super) fn of(values: &DocumentInput) -> Self {
        let extra = values.iter().filter(|(key, _)| !keys::CORE.contains(key));
        Self(extra.map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
    }

    /// The value of a field; empty when it has none.
    #[must_use]
    pub fn get(&self, key: &str) -> &str {
        self.0.get(key).map_or("", String::as_str)
    }

    /// Keys and values, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The same without what documents of a kind do not have any more.
    #[must_use]
    pub(crate) fn retain_known(mut self, fields: &DocumentFields) -> Self {
        self.0.retain(|key, _| fields.get(key).is_some());
        self
    }

    /// As the column `fields` holds it: a JSON object, by key.
    #[must_use]
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }
}

impl TryFrom<String> for ExtraFields {
    type Error = serde_json::Error;

    fn try_from(json: String) -> Result<Self, Self::Error> {
        if json == "{}" { Ok(Self::default()) } else { serde_json::from_str(&json).map(Self) }
    }
}
