//! The field in which the type of a document is chosen.

use std::borrow::Cow;

use super::{
    document_type::TypeSet,
    field::{Control, Field},
    keys,
    kind::DocumentKind,
};

/// The field in which a type is chosen: those that are offered for documents of this kind, and those of `present`.
#[must_use]
pub(super) fn choice(kind: DocumentKind, types: &TypeSet, present: &[&str]) -> Option<Field> {
    let is_shown = |key: &str| present.contains(&key);
    let offered = types.all().filter(|one| one.is_offered_for(kind) || is_shown(&one.key));
    let offered = offered.map(|one| (Cow::Owned(one.key.clone()), Cow::Owned(one.definition.label.clone())));
    let none = (Cow::Borrowed(""), Cow::Owned(format!("None: a {} without fields of its own", kind.noun())));
    let options: Vec<_> = std::iter::once(none).chain(offered).collect();
    if options.len() == 1 {
        return None;
    }
    let hint = "Which fields it has. Save after you change it, and the form shows them. What is saved and only the other type \
                has stays in earlier versions; what is not saved yet has to be saved or emptied first.";
    Some(Field::new(&[kind], Control::Choice(options), keys::TYPE, "Type", hint))
}
