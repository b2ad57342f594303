//! How the fields of types become fields of documents.

use std::borrow::Cow;

use super::{
    field::{Control, Field, FieldGroup, FieldPlace, Required, SearchWeight},
    kind::DocumentKind,
    type_field::{Shown, TypeControl, TypeField},
};

/// A field of a type, for documents of these kinds.
#[must_use]
pub(super) fn field(one: &TypeField, kinds: &[DocumentKind]) -> Field {
    let usual = one.control.limits().map_or(1_000, |(usual, _)| usual);
    let mut field = Field::new(kinds, control(one), one.key.clone(), one.label.clone(), hint(one))
        .limit(one.limit.unwrap_or(usual))
        .in_group(if one.is_hidden { FieldGroup::Hidden } else { FieldGroup::Main });
    field.is_of_type = true;
    if one.is_required && !one.is_hidden {
        let sentence = format!("Enter the {}", field.name());
        field = field.required(Required::ToPublish(sentence.into()));
    }
    if one.is_searched {
        field = field.searched(SearchWeight::Text);
    }
    match one.shown {
        _ if one.is_hidden => field.internal(),
        Shown::Fact => field.placed(FieldPlace::Fact),
        Shown::Section => field.placed(FieldPlace::Section),
        Shown::Data => field.placed(FieldPlace::Data),
        Shown::Internal => field.internal(),
    }
}

fn hint(one: &TypeField) -> String {
    let usual = match one.control {
        TypeControl::Url => "A whole address, for example https://www.iso.org/standard/70636.html.",
        TypeControl::Reference => "The path of a page of this site, for example /standards/part-1.",
        TypeControl::Media => {
            "A picture as ![what it shows](/media/name.jpg), or a file as [what it is](/media/name.pdf)."
        }
        _ => "",
    };
    let hint = if one.hint.is_empty() { usual } else { &one.hint };
    let needed = if one.is_required { "Required to publish." } else { "" };
    [hint, needed].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn control(one: &TypeField) -> Control {
    match one.control {
        TypeControl::Line => Control::Line,
        TypeControl::Text => Control::Text(4),
        // A key fact is a line or two.
        TypeControl::Markdown => Control::Markdown(if one.shown == Shown::Fact { 2 } else { 8 }),
        TypeControl::Number => Control::Number,
        TypeControl::Date => Control::Date,
        TypeControl::YesNo => Control::YesNo,
        TypeControl::Url => Control::Url,
        TypeControl::Reference => Control::Reference,
        TypeControl::Media => Control::Media,
        TypeControl::Choice => {
            let none = (Cow::Borrowed(""), Cow::Borrowed("Not chosen"));
            let options = one.options.iter().map(|option| (Cow::Owned(option.clone()), Cow::Owned(option.clone())));
            Control::Choice(std::iter::once(none).chain(options).collect())
        }
        TypeControl::Rows => Control::Rows(one.parts.iter().map(|part| field(part, &[])).collect()),
    }
}
