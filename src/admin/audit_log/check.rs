//! The check of the audit log: starts it, shows its progress and its result, and shows the head to note.

use std::{
    convert::Infallible,
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

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
    error::{Error, Result, ValidationErrors},
    model::{
        audit_check::{self, AuditCheck},
        audit_log::{self, AuditHead},
        audit_log_check,
        audit_log_report::{self, Report},
        policy::Action,
    },
    state::app_state::App,
    text::count::pluralise,
    web::{form::Form, form_errors::FormErrors},
};

const PATH: &str = AuditLogCheckPath::PATH;
/// How long the response waits for a check.
const SOON: Duration = Duration::from_secs(2);
/// How often a running check stores how far it is.
const PROGRESS: Duration = Duration::from_secs(1);

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
    #[serde(flatten)]
    found: Found,
    when: When,
}

/// What a check found, as it is stored.
#[derive(Serialize, Deserialize)]
struct Found {
    good: bool,
    sentences: Vec<String>,
    head: String,
}

async fn show(_: AuditLogCheckPath, admin: AdminContext) -> Result<Response> {
    draw(&admin, String::new(), FormErrors::default()).await
}

async fn draw(admin: &AdminContext, typed: String, errors: FormErrors) -> Result<Response> {
    let status = errors.status();
    let head = audit_log::head(admin.app.read()).await?;
    if let Some(head) = &head {
        admin.app.shown_heads.tell(head);
    }
    let state = audit_check::get(admin.app.read(), admin.app.now()).await?;
    let view = View {
        head: head.as_ref().map(AuditHead::to_string).unwrap_or_default(),
        running: match state {
            AuditCheck::Running(entries) => pluralise(entries, "entry", "entries"),
            _ => String::new(),
        },
        failed: matches!(state, AuditCheck::Failed),
        result: match state {
            AuditCheck::Done(result, at) => Some(ResultView::read(&result, admin.when(at))?),
            _ => None,
        },
        typed,
        errors,
    };
    admin.screen_as(status, "admin/audit_log/check.html", "Check of the audit log", &view).await
}

impl ResultView {
    fn read(found: &str, when: When) -> Result<Self> {
        let found = serde_json::from_str(found).map_err(|error| Error::internal("the result of a check", error))?;
        Ok(Self { found, when })
    }
}

impl Found {
    fn by(report: &Report) -> Self {
        let mut sentences = report.sentences();
        let entries = pluralise(report.entries, "entry", "entries");
        if report.discrepancy.is_none() {
            sentences.push(format!(
                "{entries} checked: each follows from the one before it, and every revision, publication, newest version, review, owner and type is as recorded."
            ));
        }
        let head = report.head.as_ref().map(AuditHead::to_string).unwrap_or_default();
        Self { good: report.is_good(), sentences, head }
    }
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
    if let Some(head) = earlier.as_ref().filter(|head| admin.app.shown_heads.is_ahead(head, newest)) {
        let invalid = ValidationErrors::one("head", audit_log_report::ahead(head, newest));
        return draw(&admin, form.head, invalid.into()).await;
    }
    if !audit_check::begin(&admin.app.db, admin.app.now()).await? {
        return admin.not_done(PATH, "A check is running already. Wait for its result, then start another.").await;
    }
    let check = tokio::spawn(run(admin.app.clone(), earlier));
    // A longer one goes on in the background; the screen shows its progress.
    let _ = tokio::time::timeout(SOON, check).await;
    Ok(axum::response::IntoResponse::into_response(axum::response::Redirect::to(PATH)))
}

/// Checks the whole log, and stores the result for the screen.
async fn run(app: App, earlier: Option<AuditHead>) {
    let entries = AtomicI64::new(0);
    let checked = tokio::select! {
        checked = audit_log_check::check(app.read(), earlier, |checked| entries.store(checked, Ordering::Relaxed)) => checked,
        never = tell(&app, &entries) => match never {},
    };
    let found = match checked {
        Ok(report) => {
            if !report.is_good() {
                tracing::error!(found = report.sentences().join(" "), "the audit log does not fit");
            }
            serde_json::to_string(&Found::by(&report)).ok()
        }
        Err(error) => {
            tracing::error!(%error, "the audit log could not be checked");
            None
        }
    };
    if let Err(error) = audit_check::end(&app.db, found, app.now()).await {
        tracing::error!(%error, "what the check of the audit log found could not be stored");
    }
}

/// Stores again and again how far the check is.
async fn tell(app: &App, entries: &AtomicI64) -> Infallible {
    loop {
        tokio::time::sleep(PROGRESS).await;
        if let Err(error) = audit_check::note(&app.db, entries.load(Ordering::Relaxed), app.now()).await {
            tracing::debug!(%error, "how far the check of the audit log is could not be stored");
        }
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/audit_log/check.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { head, running, result, failed, typed, errors }
    ResultView { found, when }
    Found { good, sentences, head }
}
