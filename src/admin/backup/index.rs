//! How a backup is made, when the last one was, whether it was restored on trial, and how often one is made by itself. Makes none
//! itself: that is a command and background work.

use axum::{http::StatusCode, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::files::{self, FileView, WorkView};
use crate::{
    admin::{
        paths::{BackupPath, DashboardPath},
        shared::{
            admin_context::{AdminContext, When},
            form_outcome::{FormOutcome, FormState},
            merged_form::{FormBase, FormField, Log, MergedForm},
            routes::Routes,
        },
    },
    backup::rotation::{BackupFolder, ENCRYPTED},
    error::{Error, Result, ValidationErrors},
    model::{
        backup_state::{BackupInterval, BackupOutcome, BackupSchedule, BackupTrial, KEPT},
        opening,
        policy::Action,
        write::Write,
    },
    text::count,
    web::{
        form::Form,
        form_errors::{FormErrors, SelectOption},
    },
};

/// Where the audit log says who chose that.
const LOG: Log = Log { action: "site.schedule_backups", subject_id: None, names: None };

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
    /// Of an encrypted one, with a key of a maintainer.
    key_drill: Option<OutcomeView>,
    /// Of putting the newest one into a bucket.
    upload: Option<OutcomeView>,
    has_bucket: bool,
    /// The public keys that backups are encrypted for.
    recipients: Vec<String>,
    /// Whether the maintainer named a folder for scheduled backups.
    has_folder: bool,
    /// What is under way.
    work: Option<WorkView>,
    files: Vec<FileView>,
    intervals: Vec<SelectOption>,
    counts: Vec<SelectOption>,
    #[serde(flatten)]
    form: FormView,
    dashboard: &'static str,
}

/// The form, as it is stored or was sent.
#[derive(Serialize)]
struct FormView {
    every: String,
    kept: String,
    base: FormBase,
    #[serde(flatten)]
    state: FormState,
    /// How many backups would be deleted, while it asks for the number; 0 otherwise.
    deletes: usize,
    count: String,
}

#[derive(Serialize)]
struct OutcomeView {
    at: When,
    seconds: String,
    file: String,
    is_encrypted: bool,
    /// Empty: nothing was wrong.
    fault: String,
}

async fn outcome(admin: &AdminContext, of: BackupTrial) -> Result<Option<OutcomeView>> {
    let found = BackupOutcome::load(admin.app.read(), of).await?;
    Ok(found.map(|found| OutcomeView {
        at: admin.when(found.at),
        seconds: format!("{}.{}", found.milliseconds / 1000, found.milliseconds % 1000 / 100),
        is_encrypted: found.file.ends_with(ENCRYPTED),
        file: found.file,
        fault: found.fault,
    }))
}

async fn show(_: BackupPath, admin: AdminContext) -> Result<Response> {
    let now = Values::of(BackupSchedule::load(admin.app.read()).await?);
    let base = FormBase::of(&now.beside(&now));
    let form = FormView {
        every: now.every,
        kept: now.kept,
        base,
        state: FormState::default(),
        deletes: 0,
        count: String::new(),
    };
    draw(&admin, form).await
}

async fn draw(admin: &AdminContext, form: FormView) -> Result<Response> {
    let last = opening::load(admin.app.read()).await?.last_backup();
    let status = if form.deletes == 0 { form.state.status() } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = View {
        last: last.map(|at| admin.when(at)),
        is_file: admin.app.db.files().is_some(),
        scheduled: outcome(admin, BackupTrial::Backup).await?,
        drill: outcome(admin, BackupTrial::Drill).await?,
        key_drill: outcome(admin, BackupTrial::Key).await?,
        upload: outcome(admin, BackupTrial::Upload).await?,
        has_bucket: admin.app.config.backup.s3.is_some(),
        recipients: admin.app.config.backup.recipients.iter().map(ToString::to_string).collect(),
        has_folder: admin.app.config.backup.dir.is_some(),
        work: files::work(admin),
        files: files::list(admin).await?,
        intervals: BackupInterval::ALL.map(|one| SelectOption::new(one.as_str(), label(one))).into(),
        counts: KEPT.map(|count| SelectOption::new(count.to_string(), count.to_string())).into(),
        form,
        dashboard: DashboardPath::PATH,
    };
    admin.screen_as(status, "admin/backup.html", "Backup", &view).await
}

