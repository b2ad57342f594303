//! The fields of documents by kind and type, and what is done with all of them. The rows of every site are in
//! `field_table`, those of types in `types`.

use std::{
    cmp::Reverse,
    sync::{Arc, PoisonError, RwLock},
};

use super::{
    document_type::{DocumentType, TypeSet},
    field::{Field, FieldGroup},
    field_table,
    input::DocumentInput,
    keys,
    kind::DocumentKind,
    type_choice,
};
use crate::text::listing::join_with_and;

type Rows = Arc<[Arc<Field>]>;

/// Cheap to clone; clones share the types.
#[derive(Debug, Clone)]
pub struct FieldTable {
    /// Of every document, by kind in its order.
    builtin: Arc<[Rows]>,
    types: Arc<RwLock<Arc<TypeSet>>>,
}

impl Default for FieldTable {
    fn default() -> Self {
        Self::new(field_table::rows())
    }
}

impl FieldTable {
    #[must_use]
    pub fn new(rows: Vec<Field>) -> Self {
        let rows: Vec<_> = rows.into_iter().map(Arc::new).collect();
        let of = |kind| rows.iter().filter(|row| row.kinds.contains(&kind)).cloned().collect();
        Self { builtin: DocumentKind::ALL.into_iter().map(of).collect(), types: Arc::default() }
    }

    /// The same fields with these types; what they take up later, the others do not.
    #[must_use]
    pub(crate) fn with_types(&self, types: Arc<TypeSet>) -> Self {
        Self { builtin: self.builtin.clone(), types: Arc::new(RwLock::new(types)) }
    }

