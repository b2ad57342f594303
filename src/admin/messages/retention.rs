//! How long messages are kept, as users see it: what will be deleted, what holds deletion up, and an administrator's
//! confirmation that it may go on.

use axum::response::Response;
use serde::{Deserialize, Serialize};

use crate::{
    admin::{
        paths::MessageRetentionPath,
        shared::{
            admin_context::AdminContext,
            retention_notices::{self, Notice},
            routes::Routes,
        },
    },
    error::{Error, Result, ValidationErrors},
    model::{
        message::retention::{self, DueMessages, Pause},
        policy::Action,
        settings::Settings,
        write::Write,
    },
    text::count,
    web::{form::Form, form_errors::FormErrors},
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::DisposeOfMessages, edit).post(Action::DisposeOfMessages, update)
}

#[derive(Serialize)]
struct View {
    notices: Vec<Notice>,
    months: String,
    paused: bool,
    /// Whether it is the clock that holds deletion up.
    clock: bool,
    now: String,
    due: String,
    total: String,
    typed: String,
    errors: FormErrors,
}

async fn edit(_: MessageRetentionPath, admin: AdminContext) -> Result<Response> {
    draw(&admin, String::new(), FormErrors::default()).await
}

async fn draw(admin: &AdminContext, typed: String, errors: FormErrors) -> Result<Response> {
    let status = errors.status();
    let overview = retention_notices::overview(admin).await?;
    let mut notices = retention_notices::notices(admin).await?;
    for notice in &mut notices {
        notice.path = "";
    }
    let view = View {
        notices,
        months: retention_notices::months(admin),
        paused: overview.pause.is_some(),
        clock: overview.pause == Some(Pause::Clock),
        now: admin.app.now().long(&admin.zone()),
        due: overview.due.sentence(),
        total: count::number(overview.due.total()),
        typed,
        errors,
    };
    admin.screen_as(status, "admin/messages/retention.html", "Deletion of old messages", &view).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Confirmation {
    count: String,
}

async fn update(_: MessageRetentionPath, admin: AdminContext, Form(form): Form<Confirmation>) -> Result<Response> {
    match admin.change(async |write| confirm(&admin, write, &form).await).await {
        Ok(due) => {
            let sentence = format!("Confirmed. Over their time and to be marked for deletion: {}.", due.sentence());
            admin.done(retention_notices::PATH, sentence).await
        }
        Err(Error::Validation(invalid)) => draw(&admin, form.count, invalid.into()).await,
        Err(error) => admin.refuse(retention_notices::PATH, error).await,
    }
}

/// `Validation` when the number that was typed is another; `Conflict` when deletion is not paused.
async fn confirm(admin: &AdminContext, write: &Write, form: &Confirmation) -> Result<DueMessages> {
    let settings = Settings::load(write).await?;
    let limit = retention::limit(write.now, settings.retention_months, &settings.zone());
    let (Some(limit), Some(_)) = (limit, retention_notices::overview(admin).await?.pause) else {
        return Err(Error::Conflict("Nothing was changed: deletion is not paused.".to_owned()));
    };
    let due = retention::due(write, limit).await?;
    if count::parse(&form.count) != Some(due.total()) {
        let sentence = format!("Type {} to confirm that these messages go", count::number(due.total()));
        return Err(ValidationErrors::one("count", sentence).into());
    }
    retention::confirm(write, &due).await?;
    Ok(due)
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/messages/retention.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { notices, months, paused, clock, now, due, total, typed, errors }
}