const fn label(interval: BackupInterval) -> &'static str {
    match interval {
        BackupInterval::Never => "Never",
        BackupInterval::Hour => "Every hour",
        BackupInterval::Day => "Every day",
        BackupInterval::Week => "Every week",
    }
}

/// What is chosen, as the form has it.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
struct Values {
    every: String,
    kept: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ScheduleForm {
    #[serde(flatten)]
    typed: Values,
    /// The number of backups that keeping fewer would delete, typed to agree to it.
    count: String,
    #[serde(flatten)]
    base: FormBase,
}

impl Values {
    fn of(schedule: BackupSchedule) -> Self {
        Self { every: schedule.every.as_str().to_owned(), kept: schedule.kept.to_string() }
    }

    /// `BadRequest` for what cannot be chosen.
    fn parse(every: &str, kept: &str) -> Result<BackupSchedule> {
        let every = BackupInterval::parse(every);
        let kept = kept.parse().ok().filter(|kept| KEPT.contains(kept));
        let refused = || Error::BadRequest("The form has a choice that does not exist.".to_owned());
        every.zip(kept).map(|(every, kept)| BackupSchedule { every, kept }).ok_or_else(refused)
    }

    fn beside<'a>(&'a self, now: &'a Self) -> [FormField<'a>; 2] {
        [
            FormField { name: "every", label: "Make a backup", typed: &self.every, now: &now.every },
            FormField { name: "kept", label: "How many are kept", typed: &self.kept, now: &now.kept },
        ]
    }
}

async fn update(_: BackupPath, admin: AdminContext, Form(form): Form<ScheduleForm>) -> Result<Response> {
    match admin.change(async |write| save(&admin, write, &form).await).await {
        Ok(FormOutcome::Saved(())) => admin.done(BackupPath::PATH, "Saved how often a backup is made.").await,
        Ok(FormOutcome::Again(view)) => draw(&admin, view).await,
        Err(error) => admin.refuse(BackupPath::PATH, error).await,
    }
}

async fn save(admin: &AdminContext, write: &Write, form: &ScheduleForm) -> Result<FormOutcome<(), FormView>> {
    let stored = BackupSchedule::load(write).await?;
    let now = Values::of(stored);
    let mut merged = form.base.merge(&form.typed.beside(&now));
    merged.name_authors(admin, LOG).await?;
    let schedule = Values::parse(merged.value("every"), merged.value("kept"))?;
    if merged.needs_choice() {
        return Ok(FormOutcome::Again(with_choice(&now, merged)));
    }
    merged.check_changed()?;
    let deletes = if schedule.kept < stored.kept { count_old(admin, schedule.kept).await? } else { 0 };
    if deletes > 0 && count::parse(&form.count) != i64::try_from(deletes).ok() {
        let errors = if form.count.trim().is_empty() {
            FormErrors::default()
        } else {
            ValidationErrors::one("count", format!("Type {deletes} to delete these backups")).into()
        };
        return Ok(FormOutcome::Again(FormView {
            every: form.typed.every.clone(),
            kept: form.typed.kept.clone(),
            base: form.base.clone(),
            state: merged.into_state_with(errors),
            deletes,
            count: form.count.clone(),
        }));
    }
    schedule.save(write).await?;
    Ok(FormOutcome::Saved(()))
}

/// The form with the values that clash side by side.
fn with_choice(now: &Values, merged: MergedForm) -> FormView {
    let (every, kept) = (merged.displayed_value("every").to_owned(), merged.displayed_value("kept").to_owned());
    let mut state = merged.into_state();
    for clash in state.clashes.iter_mut().filter(|clash| clash.name == "every") {
        for value in [&mut clash.theirs, &mut clash.mine] {
            *value = BackupInterval::parse(value).map_or_else(String::new, |one| label(one).to_owned());
        }
    }
    FormView { every, kept, base: FormBase::of(&now.beside(now)), state, deletes: 0, count: String::new() }
}

/// How many of the backups that are there the next one would delete.
async fn count_old(admin: &AdminContext, kept: usize) -> Result<usize> {
    let Some(folder) = &admin.app.config.backup.dir else { return Ok(0) };
    let backups = BackupFolder::of(admin.app.read(), folder).await?;
    Ok(backups.find_old(kept).map_or(0, |old| old.len()))
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/backup.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { last, is_file, scheduled, drill, key_drill, upload, has_bucket, recipients, has_folder, work, files, intervals, counts, form, dashboard }
    FormView { every, kept, base, state, deletes, count }
    OutcomeView { at, seconds, file, is_encrypted, fault }
}
