//! What a version of a type changes, in a sentence. Knows no database.

use super::{document_type::TypeDefinition, type_field::TypeField};
use crate::text::listing::join_with_and;

/// From `old`, or from nothing.
#[must_use]
pub(super) fn describe(old: Option<&TypeDefinition>, new: &TypeDefinition) -> String {
    let Some(old) = old else {
        let labels: Vec<String> = new.fields.iter().map(quote).collect();
        return if labels.is_empty() {
            "made without fields".to_owned()
        } else {
            format!("made with {}", join_with_and(&labels))
        };
    };
    let mut parts: Vec<String> = of_type(old, new);
    let known = |fields: &[TypeField], key: &str| fields.iter().any(|field| field.key == key);
    let added: Vec<String> = new.fields.iter().filter(|field| !known(&old.fields, &field.key)).map(quote).collect();
    let removed: Vec<String> = old.fields.iter().filter(|field| !known(&new.fields, &field.key)).map(quote).collect();
    let pairs = || new.fields.iter().filter_map(|field| Some((old.field(&field.key)?, field)));
    let hidden: Vec<String> =
        pairs().filter(|(old, new)| !old.is_hidden && new.is_hidden).map(|(_, new)| quote(new)).collect();
    let back: Vec<String> =
        pairs().filter(|(old, new)| old.is_hidden && !new.is_hidden).map(|(_, new)| quote(new)).collect();
    let rest =
        |(old, new): &(&TypeField, &TypeField)| TypeField { is_hidden: new.is_hidden, ..(*old).clone() } != **new;
    let changed: Vec<String> = pairs().filter(rest).map(|(old, new)| of_field(old, new)).collect();
    let sections =
        [("added", added), ("removed", removed), ("hidden", hidden), ("shown again", back), ("changed", changed)];
    parts.extend(
        sections
            .iter()
            .filter(|(_, labels)| !labels.is_empty())
            .map(|(verb, labels)| format!("{verb} {}", join_with_and(labels))),
    );
    if parts.is_empty() { "another order of its fields".to_owned() } else { parts.join("; ") }
}

fn quote(field: &TypeField) -> String {
    format!("“{}”", field.label)
}

fn of_field(old: &TypeField, new: &TypeField) -> String {
    if old.label == new.label { quote(new) } else { format!("“{}” (before: “{}”)", new.label, old.label) }
}

fn of_type(old: &TypeDefinition, new: &TypeDefinition) -> Vec<String> {
    let mut parts = Vec::new();
    if old.label != new.label {
        parts.push(format!("called “{}”, not “{}”", new.label, old.label));
    }
    if old.hint != new.hint {
        parts.push("another hint".to_owned());
    }
    if old.used_for != new.used_for {
        let names: Vec<String> = new.used_for.iter().map(|kind| format!("{}s", kind.noun())).collect();
        parts.push(format!("used for {}", join_with_and(&names)));
    }
    if old.layout != new.layout {
        parts.push(format!("new pages have the layout {}", new.layout.as_str()));
    }
    if old.is_retired != new.is_retired {
        parts.push(if new.is_retired { "retired" } else { "offered again" }.to_owned());
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(fields: &[(&str, &str, bool)]) -> TypeDefinition {
        let field = |(key, label, is_hidden): &(&str, &str, bool)| TypeField {
            key: (*key).to_owned(),
            label: (*label).to_owned(),
            is_hidden: *is_hidden,
            ..TypeField::default()
        };
        TypeDefinition {
            label: "Supplier".to_owned(),
            fields: fields.iter().map(field).collect(),
            ..TypeDefinition::default()
        }
    }

    #[test]
    fn each_kind_of_change_is_told() {
        let old = definition(&[("a", "Website", false), ("b", "Fax", false), ("c", "Town", true)]);
        assert_eq!(describe(None, &old), "made with “Website”, “Fax” and “Town”");
        let new =
            definition(&[("a", "Web site", false), ("b", "Fax", true), ("c", "Town", false), ("d", "Size", false)]);
        let told = "added “Size”; hidden “Fax”; shown again “Town”; changed “Web site” (before: “Website”)";
        assert_eq!(describe(Some(&old), &new), told);
        let other = TypeDefinition { label: "Vendor".to_owned(), is_retired: true, ..old.clone() };
        assert_eq!(describe(Some(&old), &other), "called “Vendor”, not “Supplier”; retired");
        let turned = definition(&[("b", "Fax", false), ("a", "Website", false), ("c", "Town", true)]);
        assert_eq!(describe(Some(&old), &turned), "another order of its fields");
    }
}
