//! A field of the field table as forms draw it, and its values in words.

use serde::Serialize;

use crate::{
    admin::shared::admin_context::AdminContext,
    error::{Error, Result},
    model::{
        document::{
            field::{Control, Field, Required},
            fields::DocumentFields,
            input::DocumentInput,
        },
        faq::category,
    },
    web::form_errors::SelectOption,
};

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
}

impl FieldView {
    pub(crate) async fn of(admin: &AdminContext, field: &Field, value: &str) -> Result<Self> {
        let (control, rows) = match field.control {
            Control::Line => ("line", 2),
            Control::Paragraph(rows) | Control::Text(rows) => ("text", rows),
            Control::Markdown(rows) => ("markdown", rows),
            Control::Number => ("number", 1),
            Control::Date => ("date", 1),
            Control::Choice(_) | Control::Category => ("choice", 1),
            Control::YesNo => ("yes_no", 1),
            Control::Slug => ("slug", 1),
        };
        Ok(Self {
            name: field.key.to_string(),
            label: field.label.to_string(),
            hint: field.hint.to_string(),
            control,
            rows,
            limit: field.limit,
            is_required: matches!(field.required, Required::ToSave(_)),
            options: options(admin, field).await?,
            value: value.to_owned(),
        })
    }
}

async fn options(admin: &AdminContext, field: &Field) -> Result<Vec<SelectOption>> {
    Ok(match &field.control {
        Control::Choice(options) => {
            options.iter().map(|(value, label)| SelectOption::new(value.as_ref(), label.as_ref())).collect()
        }
        // The first choice is empty, so that a category that is gone does not silently become another.
        Control::Category => {
            let all = category::all(admin.app.read()).await?;
            let all = all.into_iter().map(|category| SelectOption::new(category.id.to_string(), category.title));
            std::iter::once(SelectOption::new("", "Choose a category")).chain(all).collect()
        }
        _ => Vec::new(),
    })
}

/// Values, in words when a code is stored.
pub(crate) async fn in_words(
    admin: &AdminContext,
    fields: DocumentFields<'_>,
    typed: &DocumentInput,
) -> Result<DocumentInput> {
    let mut words = typed.clone();
    for field in fields.of_document() {
        let value = typed.get(&field.key);
        if field.control == Control::Category && !value.is_empty() {
            words.set(&field.key, category_title(admin, value).await?);
        } else if let Some(text) = field.label_of(value) {
            words.set(&field.key, text);
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
    FieldView { name, label, hint, control, rows, limit, is_required, options, value }
}
