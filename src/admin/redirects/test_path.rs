//! Says where a path leads visitors, step by step.

use axum::{extract::Query, response::Response};
use serde::{Deserialize, Serialize};

use crate::{
    admin::{
        paths::{NewRedirectPath, RedirectPath, TestRedirectPath},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::{Result, ValidationErrors},
    model::{
        page::public,
        policy::Action,
        redirect::{
            follow::{RedirectStep, RedirectTarget, follow},
            typed,
        },
    },
    web::form_errors::FormErrors,
};
use axum_extra::routing::TypedPath;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, show)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TestQuery {
    path: String,
}

#[derive(Serialize)]
struct View {
    path: String,
    errors: FormErrors,
    /// None before a path was typed.
    outcome: Option<Outcome>,
}

/// What visitors get at a path.
#[derive(Serialize)]
struct Outcome {
    path: String,
    steps: Vec<Step>,
    /// Whether there is a live page.
    live: bool,
    /// Whether the program answers itself.
    answered: bool,
    gone: bool,
    /// Where a redirect leads; empty without one.
    to: String,
    /// Where a redirect from here is made.
    new: String,
}

#[derive(Serialize)]
struct Step {
    from: String,
    to: String,
    /// The path of its screen.
    path: String,
}

impl From<RedirectStep> for Step {
    fn from(step: RedirectStep) -> Self {
        let RedirectStep { redirect_id, path, covers_below, to } = step;
        let from = if covers_below { format!("{path}/*") } else { path };
        Self { from, to, path: RedirectPath { id: redirect_id }.to_string() }
    }
}

async fn show(_: TestRedirectPath, admin: AdminContext, Query(query): Query<TestQuery>) -> Result<Response> {
    let typed = query.path.trim().to_owned();
    let mut view = View { path: typed, errors: FormErrors::default(), outcome: None };
    if !view.path.is_empty() {
        // What visitors add behind the path leads nowhere else.
        let bare = view.path.split(['?', '#']).next().unwrap_or_default();
        match typed::parse_from(&admin.app.rules, bare) {
            Ok((path, _)) => view.outcome = Some(look(&admin, path).await?),
            Err(sentence) => view.errors = ValidationErrors::one("path", sentence).into(),
        }
    }
    admin.screen_as(view.errors.status(), "admin/redirects/test.html", "Test a path", &view).await
}

async fn look(admin: &AdminContext, path: String) -> Result<Outcome> {
    let db = admin.app.read();
    let new =
        format!("{}?{}", NewRedirectPath::PATH, serde_html_form::to_string([("from", &path)]).unwrap_or_default());
    let answered = admin.app.rules.answers(&path);
    let live = !answered && public::id_at(db, &path).await?.is_some();
    let mut outcome = Outcome { path, steps: Vec::new(), live, answered, gone: false, to: String::new(), new };
    if !answered && !live {
        let followed = follow(db, &outcome.path).await?;
        outcome.gone = followed.end == RedirectTarget::Gone;
        outcome.to = followed.end.location(None).unwrap_or_default();
        outcome.steps = followed.steps.into_iter().map(Step::from).collect();
    }
    Ok(outcome)
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/redirects/test.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { path, errors, outcome }
    Outcome { path, steps, live, answered, gone, to, new }
    Step { from, to, path }
}
