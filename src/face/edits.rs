//! Forms for values without versions. Such a form carries the values it was rendered with, so that saving it changes only
//! the fields that its user changed. A field that somebody else changed in the meantime keeps their value; if both
//! changed it, nothing is saved and the form shows both values.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

/// Prefix of the hidden field with the old value of a field.
const PREFIX: &str = "was_";

/// The values a form was rendered with, by field. Add it to a form with `#[serde(flatten)]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Base(BTreeMap<String, String>);

/// A field as typed, already cleaned, and as stored now.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    /// Its name in the form.
    pub name: &'static str,
    /// Its label.
    pub label: &'static str,
    /// What was typed.
    pub typed: &'a str,
    /// What is stored.
    pub now: &'a str,
}

/// A field that two people changed to different values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clash {
    label: &'static str,
    old: String,
    new: String,
}

/// What to save, or to show again.
#[derive(Debug, Default)]
pub struct Merged {
    values: BTreeMap<&'static str, String>,
    /// With any of these nothing may be saved.
    pub clashes: Vec<Clash>,
    /// Whether there is anything to save.
    pub changed: bool,
}

impl Merged {
    /// The value of a field: as typed where its user changed it, otherwise as stored.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }
}

/// For the template: the old values by the names of their hidden fields.
impl Serialize for Base {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.hidden())
    }
}

impl Base {
    /// For a form that shows `fields` as they are stored.
    #[must_use]
    pub fn of(fields: &[Field]) -> Self {
        Self(fields.iter().map(|field| (format!("{PREFIX}{}", field.name), field.now.to_owned())).collect())
    }

    /// For the template: old values by the names of their hidden fields.
    #[must_use]
    pub fn hidden(&self) -> BTreeMap<&str, &str> {
        self.0
            .iter()
            .filter(|(name, _)| name.starts_with(PREFIX))
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }

    /// Merges what was typed with what others have saved since the form was rendered. Without an old value there is no
    /// telling whether the user changed a field, so a value that differs from the stored one clashes.
    #[must_use]
    pub fn merge(&self, fields: &[Field]) -> Merged {
        let mut merged = Merged::default();
        for field in fields {
            let was = self.0.get(&format!("{PREFIX}{}", field.name)).map(|was| was.replace("\r\n", "\n"));
            let left_alone = was.as_deref() == Some(field.typed);
            let alone = was.as_deref() == Some(field.now);
            if !left_alone && !alone && field.typed != field.now {
                let (old, new) = (field.now.to_owned(), field.typed.to_owned());
                merged.clashes.push(Clash { label: field.label, old, new });
            }
            let value = if left_alone { field.now } else { field.typed };
            merged.changed |= value != field.now;
            merged.values.insert(field.name, value.to_owned());
        }
        merged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(was: &str) -> Base {
        Base(BTreeMap::from([("was_a".to_owned(), was.to_owned()), ("submission".to_owned(), "x".to_owned())]))
    }

    fn merge(base: &Base, typed: &str, now: &str) -> (String, bool, bool) {
        let merged = base.merge(&[Field { name: "a", label: "A", typed, now }]);
        (merged.value("a").to_owned(), merged.changed, merged.clashes.is_empty())
    }

    #[test]
    fn only_what_was_changed_is_saved() {
        let ok = |value: &str, changed| (value.to_owned(), changed, true);
        assert_eq!(merge(&base("old"), "old", "old"), ok("old", false));
        assert_eq!(merge(&base("old"), "mine", "old"), ok("mine", true));
        assert_eq!(merge(&base("old"), "old", "theirs"), ok("theirs", false));
        assert_eq!(merge(&base("old"), "same", "same"), ok("same", false));
        assert_eq!(merge(&base("1\r\n2"), "1\n2", "theirs"), ok("theirs", false));
        assert_eq!(merge(&base("old"), "mine", "theirs"), ("mine".to_owned(), true, false));
        assert_eq!(merge(&Base::default(), "mine", "theirs"), ("mine".to_owned(), true, false));
        assert_eq!(merge(&Base::default(), "same", "same"), ok("same", false));
        assert_eq!(base("old").hidden(), BTreeMap::from([("was_a", "old")]));
    }
}
