//! All redirects as a file for spreadsheets, and many of them from one.

use axum::{
    extract::Multipart,
    http::header,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::{
    admin::{
        paths::{RedirectExportPath, RedirectFilePath, RedirectImportPath, RedirectsPath},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::{Error, Result, ValidationErrors},
    model::{
        policy::Action,
        redirect::{
            sheet::{self, SheetReport},
            sheet_lines::LineFault,
        },
    },
    text::{count::pluralise, isolate},
    web::{form::Form, form_errors::FormErrors},
};

/// Most lines with mistakes that are named.
const NAMED: usize = 100;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get(Action::Edit, export)
        .get(Action::Publish, new)
        .post_list(Action::Publish, create)
        .post_list(Action::Publish, read_file)
}

async fn export(_: RedirectExportPath, admin: AdminContext) -> Result<Response> {
    let day = admin.app.now().date(&TimeZone::UTC);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"redirects-{day}.csv\"")),
    ];
    Ok((headers, sheet::write(admin.app.read()).await?).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ImportForm {
    lines: String,
    /// Not empty: lines with mistakes are left out.
    good: String,
}

#[derive(Serialize)]
struct View {
    lines: String,
    errors: FormErrors,
    faults: Vec<LineError>,
    /// How many more lines have mistakes than are named.
    more: usize,
    /// How many lines are right.
    good: usize,
}

#[derive(Serialize)]
struct LineError {
    line: i64,
    reason: String,
}

impl From<LineFault> for LineError {
    fn from(LineFault { line, reason }: LineFault) -> Self {
        Self { line: i64::try_from(line).unwrap_or(i64::MAX), reason: isolate::quotations(&reason) }
    }
}

async fn draw(admin: &AdminContext, view: &View) -> Result<Response> {
    admin.screen_as(view.errors.status(), "admin/redirects/import.html", "Import redirects", view).await
}

async fn new(_: RedirectImportPath, admin: AdminContext) -> Result<Response> {
    let view = View { lines: String::new(), errors: FormErrors::default(), faults: Vec::new(), more: 0, good: 0 };
    draw(&admin, &view).await
}

/// Shows the text of a file in the form, as a script does it without the server.
async fn read_file(_: RedirectFilePath, admin: AdminContext, mut form: Multipart) -> Result<Response> {
    let unread = |_| Error::BadRequest("The file did not arrive whole, or is too large for a list.".to_owned());
    let mut view = View { lines: String::new(), errors: FormErrors::default(), faults: Vec::new(), more: 0, good: 0 };
    while let Some(field) = form.next_field().await.map_err(unread)? {
        if field.file_name().is_some() {
            view.lines = String::from_utf8_lossy(&field.bytes().await.map_err(unread)?).into_owned();
        }
    }
    if view.lines.is_empty() {
        view.errors = ValidationErrors::one("files", "Choose a file with a list").into();
    }
    draw(&admin, &view).await
}

async fn create(_: RedirectImportPath, admin: AdminContext, Form(typed): Form<ImportForm>) -> Result<Response> {
    if typed.lines.lines().count() > sheet::LINES_MAX {
        let sentence =
            format!("A list may have {} lines. Divide it, and import one part after the other", sheet::LINES_MAX);
        let errors = ValidationErrors::one("lines", sentence).into();
        return draw(&admin, &View { lines: typed.lines, errors, faults: Vec::new(), more: 0, good: 0 }).await;
    }
    let leaves_out_faulty = !typed.good.is_empty();
    let report = admin.change(async |write| sheet::import(write, &typed.lines, leaves_out_faulty).await).await?;
    let SheetReport { added, changed, same, faults } = report;
    let good = added + changed + same;
    let sentence = if good == 0 && faults.is_empty() {
        "Enter one redirect a line: the old path, a comma, and where it leads".to_owned()
    } else if faults.is_empty() || leaves_out_faulty && good > 0 {
        let lines = |count| pluralise(count, "redirect was", "redirects were");
        let left_out = match faults.len() {
            0 => String::new(),
            count => format!(" {} left out because of mistakes.", pluralise(count, "line was", "lines were")),
        };
        let done = format!("{} added, {changed} changed; {same} were so already.{left_out}", lines(added));
        return admin.done(RedirectsPath::PATH, done).await;
    } else {
        let lines = pluralise(faults.len(), "line has a mistake", "lines have mistakes");
        format!("{lines}, so nothing was imported")
    };
    let more = faults.len().saturating_sub(NAMED);
    let errors = ValidationErrors::one("lines", sentence).into();
    let faults = faults.into_iter().take(NAMED).map(LineError::from).collect();
    draw(&admin, &View { lines: typed.lines, errors, faults, more, good }).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/redirects/import.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { lines, errors, faults, more, good }
    LineError { line, reason }
}
