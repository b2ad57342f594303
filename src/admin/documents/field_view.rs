//! A field of the field table as forms draw it, and its values in words.

use serde::Serialize;

use crate::{
    admin::shared::{admin_context::AdminContext, category_options},
    error::{Error, Result},
    model::{
        document::{
            field::{Control, Field, ROWS_MAX, Required},
            fields::DocumentFields,
            input::DocumentInput,
            keys,
            rows::{self, ListRow},
        },
        faq::category,
    },
    web::form_errors::SelectOption,
};

/// How many empty rows follow those of a list.
const EMPTY_ROWS: usize = 2;

/// What is said of a value that was stored while the field was another.
const UNFIT: &str = "This is what was entered while the field was another one. Change it to fit, or empty it.";

/// What the macro `field` of `templates/macros/form.html` takes.
#[derive(Debug, Serialize)]
pub(crate) struct FieldView {
    pub name: String,
    pub label: String,
    hint: String,
    /// Name of its [`Control`].
    pub control: &'static str,
    rows: u8,
    limit: usize,
    is_required: bool,
    pub options: Vec<SelectOption>,
    pub value: String,
    /// Of a list: its rows, and some empty ones.
    list: Vec<RowView>,
    /// The same in words, where it is not edited.
    words: String,
    /// Whether a document without it cannot be published, though it can be saved.
    is_needed: bool,
}

#[derive(Debug, Serialize)]
struct RowView {
    /// Its place, from 1.
    place: usize,
    /// Whether a filled row is above or below it, with which it can change places.
    has_one_before: bool,
    has_one_after: bool,
    parts: Vec<PartView>,
}

/// A control for a part of a row.
#[derive(Debug, Serialize)]
struct PartView {
    name: String,
    label: String,
    hint: String,
    /// Name of its [`Control`].
    control: &'static str,
    limit: usize,
    options: Vec<SelectOption>,
    value: String,
}

impl FieldView {
    pub(crate) async fn of(admin: &AdminContext, field: &Field, value: &str) -> Result<Self> {
        let can_show = field.can_show(value);
        let (control, rows) = if can_show { control(&field.control) } else { ("text", 3) };
        let list = match &field.control {
            Control::Rows(parts) if can_show => row_views(field, parts, value),
            _ => Vec::new(),
        };
        Ok(Self {
            name: field.key.to_string(),
            label: field.label.to_string(),
            hint: if can_show { field.hint.to_string() } else { format!("{} {UNFIT}", field.hint) },
            control,
            rows,
            limit: field.limit,
            is_required: matches!(field.required, Required::ToSave(_)),
            options: with_present(field, options(admin, field).await?, value),
            value: value.to_owned(),
            words: if list.is_empty() { String::new() } else { field.label_of(value).unwrap_or_default().into_owned() },
            list,
            is_needed: matches!(field.required, Required::ToPublish(_)),
        })
    }
}

impl FieldView {
    /// The same for a field that the chosen type does not have.
    #[must_use]
    pub(crate) fn of_other_type(self) -> Self {
        let hint = format!("The type that is chosen does not have this field. {}", self.hint);
        Self { hint: hint.trim_end().to_owned(), is_required: false, is_needed: false, ..self }
    }
}

/// Its name in templates, and how many lines it shows.
const fn control(control: &Control) -> (&'static str, u8) {
    match control {
        Control::Line | Control::Labels => ("line", 2),
        Control::Paragraph(rows) | Control::Text(rows) => ("text", *rows),
        Control::Markdown(rows) => ("markdown", *rows),
        Control::Number => ("number", 1),
        Control::Date => ("date", 1),
        Control::Choice(_) | Control::Category => ("choice", 1),
        Control::YesNo => ("yes_no", 1),
        Control::Slug => ("slug", 1),
        Control::Url => ("url", 1),
        Control::Reference => ("reference", 1),
        Control::Media => ("media", 1),
        Control::Rows(_) => ("rows", 1),
    }
}

fn choices(field: &Field) -> Vec<SelectOption> {
    let Control::Choice(options) = &field.control else { return Vec::new() };
    options.iter().map(|(value, label)| SelectOption::new(value.as_ref(), label.as_ref())).collect()
}

/// The options with the present value, when that is none of them any more, so that it is not lost without a word.
fn with_present(field: &Field, mut options: Vec<SelectOption>, value: &str) -> Vec<SelectOption> {
    let is_choice = matches!(field.control, Control::Choice(_)) && field.key != keys::TYPE;
    if is_choice && !value.is_empty() && options.iter().all(|option| option.value != value) {
        options.push(SelectOption::new(value, format!("{value} (no longer offered)")));
    }
    options
}

/// The rows of a value, and empty ones to fill in.
fn row_views(field: &Field, parts: &[Field], value: &str) -> Vec<RowView> {
    let filled = rows::read(value);
    let shown = (filled.len() + EMPTY_ROWS).min(ROWS_MAX.max(filled.len()));
    let empty = ListRow::new();
    let row = |at: usize| {
        let values = filled.get(at).unwrap_or(&empty);
        let part = |part: &Field| PartView {
            name: rows::control_name(&field.key, at, &part.key),
            label: part.label.to_string(),
            hint: part.hint.to_string(),
            control: control(&part.control).0,
            limit: part.limit,
            options: choices(part),
            value: values.get(&*part.key).cloned().unwrap_or_default(),
        };
        RowView {
            place: at + 1,
            has_one_before: (1..filled.len()).contains(&at),
            has_one_after: at + 1 < filled.len(),
            parts: parts.iter().map(part).collect(),
        }
    };
    (0..shown).map(row).collect()
}

async fn options(admin: &AdminContext, field: &Field) -> Result<Vec<SelectOption>> {
    Ok(match &field.control {
        Control::Choice(_) => choices(field),
        Control::Category => category_options::options(admin).await?,
        _ => Vec::new(),
    })
}

/// Values, in words when a code is stored.
pub(crate) async fn in_words(
    admin: &AdminContext,
    fields: &DocumentFields,
    typed: &DocumentInput,
) -> Result<DocumentInput> {
    let mut words = typed.clone();
    for field in fields.of_document() {
        let value = typed.get(&field.key);
        if field.control == Control::Category && !value.is_empty() {
            words.set(&field.key, category_title(admin, value).await?);
        } else if let Some(text) = field.label_of(value) {
            words.set(&field.key, text.into_owned());
        }
    }
    Ok(words)
}

async fn category_title(admin: &AdminContext, id: &str) -> Result<String> {
    let category = Error::optional(category::get(admin.app.read(), id.parse().unwrap_or(0)).await)?;
    Ok(category.map_or_else(|| "A category that was deleted".to_owned(), |category| category.title))
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    FieldView { name, label, hint, control, rows, limit, is_required, options, value, list, words, is_needed }
    RowView { place, has_one_before, has_one_after, parts }
    PartView { name, label, hint, control, limit, options, value }
}
