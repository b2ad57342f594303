//! One value of a document as the texts of others show it: a link to `/standards/part-1#=edition` is read as what the field `edition`
//! of that page says now. Which values may be shown so; knows no text.

use super::{
    content::Content,
    field::{Control, Field},
    fields::DocumentFields,
    keys,
};

/// What a part of a page begins with that names a field of it.
const MARK: char = '=';

/// The key of the field that the fragment of a link names, if it names one.
#[must_use]
pub(crate) fn key_in(fragment: &str) -> Option<&str> {
    fragment.strip_prefix(MARK).filter(|key| !key.is_empty())
}

/// What visitors may read of a field of live content, in words; none for what is empty, not public, or no short text.
#[must_use]
pub(crate) fn value(fields: &DocumentFields, content: &Content, key: &str) -> Option<String> {
    let field = fields.get(key).filter(|field| is_shown(field))?;
    let value = content.value(key);
    let value = field.public_value(&value)?;
    Some(field.label_of(value).map_or_else(|| value.to_owned(), std::borrow::Cow::into_owned))
}

fn is_shown(field: &Field) -> bool {
    let is_public = match &*field.key {
        keys::TITLE | keys::SUMMARY | keys::CLAUSE_NUMBER => true,
        _ => field.is_of_type && field.place.is_some(),
    };
    let is_short = matches!(
        field.control,
        Control::Line
            | Control::Paragraph(_)
            | Control::Number
            | Control::Date
            | Control::Choice(_)
            | Control::YesNo
            | Control::Url
    );
    is_public && is_short
}
