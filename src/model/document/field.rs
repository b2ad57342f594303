//! One field of a document: what a form shows of it, what it may hold, and where else it appears. Knows no document.

mod building;

use std::borrow::Cow;

pub use super::field_use::{FieldGroup, FieldPlace, Required, SearchWeight};
use super::{field_values, kind::DocumentKind, rows};
use crate::{
    text::{
        clean,
        count::number,
        labels, limit,
        markdown::{self, contents},
    },
    work,
};

/// Most rows of a list.
pub(crate) const ROWS_MAX: usize = 100;

type Words = Cow<'static, str>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name in forms, in files and in the database.
    pub(crate) key: Words,
    pub(crate) kinds: Vec<DocumentKind>,
    pub(crate) label: Words,
    pub(crate) hint: Words,
    /// How it is entered, and what it may hold.
    pub(crate) control: Control,
    /// Its most characters; bytes for Markdown.
    pub(crate) limit: usize,
    pub(crate) required: Required,
    /// What a match in it weighs in a search; none when it is not searched.
    pub(crate) search: Option<SearchWeight>,
    /// Whether visitors may see it.
    pub(crate) is_public: bool,
    /// Whether visitors find the document by it.
    pub(crate) is_findable: bool,
    pub(crate) group: FieldGroup,
    /// Whether it is a field of a type, which administrators may change while documents keep their values.
    pub(crate) is_of_type: bool,
    /// Where a page shows it among the fields of its type; none when its template has a place for it.
    pub(crate) place: Option<FieldPlace>,
    /// What the form of a new document has in it.
    pub(crate) initial: Words,
}

/// How a field is entered, and so what it may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Control {
    Line,
    /// A paragraph, in which a line break is a space; how many lines of it the form shows.
    Paragraph(u8),
    /// Lines of text; how many of them the form shows.
    Text(u8),
    /// Markdown; how many lines of it the form shows.
    Markdown(u8),
    Number,
    /// A day, `YYYY-MM-DD`.
    Date,
    /// One of a list: its value, and how it reads.
    Choice(Vec<(Words, Words)>),
    /// `yes`, or empty.
    YesNo,
    /// Labels, separated by commas.
    Labels,
    /// A slug; made from the title when it is empty.
    Slug,
    /// A category of the FAQ, by id.
    Category,
    /// An address on another site, or of e-mail.
    Url,
    /// The path of a page of this site, with a part of it or without.
    Reference,
    /// One picture, or a link to one file, of the media library, in Markdown.
    Media,
    /// Rows with these parts; see [`rows`].
    Rows(Vec<Field>),
}

impl Field {
    /// Its name within a sentence.
    #[must_use]
    pub(crate) fn name(&self) -> String {
        self.label.to_lowercase()
    }

    /// What was typed, cleaned; a slug is made from `title`.
    /// Errors: a sentence that says what to do.
    pub(crate) fn parse(&self, typed: &str, title: &str) -> Result<String, String> {
        // Nobody sees it, so nobody could mend it.
        if self.group == FieldGroup::Hidden {
            return Ok(clean::lines(typed));
        }
        let named = |fault: String| format!("{}: {fault}", self.label);
        let value = match &self.control {
            Control::Line | Control::Paragraph(_) => self.within(clean::line(typed))?,
            Control::Text(_) => self.within(clean::lines(typed))?,
            Control::Markdown(_) => self.markdown(clean::lines(typed))?,
            Control::Number => field_values::number(typed.trim()).map_err(named)?,
            Control::Date => field_values::day(typed.trim())?,
            Control::Choice(options) => field_values::choice(options, typed)?,
            Control::Labels => self.within(labels::parse(typed)?)?,
            Control::YesNo => field_values::yes_no(typed.trim())?,
            Control::Slug => field_values::parse_slug(typed.trim(), title)?,
            Control::Category => typed.trim().parse::<i64>().map_or_else(|_| String::new(), |id| id.to_string()),
            Control::Url => self.within(field_values::url(typed).map_err(named)?)?,
            Control::Reference => self.within(field_values::reference(typed).map_err(named)?)?,
            Control::Media => self.within(field_values::media(typed).map_err(named)?)?,
            Control::Rows(parts) => parse_rows(parts, typed)?,
        };
        match &self.required {
            Required::ToSave(sentence) if self.is_empty(&value) => Err(sentence.clone().into_owned()),
            _ => Ok(value),
        }
    }

    #[must_use]
    pub(crate) fn is_empty(&self, value: &str) -> bool {
        match self.control {
            Control::Markdown(_) => value.is_empty() || !work::run_blocking(|| contents::shows_anything(value)),
            _ => value.is_empty(),
        }
    }

