//! The check of the audit log: starts it, shows its progress and its result, and shows the head to note.

use std::time::Duration;

use axum::response::Response;
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use crate::{
    admin::{
        paths::AuditLogCheckPath,
        shared::{
            admin_context::{AdminContext, When},
            routes::Routes,
        },
    },
    error::{Result, ValidationErrors},
    model::{
        audit_log::{self, AuditHead},
        audit_log_check,
        audit_log_report::{self, Report},
        policy::Action,
    },
    state::{app_state::App, audit_check::AuditCheck},
    text::count::pluralise,
    web::{form::Form, form_errors::FormErrors},
};

const PATH: &str = AuditLogCheckPath::PATH;
/// How long the response waits for a check.
const SOON: Duration = Duration::from_secs(2);

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::ReadAuditLog, show).post(Action::ReadAuditLog, create)
}

#[derive(Serialize)]
struct View {
    /// Number and hash of the newest entry; empty when there is none.
    head: String,
    /// How far a check has come, while one is running.
    running: String,
    result: Option<ResultView>,
    failed: bool,
    typed: String,
    errors: FormErrors,
}

#[derive(Serialize)]
struct ResultView {
    good: bool,
    sentences: Vec<String>,
    head: String,
    when: When,
}

async fn show(_: AuditLogCheckPath, admin: AdminContext) -> Result<Response> {
    draw(&admin, String::new(), FormErrors::default()).await
}

async fn draw(admin: &AdminContext, typed: String, errors: FormErrors) -> Result<Response> {
    let status = errors.status();
    let head = audit_log::head(admin.app.read()).await?;
    if let Some(head) = &head {
        admin.app.audit_checks.tell(head);
    }
    let state = admin.app.audit_checks.state();
    let view = View {
        head: head.as_ref().map(AuditHead::to_string).unwrap_or_default(),
        running: match state {
            AuditCheck::Running(entries) => pluralise(entries, "entry", "entries"),
            _ => String::new(),
        },
        failed: matches!(state, AuditCheck::Failed),
        result: match state {
            AuditCheck::Done(report, at) => Some(result(admin.when(at), &report)),
            _ => None,
        },
        typed,
        errors,
    };
    admin.screen_as(status, "admin/audit_log/check.html", "Check of the audit log", &view).await
}

fn result(when: When, report: &Report) -> ResultView {
    let mut sentences = report.sentences();
    let entries = pluralise(report.entries, "entry", "entries");
    if report.discrepancy.is_none() {
        sentences.push(format!(
            "{entries} checked: each follows from the one before it, and every revision, publication and newest version is as recorded."
        ));
    }
    let head = report.head.as_ref().map(AuditHead::to_string).unwrap_or_default();
    ResultView { good: report.is_good(), sentences, head, when }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CheckForm {
    /// An earlier head; may be empty.
    head: String,
}

async fn create(_: AuditLogCheckPath, admin: AdminContext, Form(form): Form<CheckForm>) -> Result<Response> {
    let earlier = if form.head.trim().is_empty() { Ok(None) } else { form.head.parse::<AuditHead>().map(Some) };
    let Ok(earlier) = earlier else {
        let invalid = ValidationErrors::one("head", "Enter an earlier head as it was shown: number, colon, hash");
        return draw(&admin, form.head, invalid.into()).await;
    };
    let newest = audit_log::head(admin.app.read()).await?.map_or(0, |head| head.id);
    if let Some(head) = earlier.as_ref().filter(|head| admin.app.audit_checks.is_ahead(head, newest)) {
        let invalid = ValidationErrors::one("head", audit_log_report::ahead(head, newest));
        return draw(&admin, form.head, invalid.into()).await;
    }
    if !admin.app.audit_checks.begin() {
        return admin.not_done(PATH, "A check is running already. Wait for its result, then start another.").await;
    }
    let check = tokio::spawn(run(admin.app.clone(), earlier));
    // A longer one goes on in the background; the screen shows its progress.
    let _ = tokio::time::timeout(SOON, check).await;
    Ok(axum::response::IntoResponse::into_response(axum::response::Redirect::to(PATH)))
}

/// Checks the whole log, and stores the result for the screen.
async fn run(app: App, earlier: Option<AuditHead>) {
    let progress = |entries| app.audit_checks.set(AuditCheck::Running(entries));
    let state = match audit_log_check::check(app.read(), earlier, progress).await {
        Ok(report) => {
            if !report.is_good() {
                tracing::error!(found = report.sentences().join(" "), "the audit log does not fit");
            }
            AuditCheck::Done(report, app.now())
        }
        Err(error) => {
            tracing::error!(%error, "the audit log could not be checked");
            AuditCheck::Failed
        }
    };
    app.audit_checks.set(state);
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/audit_log/check.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { head, running, result, failed, typed, errors }
    ResultView { good, sentences, head, when }
}
