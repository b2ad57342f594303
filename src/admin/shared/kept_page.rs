//! The page for a form that was not handled, because something failed or because the session has ended: what was typed
//! can be read, copied, and sent again exactly as it was sent before.

use axum::response::Html;
use serde::Serialize;

use super::{form_labels::FormLabels, kept_form::is_shown, submission};
use crate::{error::Result, model::settings::Settings, state::app_state::App, work};

/// Most lines that a long text shows.
const ROWS: usize = 12;
/// The field that says which button was pressed.
const PRESSED: &str = "do";

/// Why the form was not handled.
#[derive(Debug, Default)]
pub struct Reason {
    /// In a few words.
    pub title: &'static str,
    /// In a sentence or two.
    pub message: String,
    /// The reference of the request in the log; empty when it has no line there.
    pub reference: String,
    /// Where to sign in first; empty for who is signed in.
    pub sign_in: String,
    /// Whether the form may have been handled all the same.
    pub is_uncertain: bool,
}

#[derive(Serialize)]
struct View {
    title: &'static str,
    site_name: String,
    message: String,
    reference: String,
    sign_in: String,
    is_uncertain: bool,
    action: String,
    /// Whether the form has the value that marks it: sent again with it, a form that was handled is recognised.
    is_marked: bool,
    /// Label of the button that was pressed, if the form has several.
    button: String,
    /// Whether any of the fields is shown.
    has_text: bool,
    /// As they were sent, so that the form is the same when it is sent again.
    fields: Vec<Field>,
}

#[derive(Serialize)]
struct Field {
    name: String,
    value: String,
    /// Empty for one that is not shown.
    label: String,
    rows: usize,
}

/// Whether any field of a form was typed into.
#[must_use]
pub fn has_text(sent: &[(String, String)]) -> bool {
    sent.iter().any(|(name, value)| is_typed(name, value))
}

fn is_typed(name: &str, value: &str) -> bool {
    is_shown(name) && !value.trim().is_empty()
}

/// The page for a form that was sent to `target` with the fields `sent`, passwords left out. Works without the database,
/// which may be what failed.
///
/// # Errors
/// When the template fails.
pub async fn render(app: &App, target: String, sent: Vec<(String, String)>, reason: Reason) -> Result<Html<String>> {
    let path = target.split('?').next().unwrap_or_default();
    let labels = FormLabels::of(&app.templates, path);
    let pressed = sent.iter().find(|(name, _)| name == PRESSED);
    let view = View {
        title: reason.title,
        site_name: Settings::load(app.read()).await.map(|settings| settings.site_name).unwrap_or_default(),
        message: reason.message,
        reference: reason.reference,
        sign_in: reason.sign_in,
        is_uncertain: reason.is_uncertain,
        is_marked: sent.iter().any(|(name, _)| name == submission::FIELD),
        button: pressed.map_or_else(String::new, |(_, value)| labels.button(value)),
        has_text: has_text(&sent),
        fields: sent.into_iter().map(|(name, value)| field(&labels, name, value)).collect(),
        action: target,
    };
    work::blocking(|| app.templates.render("admin/kept.html", &view))
}

fn field(labels: &FormLabels, name: String, value: String) -> Field {
    let label = if is_typed(&name, &value) { labels.field(&name) } else { String::new() };
    let rows = value.lines().count().max(value.len() / 60).clamp(1, ROWS);
    Field { name, value, label, rows }
}
