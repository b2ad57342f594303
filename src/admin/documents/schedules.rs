//! The schedules of a document: what will be published or unpublished, and when. Each is cancelled here, or publishes a
//! newer version instead.

use axum::{http::StatusCode, response::Response};
use serde::{Deserialize, Serialize};

use super::{
    paths,
    schedule_view::{ScheduleView, parse_moment},
    version_diff::DocumentHeading,
};
use crate::{
    admin::{
        paths::{CancelSchedulePath, DocumentSchedulesPath, SchedulePath},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::{Error, Result},
    model::{
        document::{
            keys,
            record::Document,
            revision::{self, Revision},
            with_newest,
        },
        policy::Action,
        schedule,
    },
    web::{
        form::Form,
        form_errors::{FormErrors, SelectOption},
    },
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get(Action::Publish, index)
        .post(Action::Publish, create)
        .post(Action::Publish, update)
        .post(Action::Publish, cancel)
}

/// What was typed.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct ScheduleForm {
    /// `unpublish`, or the version to publish.
    what: String,
    date: String,
    time: String,
}

#[derive(Serialize)]
struct SchedulesView<'a> {
    head: DocumentHeading,
    action: String,
    schedules: Vec<ScheduleView>,
    options: Vec<SelectOption>,
    zone: String,
    form: &'a ScheduleForm,
    errors: FormErrors,
}

async fn index(DocumentSchedulesPath { id }: DocumentSchedulesPath, admin: AdminContext) -> Result<Response> {
    draw(&admin, id, &ScheduleForm::default(), FormErrors::default()).await
}

async fn draw(admin: &AdminContext, id: i64, form: &ScheduleForm, errors: FormErrors) -> Result<Response> {
    draw_as(admin, errors.status(), id, form, errors).await
}

/// Shows what is scheduled now, with why something else was not done about it.
async fn refuse(admin: &AdminContext, id: i64, error: Error) -> Result<Response> {
    match error {
        Error::Conflict(sentence) => {
            admin.warn(sentence).await?;
            draw_as(admin, StatusCode::CONFLICT, id, &ScheduleForm::default(), FormErrors::default()).await
        }
        other => admin.refuse(&paths::schedules(id), other).await,
    }
}

async fn draw_as(
    admin: &AdminContext,
    status: StatusCode,
    id: i64,
    form: &ScheduleForm,
    errors: FormErrors,
) -> Result<Response> {
    let (document, newest) = with_newest::get(admin.app.read(), id).await?;
    let schedules = ScheduleView::upcoming(admin, &document, newest.version).await?;
    let view = SchedulesView {
        head: DocumentHeading::of(&document, &newest),
        action: paths::schedules(id),
        options: options(&document, &newest, !schedules.is_empty()),
        schedules,
        zone: admin.settings.time_zone.clone(),
        form,
        errors,
    };
    let title = format!("Schedule “{}”", newest.content.title);
    admin.screen_as(status, "admin/documents/schedules.html", &title, &view).await
}

/// What can be scheduled. What is not published yet can be unpublished after something else that is scheduled.
fn options(document: &Document, newest: &Revision, has_schedules: bool) -> Vec<SelectOption> {
    let publishes = document.published_revision_id != Some(newest.id);
    let version = newest.version;
    let publish = publishes.then(|| SelectOption::new(version.to_string(), format!("Publish version {version}")));
    let unpublish = (document.is_live() || has_schedules).then(|| SelectOption::new("unpublish", "Unpublish"));
    publish.into_iter().chain(unpublish).collect()
}

async fn create(
    DocumentSchedulesPath { id }: DocumentSchedulesPath,
    admin: AdminContext,
    Form(form): Form<ScheduleForm>,
) -> Result<Response> {
    let due_at = match parse_moment(&form.date, &form.time, &admin.zone()) {
        Ok(due_at) => due_at,
        Err(errors) => return draw(&admin, id, &form, errors.into()).await,
    };
    let version: Option<i64> = match form.what.as_str() {
        "unpublish" => None,
        version => Some(version.trim().parse().map_err(|_| Error::NotFound)?),
    };
    let added = admin.change(async |write| {
        let document = Document::get(write, id).await?;
        let revision = match version {
            Some(version) => Some(revision::version(write, id, version).await?.ok_or(Error::NotFound)?),
            None => None,
        };
        schedule::add(write, &document, revision.as_ref(), due_at).await
    });
    if let Err(error) = added.await {
        let errors = FormErrors::from(error.validation_errors()?);
        let errors = errors.at_screen(keys::BODY, paths::find_edit_screen(&admin, id).await?);
        return draw(&admin, id, &form, errors).await;
    }
    admin.app.find_next_due().await?;
    let when = due_at.long(&admin.zone());
    let sentence = match version {
        Some(version) => format!("Version {version} will be published on {when}."),
        None => format!("This will be unpublished on {when}."),
    };
    admin.done(&paths::schedules(id), sentence).await
}

/// Which version is published instead, and what the user saw.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ScheduleVersionForm {
    version: String,
    seen: String,
}

async fn update(
    SchedulePath { id, schedule }: SchedulePath,
    admin: AdminContext,
    Form(form): Form<ScheduleVersionForm>,
) -> Result<Response> {
    let version = form.version.trim().parse().map_err(|_| Error::NotFound)?;
    let changed = admin.change(async |write| {
        let document = Document::get(write, id).await?;
        let revision = revision::version(write, id, version).await?.ok_or(Error::NotFound)?;
        schedule::change_revision(write, &document, (schedule, &form.seen), &revision).await
    });
    match changed.await {
        Ok(()) => admin.done(&paths::schedules(id), format!("Version {version} will be published instead.")).await,
        Err(error) => refuse(&admin, id, error).await,
    }
}

async fn cancel(
    CancelSchedulePath { id, schedule }: CancelSchedulePath,
    admin: AdminContext,
    Form(form): Form<ScheduleVersionForm>,
) -> Result<Response> {
    let cancelled = admin.change(async |write| {
        let document = Document::get(write, id).await?;
        schedule::cancel(write, &document, schedule, &form.seen).await
    });
    if let Err(error) = cancelled.await {
        return refuse(&admin, id, error).await;
    }
    admin.app.find_next_due().await?;
    admin.done(&paths::schedules(id), "Cancelled. Nothing will happen at that time.").await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/documents/schedules.html", crate::admin::shared::admin_context::sample_screen::<SchedulesView<'static>>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    ScheduleForm { what, date, time }
    SchedulesView<'static> { head, action, schedules, options, zone, form, errors }
}
