//! Everything in a version that links somewhere or shows something, as Markdown texts: its body, and the fields of its type
//! that hold texts, addresses, or things of the media library. So links and uses are kept of all of them in one way. Each is a text of
//! its own, so that what is left open in one, such as a block of code, hides nothing in the next.

use super::{
    content::Content,
    field::{Control, Field},
    fields::DocumentFields,
    keys, rows,
};
use crate::text::markdown::{link_source::write_into, links::LinkAddresses};

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

/// About how many bytes the values of fields have, without the body.
#[must_use]
pub(crate) fn size(content: &Content) -> usize {
    content.extra.iter().map(|(_, value)| value.len()).sum()
}

/// A value of a field with the addresses that its links have now.
#[must_use]
pub(crate) fn with_addresses(field: &Field, value: &str, links: &LinkAddresses) -> String {
    match &field.control {
        _ if links.is_empty() || !field.can_show(value) => value.to_owned(),
        Control::Markdown(_) | Control::Media => write_into(value, links),
        Control::Url | Control::Reference => links.get(value).map_or(value, String::as_str).to_owned(),
        Control::Rows(parts) => {
            let mut rows = rows::read(value);
            for part in parts {
                for text in rows.iter_mut().filter_map(|row| row.get_mut(&*part.key)) {
                    *text = with_addresses(part, text, links);
                }
            }
            rows::to_text(&rows)
        }
        _ => value.to_owned(),
    }
}

/// The same of a whole version.
#[must_use]
pub(crate) fn content_with_addresses(fields: &DocumentFields, content: Content, links: &LinkAddresses) -> Content {
    let body = write_into(&content.body, links);
    let mut written = Content { body, ..content };
    for field in fields.all().filter(|field| field.is_of_type) {
        let value = written.value(&field.key).into_owned();
        let now = with_addresses(field, &value, links);
        if now != value {
            written = written.with(&field.key, &now);
        }
    }
    written
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
