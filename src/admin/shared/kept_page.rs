//! The page for a form that was not handled, because something failed or because the session has ended: what was typed
//! can be read, copied, and sent again exactly as it was sent before.

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{Html, Response},
};
use serde::Serialize;

use super::{
    form_labels::FormLabels,
    kept_form::{KeptForm, is_shown},
};
use crate::{
    error::Result,
    model::settings::Settings,
    render::error_page,
    state::app_state::App,
    text::isolate,
    web::submissions::SUBMISSION_FIELD,
    web::{error_info::ErrorInfo, request_context::RequestContext},
    work,
};

/// Most lines that a long text shows.
const ROWS: usize = 12;
/// The field that says which button was pressed.
const PRESSED: &str = "do";

#[derive(Debug, Default)]
pub(crate) struct Reason {
    pub(crate) title: &'static str,
    /// Whether the form was refused as it is.
    pub(crate) is_error: bool,
    pub(crate) message: String,
    /// The reference of the request in the log; empty when it has no line there.
    pub(crate) reference: String,
    /// Where to sign in first; empty when the user is signed in.
    pub(crate) sign_in: String,
    /// Whether the form may have been handled nevertheless.
    pub(crate) is_uncertain: bool,
    /// Whether its user cannot sign in any more.
    pub(crate) is_deactivated: bool,
}

/// The layer that replaces a bare error by this page when there is a form with something to keep.
pub(crate) async fn draw(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let Some(kept) = KeptForm::of(&mut request) else { return next.run(request).await };
    let target = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    let context = request.extensions().get::<RequestContext>().cloned();
    let response = next.run(request).await;
    let sent = kept.fields();
    if !error_page::is_bare_error(&response) || !is_kept(response.status(), &sent) {
        return response;
    }
    let reason = reason(&response, error_page::reference(context.as_ref()));
    match render(&app, target, sent, reason).await {
        Ok(page) => {
            let _ = error_page::report(&app, &response);
            error_page::redraw(&response, page)
        }
        Err(error) => {
            app.fault_log.tell("the page that keeps a form could not be drawn", error);
            response
        }
    }
}

/// Whether the page shows what was sent: a text that was typed, or what can be sent again because the fault is ours.
fn is_kept(status: StatusCode, sent: &[(String, String)]) -> bool {
    let is_ours = status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT;
    has_text(sent) || is_ours && !sent.is_empty()
}

fn reason(response: &Response, reference: String) -> Reason {
    let message = response.extensions().get::<ErrorInfo>().map(|info| info.message.as_str()).unwrap_or_default();
    let status = response.status();
    let (title, usual) = match status {
        StatusCode::NOT_FOUND => GONE_IN_ADMIN,
        StatusCode::PAYLOAD_TOO_LARGE => TOO_LARGE,
        _ => error_page::title_and_sentence(status),
    };
    // A response with a reason, or with a time to try again, comes from code that changed nothing.
    let is_certain = !message.is_empty() || response.headers().contains_key(header::RETRY_AFTER);
    Reason {
        title,
        is_error: error_page::is_refusal(status),
        message: if message.is_empty() { usual.to_owned() } else { isolate::quotations(message) },
        reference,
        is_uncertain: !is_certain && (status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT),
        ..Reason::default()
    }
}

/// What was sent is too large for this form, but can be shown again.
const TOO_LARGE: (&str, &str) =
    ("That is too much at once", "What you sent is larger than this form takes. Copy it, shorten it and send that.");

/// What was to be changed does not exist.
const GONE_IN_ADMIN: (&str, &str) =
    ("This is not there any more", "What you were about to change was deleted, or moved to the trash.");

#[derive(Serialize)]
struct View {
    title: &'static str,
    is_error: bool,
    site_name: String,
    message: String,
    reference: String,
    sign_in: String,
    /// `uncertain`, `deactivated`, `file`, or empty.
    outcome: &'static str,
    action: String,
    /// Whether the form has its submission, by which a form that was handled is recognised when it is sent again.
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
pub(crate) fn has_text(sent: &[(String, String)]) -> bool {
    sent.iter().any(|(name, value)| is_typed(name, value))
}

fn is_typed(name: &str, value: &str) -> bool {
    is_shown(name) && !value.trim().is_empty()
}

/// The page for a form that was sent to `target` with the fields `sent`, passwords left out; without a target it cannot be sent
/// again from there. Works without the database,
/// which may be what failed.
pub(crate) async fn render(
    app: &App,
    target: String,
    sent: Vec<(String, String)>,
    reason: Reason,
) -> Result<Html<String>> {
    let path = target.split('?').next().unwrap_or_default();
    let labels = FormLabels::of(&app.templates, &app.rules.fields, path);
    let pressed = sent.iter().find(|(name, _)| name == PRESSED);
    let view = View {
        title: reason.title,
        is_error: reason.is_error,
        site_name: Settings::load(app.read()).await.map(|settings| settings.site_name).unwrap_or_default(),
        message: reason.message,
        reference: reason.reference,
        sign_in: reason.sign_in,
        outcome: match (reason.is_deactivated, reason.is_uncertain) {
            (true, _) => "deactivated",
            (_, true) => "uncertain",
            _ if target.is_empty() => "file",
            _ => "",
        },
        is_marked: sent.iter().any(|(name, _)| name == SUBMISSION_FIELD),
        button: pressed.map_or_else(String::new, |(_, value)| labels.button(value)),
        has_text: has_text(&sent),
        fields: sent.into_iter().map(|(name, value)| field(&labels, name, value)).collect(),
        action: target,
    };
    work::run_blocking(|| app.templates.render("admin/kept.html", &view))
}

fn field(labels: &FormLabels, name: String, value: String) -> Field {
    // A field of a type may be called like one that other forms add themselves.
    let is_typed = is_typed(&name, &value) || !value.trim().is_empty() && labels.is_of_type(&name);
    let label = if is_typed { labels.field(&name) } else { String::new() };
    let rows = value.lines().count().max(value.len() / 60).clamp(1, ROWS);
    Field { name, value, label, rows }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/kept.html", crate::state::template_samples::view::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { title, is_error, site_name, message, reference, sign_in, outcome, action, is_marked, button, has_text, fields }
    Field { name, value, label, rows }
}
