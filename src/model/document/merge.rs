//! Merges two changes of one document field by field, and Markdown block by block, against the revision that both were
//! made from. Pure: what is done with the result is the business of `saving`.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    field::{Control, Field},
    fields::DocumentFields,
    input::DocumentInput,
};
use crate::text::{block_merge::merge_blocks, merged_text::MergedPart};

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct MergedInput {
    /// All fields; those that clash as the second editor typed them, with the blocks that only the first one changed.
    pub(crate) typed: DocumentInput,
    /// Fields that the first editor changed, or blocks of them.
    pub(crate) theirs: Vec<Arc<Field>>,
    /// The same of the second editor.
    pub(crate) yours: Vec<Arc<Field>>,
    /// Fields that both changed, to different values that cannot be merged.
    pub(crate) clashes: Vec<Arc<Field>>,
    /// The texts among them that clash at some of their blocks only, by their keys.
    pub(crate) parts: BTreeMap<String, Vec<MergedPart>>,
}

/// Merges `theirs` and `yours`, both made from `base`. Without a common base every field that differs clashes. The note
/// is yours; theirs stays with its own revision.
#[must_use]
pub(crate) fn merge(
    fields: &DocumentFields,
    base: Option<&DocumentInput>,
    theirs: &DocumentInput,
    yours: &DocumentInput,
) -> MergedInput {
    let mut merged = MergedInput { typed: yours.clone(), ..MergedInput::default() };
    for field in fields.compare(theirs, yours) {
        let (first, second) = (theirs.get(&field.key), yours.get(&field.key));
        match base.map(|base| base.get(&field.key)) {
            Some(base) if base == second => {
                merged.typed.set(&field.key, first);
                merged.theirs.push(field);
            }
            Some(base) if base == first => merged.yours.push(field),
            Some(base) if matches!(field.control, Control::Markdown(_)) => {
                let text = merge_blocks(base, first, second);
                merged.typed.set(&field.key, text.text());
                if text.clashes() {
                    merged.parts.insert(field.key.to_string(), text.parts);
                    merged.clashes.push(field);
                } else {
                    merged.theirs.push(field.clone());
                    merged.yours.push(field);
                }
            }
            _ => merged.clashes.push(field),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::document::{fields::FieldTable, kind::DocumentKind};

    fn typed(title: &str, summary: &str, body: &str, note: &str) -> DocumentInput {
        let values = [("title", title), ("summary", summary), ("body", body), ("note", note)];
        values.iter().fold(DocumentInput::default(), |typed, (key, value)| typed.with(key, *value))
    }

    fn keys(fields: &[Arc<Field>]) -> Vec<&str> {
        fields.iter().map(|field| field.key.as_ref()).collect()
    }

    #[test]
    fn an_untouched_field_never_loses() {
        let table = FieldTable::default();
        let base = typed("A", "s", "text", "");
        let (theirs, yours) = (typed("A", "s", "new text", "Mended"), typed("A", "shorter", "text", "Shorter"));
        let merged = merge(&table.of(DocumentKind::Page, ""), Some(&base), &theirs, &yours);
        assert_eq!(merged.typed, typed("A", "shorter", "new text", "Shorter"), "each version has a note of its own");
        assert_eq!((keys(&merged.theirs), keys(&merged.yours)), (vec!["body"], vec!["summary"]));
        assert!(merged.clashes.is_empty());
    }

    #[test]
    fn only_what_both_changed_to_different_values_clashes() {
        let table = FieldTable::default();
        let fields = &table.of(DocumentKind::Page, "");
        let base = typed("A", "s", "text", "");
        let merged = merge(fields, Some(&base), &typed("B", "t", "text", ""), &typed("C", "t", "mine", ""));
        assert_eq!(keys(&merged.clashes), ["title"]);
        assert_eq!(merged.typed, typed("C", "t", "mine", ""));
        let merged = merge(fields, None, &typed("A", "s", "x", ""), &typed("A", "t", "x", ""));
        assert_eq!(keys(&merged.clashes), ["summary"]);
    }

    #[test]
    fn a_text_is_merged_by_block() {
        let table = FieldTable::default();
        let fields = &table.of(DocumentKind::Page, "");
        let of = |body: &str| typed("A", "s", body, "");
        let (base, theirs) = (of("One\n\nTwo\n\nThree"), of("1\n\nTwo\n\nThree"));
        let merged = merge(fields, Some(&base), &theirs, &of("One\n\nTwo\n\n3"));
        assert_eq!((keys(&merged.theirs), keys(&merged.yours)), (vec!["body"], vec!["body"]));
        assert_eq!(merged.typed, of("1\n\nTwo\n\n3"));
        let merged = merge(fields, Some(&of("One\n\nTwo")), &of("1\n\nZwei"), &of("One\n\n2"));
        assert_eq!((keys(&merged.clashes), merged.typed), (vec!["body"], of("1\n\n2")));
    }

    proptest! {
        #[test]
        fn every_value_comes_from_a_user(base in "[ab]{0,2}", theirs in "[ab]{0,2}", yours in "[ab]{0,2}") {
            let table = FieldTable::default();
            let version = |text: &str| DocumentInput::default().with("body", text);
            let fields = &table.of(DocumentKind::Page, "");
            let merged = merge(fields, Some(&version(&base)), &version(&theirs), &version(&yours));
            let clash = base != theirs && base != yours && theirs != yours;
            prop_assert_eq!(!merged.clashes.is_empty(), clash);
            let expected = if base == yours { theirs } else { yours };
            prop_assert_eq!(merged.typed.get("body"), expected);
        }
    }
}
