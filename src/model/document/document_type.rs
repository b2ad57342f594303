//! Types of document, which administrators make: what one is called, what it is used for, and its fields. Says what a type may
//! be; knows no database. How its fields become those of a form is in `type_fields`.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use super::{
    choices::Layout,
    field::Field,
    kind::DocumentKind,
    type_field::{Shown, TypeField, is_false},
    type_fields, type_key,
};
use crate::{
    crypto,
    error::ValidationErrors,
    text::{clean, limit},
};

/// Most types of a site.
pub(crate) const TYPES_MAX: usize = 100;
/// Most fields of a type.
pub(crate) const FIELDS_MAX: usize = 60;
const LABEL_MAX: usize = 60;
const HINT_MAX: usize = 400;

/// One version of a type, as the database, files and the audit log have it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeDefinition {
    /// What one document of it is called: “Supplier”.
    pub label: String,
    /// What editors are told when they choose it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hint: String,
    pub used_for: Vec<DocumentKind>,
    /// What the form of a new page of it has as its layout.
    #[serde(default)]
    pub layout: Layout,
    /// Nobody makes new documents of it; those that there are keep it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_retired: bool,
    /// In the order of the form. A hidden one keeps its values.
    #[serde(default)]
    pub fields: Vec<TypeField>,
}

impl TypeDefinition {
    /// The same with its texts cleaned.
    #[must_use]
    pub fn clean(mut self) -> Self {
        self.label = clean::line(&self.label);
        self.hint = clean::line(&self.hint);
        self.used_for.sort_unstable();
        self.used_for.dedup();
        self.fields = self.fields.into_iter().map(TypeField::clean).collect();
        self
    }

    /// Whether it is a type.
    /// Errors: one sentence for each fault, named by `label`, `hint`, `used_for` or `fields`.
    pub fn check(&self) -> Result<(), ValidationErrors> {
        let mut errors = ValidationErrors::default();
        if self.label.is_empty() {
            errors.add("label", "Enter what one of them is called, for example Supplier");
        }
        errors.take("label", limit::characters(&self.label, "the name", LABEL_MAX));
        errors.take("hint", limit::characters(&self.hint, "the hint", HINT_MAX));
        if self.used_for.is_empty() {
            errors.add("used_for", "Choose what it is used for: pages, questions or both");
        }
        if self.fields.len() > FIELDS_MAX {
            let sentence = format!("A type has at most {FIELDS_MAX} fields; this one would have {}", self.fields.len());
            errors.add("fields", sentence);
        }
        let mut known = BTreeSet::new();
        for field in &self.fields {
            if !known.insert(&field.key) {
                errors.add("fields", format!("Two fields have the key “{}”", field.key));
            }
            if let Err(faults) = field.check() {
                for fault in faults.list {
                    errors.add("fields", format!("{}: {}", field.key, fault.message));
                }
            }
        }
        errors.finish(|| ())
    }

    #[must_use]
    pub(crate) fn field(&self, key: &str) -> Option<&TypeField> {
        self.fields.iter().find(|field| field.key == key)
    }
}

/// A type as it is now.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentType {
    /// Its name in files, addresses and revisions; it never changes.
    pub key: String,
    /// 1, 2, 3 …
    pub version: i64,
    pub definition: TypeDefinition,
    /// Its fields as forms have them.
    pub(crate) rows: Vec<Arc<Field>>,
}

impl DocumentType {
    #[must_use]
    pub(crate) fn new(key: String, version: i64, definition: TypeDefinition) -> Self {
        let rows =
            definition.fields.iter().map(|field| Arc::new(type_fields::field(field, &definition.used_for))).collect();
        Self { key, version, definition, rows }
    }

    /// Whether a field is hidden that visitors would see otherwise.
    #[must_use]
    pub(super) fn hides(&self, key: &str) -> bool {
        self.definition.field(key).is_some_and(|field| field.is_hidden && field.shown != Shown::Internal)
    }