    /// The types as they were read last.
    #[must_use]
    pub(crate) fn types(&self) -> Arc<TypeSet> {
        self.types.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes up types that were read from the database, unless newer ones are known.
    pub(crate) fn take_up(&self, types: TypeSet) {
        let mut known = self.types.write().unwrap_or_else(PoisonError::into_inner);
        if known.version < types.version {
            *known = Arc::new(types);
        }
    }

    #[must_use]
    pub(crate) fn has_type(&self, key: &str) -> bool {
        self.types().get(key).is_some()
    }

    /// The fields of a document of a type; of none for an empty key, or one that there is not.
    #[must_use]
    pub(crate) fn of(&self, kind: DocumentKind, type_key: &str) -> DocumentFields {
        self.of_types(kind, &[type_key])
    }

    #[must_use]
    pub(crate) fn of_input(&self, kind: DocumentKind, typed: &DocumentInput) -> DocumentFields {
        self.of(kind, typed.get(keys::TYPE))
    }

    /// The fields that either of two versions has.
    #[must_use]
    pub(crate) fn of_either(&self, kind: DocumentKind, one: &DocumentInput, other: &DocumentInput) -> DocumentFields {
        self.of_types(kind, &[one.get(keys::TYPE), other.get(keys::TYPE)])
    }

    /// The fields of the type that was typed, and those of others that have a text: what was typed before another type was
    /// chosen.
    #[must_use]
    pub(crate) fn of_typed(&self, kind: DocumentKind, typed: &DocumentInput) -> DocumentFields {
        let own = self.of_input(kind, typed);
        let is_left = |field: &Field| own.get(&field.key).is_none() && !typed.get(&field.key).is_empty();
        let known = self.types();
        let count = |one: &DocumentType| one.rows.iter().filter(|field| is_left(field)).count();
        let mut others: Vec<_> = known.all().filter(|one| count(one) > 0).collect();
        if others.is_empty() {
            return own;
        }
        others.sort_by_key(|one| Reverse(count(one)));
        let keys: Vec<_> = [typed.get(keys::TYPE)].into_iter().chain(others.iter().map(|one| &*one.key)).collect();
        let all = self.of_types(kind, &keys);
        let rows = all.all().filter(|field| own.get(&field.key).is_some() || is_left(field)).cloned().collect();
        DocumentFields { kind, rows }
    }

    /// The fields that a document of any type has.
    #[must_use]
    pub(crate) fn of_all_types(&self, kind: DocumentKind) -> DocumentFields {
        let types = self.types();
        self.of_types(kind, &types.all().map(|one| one.key.as_str()).collect::<Vec<_>>())
    }

    fn of_types(&self, kind: DocumentKind, keys: &[&str]) -> DocumentFields {
        let builtin = &self.builtin[kind as usize];
        let types = self.types();
        if types.is_empty() {
            return DocumentFields { kind, rows: builtin.clone() };
        }
        let first = builtin.iter().position(|field| field.group != FieldGroup::Main);
        let (main, rest) = builtin.split_at(first.unwrap_or(builtin.len()));
        let mut rows: Vec<Arc<Field>> = main.to_vec();
        for one in keys.iter().filter_map(|key| types.get(key)) {
            let known: Vec<_> = rows.iter().chain(rest).map(|field| field.key.clone()).collect();
            rows.extend(one.rows.iter().filter(|field| !known.contains(&field.key)).cloned());
        }
        rows.extend(rest.iter().cloned());
        rows.extend(type_choice::choice(kind, &types, keys).map(Arc::new));
        DocumentFields { kind, rows: rows.into() }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct DocumentFields {
    pub(crate) kind: DocumentKind,
    rows: Rows,
}

impl DocumentFields {
    /// All of them in the order of the form, with those of the revision.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<Field>> {
        self.rows.iter()
    }

    /// Those of the document, in the order of the form.
    pub(crate) fn of_document(&self) -> impl Iterator<Item = &Arc<Field>> {
        self.rows.iter().filter(|field| field.group != FieldGroup::Revision)
    }

    #[must_use]
    pub(crate) fn get(&self, key: &str) -> Option<&Arc<Field>> {
        self.rows.iter().find(|field| field.key == key)
    }

    /// The same with those that the type hides now as they were when it was `then`. What has become internal stays so.
    #[must_use]
    pub(super) fn as_before(&self, now: &DocumentType, then: &DocumentType) -> Self {
        let before = |field: &Arc<Field>| {
            let hidden = Some(field).filter(|field| field.is_of_type && now.hides(&field.key));
            hidden.and_then(|field| then.rows.iter().find(|old| old.key == field.key)).unwrap_or(field).clone()
        };
        Self { kind: self.kind, rows: self.rows.iter().map(before).collect() }
    }

    /// The fields of the document in which two versions differ.
    #[must_use]
    pub(crate) fn compare(&self, one: &DocumentInput, other: &DocumentInput) -> Vec<Arc<Field>> {
        self.of_document().filter(|field| one.get(&field.key) != other.get(&field.key)).cloned().collect()
    }
}

/// Fields for a sentence, the text first: `the answer, the question and the owner`. Empty for none.
#[must_use]
pub(crate) fn names(fields: &[Arc<Field>]) -> String {
    let mut sorted: Vec<&Arc<Field>> = fields.iter().collect();
    sorted.sort_by_key(|field| u8::from(field.key != keys::BODY));
    let names: Vec<String> = sorted.into_iter().map(|field| format!("the {}", field.name())).collect();
    join_with_and(&names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::reserved_keys;

    #[test]
    fn each_key_is_once_in_a_kind_and_no_name_of_the_form() {
        for kind in DocumentKind::ALL {
            let table = FieldTable::default();
            let mut known: Vec<_> = table.of(kind, "").all().map(|field| field.key.clone()).collect();
            let all = known.len();
            known.sort();
            known.dedup();
            assert_eq!(known.len(), all);
            assert!(known.iter().all(|key| !reserved_keys::is_name_of_form(key)));
        }
    }

    #[test]
    fn fields_that_differ_are_named() {
        let table = FieldTable::default();
        let old = DocumentInput::default().with("title", "A").with("body", "x").with("note", "n");
        let new = DocumentInput::default().with("title", "B").with("layout", "path");
        let named = |kind, old, new| names(&table.of(kind, "").compare(old, new));
        assert_eq!(named(DocumentKind::FaqItem, &old, &new), "the answer and the question");
        assert_eq!(named(DocumentKind::Page, &old, &new), "the text, the title and the layout");
        assert_eq!(named(DocumentKind::Page, &old, &old), "");
    }
}
