//! What the form of one field of a type sends, and the field that it describes.

use serde::Deserialize;

use super::{made_key, part_lines};
use crate::{
    error::ValidationErrors,
    model::document::type_field::{Shown, TypeControl, TypeField},
    text::{clean, count},
};

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct TypeFieldForm {
    pub(super) label: String,
    /// Of a new field only.
    pub(super) key: String,
    pub(super) hint: String,
    pub(super) control: String,
    pub(super) limit: String,
    /// `yes` or empty.
    pub(super) required: String,
    pub(super) searched: String,
    pub(super) shown: String,
    /// One on each line.
    pub(super) options: String,
    pub(super) parts: String,
    /// The version of the type that its user saw.
    pub(super) base: String,
    pub(super) confirmed: String,
}

impl TypeFieldForm {
    /// Of a new field of the version `base`.
    #[must_use]
    pub(super) fn new(base: i64) -> Self {
        Self::of(&TypeField::default(), base)
    }

    /// To change a field as it is in the version `base`.
    #[must_use]
    pub(super) fn of(field: &TypeField, base: i64) -> Self {
        let tick = |is_so: bool| if is_so { "yes" } else { "" }.to_owned();
        Self {
            label: field.label.clone(),
            key: field.key.clone(),
            hint: field.hint.clone(),
            control: field.control.names().0.to_owned(),
            limit: field.limit.map(|limit| limit.to_string()).unwrap_or_default(),
            required: tick(field.is_required),
            searched: tick(field.is_searched),
            shown: field.shown.names().0.to_owned(),
            options: field.options.join("\n"),
            parts: part_lines::print(&field.parts),
            base: base.to_string(),
            confirmed: String::new(),
        }
    }

    /// The field that it describes: `now` with what was typed, or a new one.
    /// Errors: one sentence for each fault, named by the fields of the form.
    pub(super) fn field(&self, now: Option<&TypeField>) -> Result<TypeField, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let control = TypeControl::from_name(&self.control).ok_or_else(|| "Choose how it is entered".to_owned());
        let control = errors.take("control", control);
        let limit = if control.limits().is_some() { parse_limit(&self.limit) } else { Ok(None) };
        let parts = match control {
            TypeControl::Rows => part_lines::parse(&self.parts, now.map_or(&[][..], |now| now.parts.as_slice())),
            _ => Ok(Vec::new()),
        };
        let field = TypeField {
            key: now.map_or_else(|| made_key::key(&self.key, &self.label), |now| now.key.clone()),
            label: self.label.clone(),
            hint: self.hint.clone(),
            control,
            limit: errors.take("limit", limit),
            is_required: !self.required.is_empty(),
            is_searched: !self.searched.is_empty(),
            shown: Shown::from_name(&self.shown).unwrap_or_default(),
            is_hidden: now.is_some_and(|now| now.is_hidden),
            options: self.options.lines().map(ToOwned::to_owned).collect(),
            parts: errors.take("parts", parts),
        }
        .clean();
        let faults = field.check().err().unwrap_or_default();
        for fault in faults.list {
            // A key that nobody typed is made from the label, which is missing; parts that cannot be read are none.
            let follows = fault.field == "key" && field.key.is_empty() && field.label.is_empty();
            if !follows && errors.list.iter().all(|error| error.field != fault.field) {
                errors.list.push(fault);
            }
        }
        errors.finish(|| field)
    }

    /// What it holds, to be sent once more.
    #[must_use]
    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        let Self { label, key, hint, control, limit, required, searched, shown, options, parts, base, .. } =
            self.clone();
        vec![
            ("label", label),
            ("key", key),
            ("hint", hint),
            ("control", control),
            ("limit", limit),
            ("required", required),
            ("searched", searched),
            ("shown", shown),
            ("options", options),
            ("parts", parts),
            ("base", base),
        ]
    }
}

/// None for nothing.
/// Errors: a sentence that says what to do.
fn parse_limit(typed: &str) -> Result<Option<usize>, String> {
    if clean::line(typed).is_empty() {
        return Ok(None);
    }
    let limit = count::parse(typed).and_then(|limit| usize::try_from(limit).ok());
    limit.map(Some).ok_or_else(|| "Enter a number, or leave it empty".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(label: &str, control: &str) -> TypeFieldForm {
        TypeFieldForm { label: label.to_owned(), control: control.to_owned(), ..TypeFieldForm::new(1) }
    }

    fn faults(form: &TypeFieldForm) -> Vec<String> {
        form.field(None).err().into_iter().flat_map(|errors| errors.list).map(|error| error.field).collect()
    }

    #[test]
    fn a_form_leads_to_a_field_and_back() {
        let form = TypeFieldForm { options: "low\n\n high ".to_owned(), ..typed("Risk level", "choice") };
        let field = form.field(None).unwrap();
        assert_eq!((field.key.as_str(), field.options.join("|").as_str()), ("risk_level", "low|high"));
        assert_eq!(TypeFieldForm::of(&field, 1).field(Some(&field)), Ok(field.clone()));
        let renamed = TypeFieldForm { label: "Level".to_owned(), ..TypeFieldForm::of(&field, 1) };
        assert_eq!(renamed.field(Some(&field)).unwrap().key, "risk_level");
    }

    #[test]
    fn each_fault_is_told_once() {
        assert_eq!(faults(&typed("", "line")), ["label"]);
        assert_eq!(faults(&typed("Title", "line")), ["key"]);
        assert_eq!(faults(&typed("A", "wheel")), ["control"]);
        assert_eq!(faults(&typed("A", "choice")), ["options"]);
        assert_eq!(faults(&typed("A", "rows")), ["parts"]);
        assert_eq!(faults(&TypeFieldForm { parts: "B: wheel".to_owned(), ..typed("A", "rows") }), ["parts"]);
        assert_eq!(faults(&TypeFieldForm { limit: "many".to_owned(), ..typed("A", "line") }), ["limit"]);
        assert_eq!(faults(&TypeFieldForm { limit: "2000".to_owned(), ..typed("A", "line") }), ["limit"]);
        assert!(faults(&TypeFieldForm { limit: "many".to_owned(), ..typed("A", "date") }).is_empty());
    }
}
