//! What was typed into fields that the chosen type does not have: it is dropped only when a version has it. Pure.

use std::sync::Arc;

use super::{
    content::Content,
    field::{Field, FieldGroup},
    fields::FieldTable,
    input::DocumentInput,
    keys,
    kind::DocumentKind,
    merge::MergedInput,
};
use crate::{error::ValidationErrors, text::listing::join_with_and};

const ADVICE: &str = "Choose the type before and save it with that, or empty what you do not need";

/// The fields with a text that the form shows and the chosen type does not have.
#[must_use]
pub(crate) fn left_over(table: &FieldTable, kind: DocumentKind, typed: &DocumentInput) -> Vec<Arc<Field>> {
    let own = table.of_input(kind, typed);
    let all = table.of_typed(kind, typed);
    let is_left = |field: &&Arc<Field>| own.get(&field.key).is_none() && field.group != FieldGroup::Hidden;
    all.all().filter(is_left).cloned().collect()
}

/// Whether nothing of these fields would be lost: each text is in one of the versions `saved`.
/// Errors: a sentence on the type.
pub(crate) fn check(
    table: &FieldTable,
    left: &[Arc<Field>],
    typed: &DocumentInput,
    saved: &[DocumentInput],
) -> Result<(), ValidationErrors> {
    let is_saved = |field: &Field| {
        let text = typed.get(&field.key).replace("\r\n", "\n");
        let stored = field.parse(&text, "").unwrap_or_else(|_| text.clone());
        stored.is_empty() || saved.iter().any(|one| [&*text, &*stored].contains(&one.get(&field.key)))
    };
    let lost: Vec<_> = left.iter().filter(|field| !is_saved(field)).map(|field| format!("“{}”", field.label)).collect();
    if lost.is_empty() {
        return Ok(());
    }
    let (known, lost) = (table.types(), join_with_and(&lost));
    let sentence = match known.get(typed.get(keys::TYPE)) {
        Some(chosen) => format!("The type “{}” has no field for what you typed into {lost}", chosen.definition.label),
        None => format!("Without a type there is no field for what you typed into {lost}"),
    };
    Err(ValidationErrors::one(keys::TYPE, format!("{sentence}, and no version has it yet. {ADVICE}")))
}

/// Leaves the choice of the type to the user where the merge would drop a text, because the type that it has has no field for it: then, as
/// wherever both chose a type, each text stays that only one of the types has.
#[must_use]
pub(super) fn resolve_type(
    table: &FieldTable,
    kind: DocumentKind,
    mut merged: MergedInput,
    theirs: &DocumentInput,
    yours: &DocumentInput,
) -> MergedInput {
    let is_type = |field: &Arc<Field>| field.key == keys::TYPE;
    if theirs.get(keys::TYPE) == yours.get(keys::TYPE) {
        return merged;
    }
    let chosen = table.of_input(kind, &merged.typed);
    let has_no_field = |field: &Arc<Field>| chosen.get(&field.key).is_none();
    let drops = merged.yours.iter().any(|field| has_no_field(field) && !yours.get(&field.key).is_empty())
        || merged.clashes.iter().any(has_no_field)
        || merged.clashes.is_empty() && Content::parse(&chosen, &merged.typed).is_err();
    let either = table.of_either(kind, theirs, yours);
    let Some(choice) = either.get(keys::TYPE).filter(|_| drops || merged.clashes.iter().any(is_type)) else {
        return merged;
    };
    let (of_theirs, of_yours) = (table.of_input(kind, theirs), table.of_input(kind, yours));
    for field in either.of_document() {
        let text = match (of_theirs.get(&field.key), of_yours.get(&field.key)) {
            (None, Some(_)) => yours.get(&field.key),
            (Some(_), None) => theirs.get(&field.key),
            _ => continue,
        };
        merged.typed.set(&field.key, text);
        merged.parts.remove(&*field.key);
        merged.clashes.retain(|clash| clash.key != field.key);
    }
    merged.clashes.retain(|clash| !is_type(clash));
    merged.clashes.push(choice.clone());
    merged.typed.set(keys::TYPE, yours.get(keys::TYPE));
    merged
}
