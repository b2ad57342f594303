//! The fields of documents by kind, and what is done with all of them. The rows are in `field_table`.

use std::sync::Arc;

use super::{
    field::{Field, FieldGroup},
    field_table,
    input::DocumentInput,
    keys,
    kind::DocumentKind,
};
use crate::text::listing::join_with_and;

#[derive(Debug, Clone, PartialEq)]
pub struct FieldTable(Vec<(DocumentKind, Vec<Arc<Field>>)>);

impl Default for FieldTable {
    fn default() -> Self {
        Self::new(field_table::rows())
    }
}

impl FieldTable {
    #[must_use]
    pub fn new(rows: Vec<Field>) -> Self {
        let rows: Vec<_> = rows.into_iter().map(Arc::new).collect();
        let of = |kind| (kind, rows.iter().filter(|row| row.kinds.contains(&kind)).cloned().collect());
        Self(DocumentKind::ALL.into_iter().map(of).collect())
    }

    #[must_use]
    pub(crate) fn of(&self, kind: DocumentKind) -> DocumentFields<'_> {
        let rows = self.0.iter().find(|(known, _)| *known == kind).map_or(&[][..], |(_, rows)| rows);
        DocumentFields { kind, rows }
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct DocumentFields<'t> {
    pub(crate) kind: DocumentKind,
    rows: &'t [Arc<Field>],
}

impl<'t> DocumentFields<'t> {
    /// All of them in the order of the form, with those of the revision.
    pub(crate) fn all(self) -> impl Iterator<Item = &'t Arc<Field>> {
        self.rows.iter()
    }

    /// Those of the document, in the order of the form.
    pub(crate) fn of_document(self) -> impl Iterator<Item = &'t Arc<Field>> {
        self.rows.iter().filter(|field| field.group != FieldGroup::Revision)
    }

    #[must_use]
    pub(crate) fn get(self, key: &str) -> Option<&'t Arc<Field>> {
        self.rows.iter().find(|field| field.key == key)
    }

    /// The fields of the document in which two versions differ.
    #[must_use]
    pub(crate) fn compare(self, one: &DocumentInput, other: &DocumentInput) -> Vec<Arc<Field>> {
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

    #[test]
    fn each_key_is_once_in_a_kind_and_no_name_of_the_form() {
        let reserved = ["base", "under", "made_from", "find", "do", "clash", "submission", "position", "draft"];
        for kind in DocumentKind::ALL {
            let table = FieldTable::default();
            let mut known: Vec<_> = table.of(kind).all().map(|field| field.key.clone()).collect();
            let all = known.len();
            known.sort();
            known.dedup();
            assert_eq!(known.len(), all);
            assert!(known.iter().all(|key| !reserved.contains(&key.as_ref()) && !key.starts_with("keep_")));
        }
    }

    #[test]
    fn fields_that_differ_are_named() {
        let table = FieldTable::default();
        let old = DocumentInput::default().with("title", "A").with("body", "x").with("note", "n");
        let new = DocumentInput::default().with("title", "B").with("layout", "path");
        let named = |kind, old, new| names(&table.of(kind).compare(old, new));
        assert_eq!(named(DocumentKind::FaqItem, &old, &new), "the answer and the question");
        assert_eq!(named(DocumentKind::Page, &old, &new), "the text, the title and the layout");
        assert_eq!(named(DocumentKind::Page, &old, &old), "");
    }
}