    #[must_use]
    pub(super) fn hides_any(&self) -> bool {
        self.definition.fields.iter().any(|field| self.hides(&field.key))
    }

    /// Whether documents of a kind can become ones of it.
    #[must_use]
    pub(crate) fn is_offered_for(&self, kind: DocumentKind) -> bool {
        !self.definition.is_retired && self.definition.used_for.contains(&kind)
    }
}

/// All types at one time.
#[derive(Debug, Clone, Default)]
pub struct TypeSet {
    /// Grows with each change of any of them.
    pub(crate) version: i64,
    types: Vec<Arc<DocumentType>>,
}

impl TypeSet {
    /// By their names for readers.
    #[must_use]
    pub(crate) fn new(version: i64, mut types: Vec<DocumentType>) -> Self {
        types.sort_by(|one, other| (&one.definition.label, &one.key).cmp(&(&other.definition.label, &other.key)));
        Self { version, types: types.into_iter().map(Arc::new).collect() }
    }

    #[must_use]
    pub(crate) const fn is_empty(&self) -> bool {
        self.types.is_empty()
    }

    #[must_use]
    pub(crate) fn get(&self, key: &str) -> Option<&Arc<DocumentType>> {
        self.types.iter().find(|one| one.key == key)
    }

    /// A hash of the fields that a search finds documents by, for each type that has some, by its key.
    #[must_use]
    pub(crate) fn searched_fields(&self) -> BTreeMap<String, String> {
        let hash = |one: &Arc<DocumentType>| {
            let rows = one.rows.iter().filter(|field| field.search.is_some());
            let rows = rows.map(|field| format!("{} {} {:?}", field.key, field.is_findable, field.control));
            let rows: Vec<_> = rows.collect();
            (!rows.is_empty()).then(|| (one.key.clone(), crypto::hash(&rows.join("\n"))))
        };
        self.types.iter().filter_map(hash).collect()
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<DocumentType>> {
        self.types.iter()
    }
}

/// Whether a text can be the key of a type.
/// Errors: a sentence that says what to do.
pub(crate) fn check_key(key: &str) -> Result<(), String> {
    type_key::check_form_of_key(key)?;
    if ["new", "page", "question"].contains(&key) {
        return Err(format!("“{key}” is used by the admin area itself or the API; choose another key"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::type_field::TypeControl;

    fn field(key: &str) -> TypeField {
        TypeField { key: key.to_owned(), label: "Thing".to_owned(), ..TypeField::default() }
    }

    fn definition(fields: Vec<TypeField>) -> TypeDefinition {
        TypeDefinition {
            label: "Supplier".to_owned(),
            used_for: vec![DocumentKind::Page],
            fields,
            ..TypeDefinition::default()
        }
    }

    fn faults(definition: &TypeDefinition) -> Vec<String> {
        definition.check().err().into_iter().flat_map(|errors| errors.list).map(|error| error.message).collect()
    }

    #[test]
    fn what_cannot_be_a_type_is_refused_in_words() {
        assert_eq!(faults(&definition(vec![field("website"), field("fax")])), Vec::<String>::new());
        let many = definition((0..200).map(|at| field(&format!("f{at}"))).collect());
        assert_eq!(faults(&many), ["A type has at most 60 fields; this one would have 200"]);
        assert_eq!(faults(&definition(vec![field("a"), field("a")])), ["Two fields have the key “a”"]);
        assert!(faults(&definition(vec![field("title")]))[0].contains("“title” is a field of every document"));
        assert!(faults(&definition(vec![field("draft_seen")]))[0].contains("the form itself"));
        assert!(faults(&definition(vec![field("Web Site")]))[0].contains("small letters"));
        assert_eq!(faults(&TypeDefinition::default()).len(), 2);
        let empty = TypeField { control: TypeControl::Choice, ..field("level") };
        assert!(faults(&definition(vec![empty]))[0].contains("Enter what can be chosen"));
    }
}