    /// Whether a control of this kind can show a value at all, whether it is right or not. What was stored before its type changed may be
    /// of another kind.
    #[must_use]
    pub(crate) fn can_show(&self, value: &str) -> bool {
        match &self.control {
            Control::Rows(parts) => rows::has_only(value, |key, text| {
                let part = parts.iter().find(|part| part.key == key);
                part.is_some_and(|part| part.can_show(text) && part.offers(text))
            }),
            Control::YesNo => matches!(value, "" | "yes"),
            Control::Date => value.is_empty() || field_values::day(value).is_ok(),
            _ => true,
        }
    }

    /// Whether a value is among those that can be chosen, where it is a choice.
    fn offers(&self, value: &str) -> bool {
        match &self.control {
            Control::Choice(options) => options.iter().any(|(known, _)| known == value),
            _ => true,
        }
    }

    /// Whether a value is one that the field takes.
    #[must_use]
    pub(crate) fn fits(&self, value: &str) -> bool {
        self.parse(value, "").is_ok_and(|parsed| parsed == value)
    }

    /// What visitors may be told of a stored value: nothing of an empty one, and nothing of rows that its field, which was another when
    /// they were stored, does not have.
    #[must_use]
    pub(crate) fn public_value<'v>(&self, value: &'v str) -> Option<&'v str> {
        let is_list = matches!(self.control, Control::Rows(_)) && self.can_show(value);
        (!value.is_empty() && (is_list || rows::read(value).is_empty())).then_some(value)
    }

    /// A value in words, where it is stored as a code.
    #[must_use]
    pub(crate) fn label_of(&self, value: &str) -> Option<Cow<'_, str>> {
        match &self.control {
            Control::Choice(options) => {
                options.iter().find(|(known, _)| known == value).map(|(_, label)| Cow::Borrowed(label.as_ref()))
            }
            Control::Rows(parts) => {
                Some(words_of_rows(parts, value).into()).filter(|words: &Cow<'_, str>| !words.is_empty())
            }
            Control::YesNo if value.is_empty() => Some("No".into()),
            Control::YesNo if value == "yes" => Some("Yes".into()),
            _ => None,
        }
    }

    fn within(&self, text: String) -> Result<String, String> {
        limit::characters(&text, &format!("the {}", self.name()), self.limit).map(|()| text)
    }

    fn markdown(&self, text: String) -> Result<String, String> {
        limit::bytes(&text, &format!("the {}", self.name()), self.limit)?;
        work::run_blocking(|| markdown::check(&text)).map(|()| text)
    }
}

/// The rows of a list: each part as its own field would have it, without empty rows.
fn parse_rows(parts: &[Field], typed: &str) -> Result<String, String> {
    let typed = if typed.is_empty() { "[]" } else { typed };
    let typed: Vec<rows::ListRow> = serde_json::from_str(typed).map_err(|_| "This is no list of rows".to_owned())?;
    let mut parsed = Vec::new();
    for (at, row) in typed.iter().enumerate() {
        if let Some(key) = row.keys().find(|key| parts.iter().all(|part| part.key != **key)) {
            return Err(format!("Row {}: a row has no part “{key}”", at + 1));
        }
        let mut values = rows::ListRow::new();
        for part in parts {
            let text = row.get(&*part.key).map_or("", String::as_str);
            let value = part.parse(text, "").map_err(|fault| part_fault(at, part, &fault))?;
            values.insert(part.key.to_string(), value);
        }
        if values.values().any(|value| !value.is_empty()) {
            parsed.push(values);
        }
    }
    if parsed.len() > ROWS_MAX {
        return Err(format!("Enter at most {ROWS_MAX} rows; there are {}", number(parsed.len())));
    }
    Ok(rows::to_text(&parsed))
}

fn part_fault(at: usize, part: &Field, fault: &str) -> String {
    let fault = fault.strip_prefix(&format!("{}: ", part.label)).unwrap_or(fault);
    format!("Row {}, {}: {fault}", at + 1, part.name())
}

/// A line for each row.
fn words_of_rows(parts: &[Field], value: &str) -> String {
    let cell = |row: &rows::ListRow, part: &Field| {
        let text = row.get(&*part.key)?;
        let words = part.label_of(text).unwrap_or(Cow::Borrowed(text.as_str()));
        Some(format!("{}: {words}", part.label))
    };
    let line = |row: &rows::ListRow| parts.iter().filter_map(|part| cell(row, part)).collect::<Vec<_>>().join("; ");
    rows::read(value).iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
