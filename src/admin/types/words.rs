//! Types in words for screens. Knows no screen.

use crate::{
    admin::shared::admin_context::AdminContext,
    model::document::{
        choices::Layout,
        document_type::TypeDefinition,
        field::Control,
        keys,
        kind::DocumentKind,
        type_field::{Shown, TypeControl, TypeField},
    },
    text::{
        count::{number, pluralise},
        listing::join_with_and,
    },
    web::form_errors::SelectOption,
};

/// `pages and questions`.
#[must_use]
pub(super) fn used_for(definition: &TypeDefinition) -> String {
    let names: Vec<String> = definition.used_for.iter().map(|kind| format!("{}s", kind.noun())).collect();
    join_with_and(&names)
}

/// The layouts of pages as the form of a page offers them.
#[must_use]
pub(super) fn layouts(admin: &AdminContext) -> Vec<SelectOption> {
    let fields = admin.app.rules.fields.of(DocumentKind::Page, "");
    match fields.get(keys::LAYOUT).map(|field| &field.control) {
        Some(Control::Choice(options)) => {
            options.iter().map(|(value, label)| SelectOption::new(value.as_ref(), label.as_ref())).collect()
        }
        _ => Vec::new(),
    }
}

#[must_use]
pub(super) fn layout(admin: &AdminContext, layout: Layout) -> String {
    let found = layouts(admin).into_iter().find(|option| option.value == layout.as_str());
    found.map(|option| option.label).unwrap_or_default()
}

/// The control of a field in a word or two, for lists.
#[must_use]
pub(super) const fn control(control: TypeControl) -> &'static str {
    match control {
        TypeControl::Line => "Line",
        TypeControl::Text => "Text",
        TypeControl::Markdown => "Markdown",
        TypeControl::Number => "Number",
        TypeControl::Date => "Date",
        TypeControl::Choice => "Choice",
        TypeControl::YesNo => "Yes or no",
        TypeControl::Url => "Web address",
        TypeControl::Reference => "Page",
        TypeControl::Media => "Media",
        TypeControl::Rows => "List of rows",
    }
}

/// Where visitors see a field, in a word or two.
#[must_use]
pub(super) const fn place(shown: Shown) -> &'static str {
    match shown {
        Shown::Fact => "Key fact",
        Shown::Section => "Section",
        Shown::Data => "Machines only",
        Shown::Internal => "Admin area only",
    }
}

/// What else is said of the control of a field: its limit, what can be chosen, the parts of its rows; or nothing.
#[must_use]
pub(super) fn control_detail(field: &TypeField) -> String {
    match (field.control, field.limit) {
        (TypeControl::Choice, _) => field.options.join(", "),
        (TypeControl::Rows, _) => {
            let labels: Vec<&str> = field.parts.iter().map(|part| part.label.as_str()).collect();
            format!("{}: {}", pluralise(labels.len(), "part", "parts"), labels.join(", "))
        }
        (_, Some(limit)) => format!("at most {} characters", number(limit)),
        (_, None) => String::new(),
    }
}
