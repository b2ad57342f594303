//! Everything in a version that links somewhere or shows something, as one Markdown text: its body, and the fields of its type
//! that hold texts, addresses, or things of the media library. So links and uses are kept of all of them in one way.

use std::{borrow::Cow, fmt::Write as _};

use super::{
    content::Content,
    field::{Control, Field},
    fields::DocumentFields,
    keys, rows,
};

/// The body alone, for a document without such fields.
#[must_use]
pub(crate) fn of<'c>(fields: &DocumentFields, content: &'c Content) -> Cow<'c, str> {
    let mut text = Cow::Borrowed(content.body.as_str());
    for field in fields.all().filter(|field| !keys::CORE.contains(&&*field.key)) {
        add(&mut text, field, content.extra.get(&field.key));
    }
    text
}

fn add(text: &mut Cow<'_, str>, field: &Field, value: &str) {
    if value.is_empty() {
        return;
    }
    match &field.control {
        Control::Markdown(_) | Control::Media => {
            let _ = write!(text.to_mut(), "\n\n{value}");
        }
        Control::Url | Control::Reference => {
            let _ = write!(text.to_mut(), "\n\n[x](<{value}>)");
        }
        Control::Rows(parts) => {
            for row in rows::read(value) {
                for part in parts {
                    add(text, part, row.get(&*part.key).map_or("", String::as_str));
                }
            }
        }
        _ => {}
    }
}
