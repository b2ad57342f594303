//! Everything in a version that links somewhere or shows something, as Markdown texts: its body, and the fields of its type
//! that hold texts, addresses, or things of the media library. So links and uses are kept of all of them in one way. Each is a text of
//! its own, so that what is left open in one, such as a block of code, hides nothing in the next.

use super::{
    content::Content,
    field::{Control, Field},
    fields::DocumentFields,
    keys, rows,
};

/// The body, and the fields.
#[must_use]
pub(crate) fn of(fields: &DocumentFields, content: &Content) -> Vec<String> {
    let mut texts = vec![content.body.clone()];
    texts.extend(of_fields(fields, content));
    texts
}

/// Without the body.
#[must_use]
pub(crate) fn of_fields(fields: &DocumentFields, content: &Content) -> Vec<String> {
    let mut texts = Vec::new();
    for field in fields.all().filter(|field| !keys::CORE.contains(&&*field.key)) {
        add(&mut texts, field, content.extra.get(&field.key));
    }
    texts
}

fn add(texts: &mut Vec<String>, field: &Field, value: &str) {
    if value.is_empty() {
        return;
    }
    match &field.control {
        Control::Markdown(_) | Control::Media => texts.push(value.to_owned()),
        Control::Url | Control::Reference => texts.push(format!("[x](<{value}>)")),
        Control::Rows(parts) => {
            for row in rows::read(value) {
                for part in parts {
                    add(texts, part, row.get(&*part.key).map_or("", String::as_str));
                }
            }
        }
        _ => {}
    }
}
