//! Two changes of one document, joined field by field against the revision that both were made from. Pure: what is
//! done with the result is the business of `saving`.

use super::{document::DocumentKind, field::Field, revision::DocumentInput};

/// Two changes, joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedInput {
    /// All fields; those that clash as the second editor typed them.
    pub typed: DocumentInput,
    /// Fields that only the first editor changed.
    pub theirs: Vec<Field>,
    /// Fields that only the second editor changed.
    pub yours: Vec<Field>,
    /// Fields that both changed, each to another value.
    pub clashes: Vec<Field>,
}

/// Joins `theirs` and `yours`, both made from `base`. Without a common base every field that differs clashes. The note is
/// yours: theirs stays with the revision that it speaks of.
#[must_use]
pub fn merge(
    kind: DocumentKind,
    base: Option<&DocumentInput>,
    theirs: &DocumentInput,
    yours: &DocumentInput,
) -> MergedInput {
    let mut merged = MergedInput { typed: yours.clone(), theirs: Vec::new(), yours: Vec::new(), clashes: Vec::new() };
    for field in Field::that_differ(kind, theirs, yours) {
        match base.map(|base| field.of(base)) {
            Some(base) if base == field.of(yours) => {
                field.set(&mut merged.typed, field.of(theirs));
                merged.theirs.push(field);
            }
            Some(base) if base == field.of(theirs) => merged.yours.push(field),
            _ => merged.clashes.push(field),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn typed(title: &str, summary: &str, body: &str, note: &str) -> DocumentInput {
        let own = |text: &str| text.to_owned();
        DocumentInput {
            title: own(title),
            summary: own(summary),
            body: own(body),
            note: own(note),
            ..DocumentInput::default()
        }
    }

    #[test]
    fn an_untouched_field_never_loses() {
        let base = typed("A", "s", "text", "");
        let (theirs, yours) = (typed("A", "s", "new text", "Mended"), typed("A", "shorter", "text", "Shorter"));
        let merged = merge(DocumentKind::Page, Some(&base), &theirs, &yours);
        assert_eq!(merged.typed, typed("A", "shorter", "new text", "Shorter"), "each version has a note of its own");
        assert_eq!((merged.theirs, merged.yours), (vec![Field::Body], vec![Field::Summary]));
        assert!(merged.clashes.is_empty());
    }

    #[test]
    fn only_what_both_changed_to_different_values_clashes() {
        let base = typed("A", "s", "text", "");
        let merged = merge(DocumentKind::Page, Some(&base), &typed("B", "t", "text", ""), &typed("C", "t", "mine", ""));
        assert_eq!(merged.clashes, [Field::Title]);
        assert_eq!(merged.typed, typed("C", "t", "mine", ""));
        let merged = merge(DocumentKind::Page, None, &typed("A", "s", "x", ""), &typed("A", "t", "x", ""));
        assert_eq!(merged.clashes, [Field::Summary]);
    }

    proptest! {
        #[test]
        fn every_value_comes_from_somebody(base in "[ab]{0,2}", theirs in "[ab]{0,2}", yours in "[ab]{0,2}") {
            let version = |text: &str| DocumentInput { body: text.to_owned(), ..DocumentInput::default() };
            let merged = merge(DocumentKind::Page, Some(&version(&base)), &version(&theirs), &version(&yours));
            let clash = base != theirs && base != yours && theirs != yours;
            prop_assert_eq!(!merged.clashes.is_empty(), clash);
            let expected = if base == yours { theirs } else { yours };
            prop_assert_eq!(merged.typed.body, expected);
        }
    }
}
