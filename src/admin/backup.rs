//! How a backup is made, when the last one was, whether it was restored on trial, and how often one is made by itself. Makes none
//! itself: that is a command and background work.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::{
    paths::{BackupPath, DashboardPath},
    shared::{
        admin_context::{AdminContext, When},
        routes::Routes,
    },
};
use crate::{
    error::{Error, Result},
    model::{
        backup_state::{BackupInterval, BackupOutcome, BackupSchedule, BackupTrial, KEPT},
        opening,
        policy::Action,
    },
    web::{
        form::Form,
        form_errors::{FormErrors, SelectOption},
    },
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::ChangeSettings, show).post(Action::ChangeSettings, update)
}

#[derive(Serialize)]
struct View {
    last: Option<When>,
    /// Whether the database is a file that the program itself copies.
    is_file: bool,
    /// The last one that was made by itself.
    scheduled: Option<OutcomeView>,
    drill: Option<OutcomeView>,
    /// Whether the maintainer named a folder for those that are made by themselves.
    has_folder: bool,
    every: &'static str,
    kept: String,
    intervals: Vec<SelectOption>,
    counts: Vec<SelectOption>,
    errors: FormErrors,
    dashboard: &'static str,
}

#[derive(Serialize)]
struct OutcomeView {
    at: When,
    seconds: String,
    file: String,
    /// Empty: nothing was wrong.
    fault: String,
}

async fn outcome(admin: &AdminContext, of: BackupTrial) -> Result<Option<OutcomeView>> {
    let found = BackupOutcome::load(admin.app.read(), of).await?;
    Ok(found.map(|found| OutcomeView {
        at: admin.when(found.at),
        seconds: format!("{}.{}", found.milliseconds / 1000, found.milliseconds % 1000 / 100),
        file: found.file,
        fault: found.fault,
    }))
}

async fn show(_: BackupPath, admin: AdminContext) -> Result<Response> {
    let last = opening::load(admin.app.read()).await?.last_backup();
    let schedule = BackupSchedule::load(admin.app.read()).await?;
    let view = View {
        last: last.map(|at| admin.when(at)),
        is_file: admin.app.db.files().is_some(),
        scheduled: outcome(&admin, BackupTrial::Backup).await?,
        drill: outcome(&admin, BackupTrial::Drill).await?,
        has_folder: admin.app.config.backup_dir.is_some(),
        every: schedule.every.as_str(),
        kept: schedule.kept.to_string(),
        intervals: BackupInterval::ALL.map(|one| SelectOption::new(one.as_str(), label(one))).into(),
        counts: KEPT.map(|count| SelectOption::new(count.to_string(), count.to_string())).into(),
        errors: FormErrors::default(),
        dashboard: DashboardPath::PATH,
    };
    admin.screen("admin/backup.html", "Backup", &view).await
}

const fn label(interval: BackupInterval) -> &'static str {
    match interval {
        BackupInterval::Never => "Never",
        BackupInterval::Hour => "Every hour",
        BackupInterval::Day => "Every day",
        BackupInterval::Week => "Every week",
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ScheduleForm {
    every: String,
    kept: String,
}

async fn update(_: BackupPath, admin: AdminContext, Form(form): Form<ScheduleForm>) -> Result<Response> {
    let every = BackupInterval::parse(&form.every);
    let kept = form.kept.parse().ok().filter(|kept| KEPT.contains(kept));
    let (Some(every), Some(kept)) = (every, kept) else {
        return Err(Error::BadRequest("The form has a choice that there is not.".to_owned()));
    };
    let schedule = BackupSchedule { every, kept };
    if admin.change(async |write| schedule.save(write).await).await? {
        admin.done(BackupPath::PATH, "Saved how often a backup is made.").await
    } else {
        admin.not_done(BackupPath::PATH, "Nothing was changed.").await
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/backup.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { last, is_file, scheduled, drill, has_folder, every, kept, intervals, counts, errors, dashboard }
    OutcomeView { at, seconds, file, fault }
}
