//! Adding files: the form, and what becomes of each file that it sends.

use std::iter;

use axum::{
    Json,
    extract::{Multipart, multipart::MultipartRejection},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use serde::Serialize;

use super::{
    choices::{MediaChoice, MediaChoiceReply},
    form_files::{Arrived, FIELD, FILES_MAX, Unread, receive},
    tidy,
};
use crate::{
    admin::{
        paths::{MediaListPath, MediaThingPath, NewMediaPath},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::{Error, Result, ValidationErrors},
    media_files::{
        file_name,
        preparation::{Treatment, prepare},
        temporary_file::WrittenFile,
    },
    model::{
        media::{
            adding::{self, Added},
            item::{self, MediaItem},
        },
        policy::Action,
    },
    text::count::pluralise,
    web::form_errors::FormErrors,
    work,
};

/// How many refusals are told.
const TOLD: usize = 30;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, new).post_files(Action::Edit, create)
}

/// What became of the files of a form.
#[derive(Default)]
struct Report {
    added: Vec<MediaItem>,
    known: Vec<MediaItem>,
    /// A sentence for each that was not taken.
    refused: Vec<String>,
    notes: Vec<String>,
}

impl Report {
    /// Says of the files that were still to come that they were not added, and why.
    /// Errors: the one that came, when nothing was added before it.
    fn leave_out(&mut self, admin: &AdminContext, error: Error, names: impl Iterator<Item = String>) -> Result<()> {
        if self.added.is_empty() && self.known.is_empty() || matches!(error, Error::AccountChanged) {
            return Err(error);
        }
        let why = match error {
            Error::Busy(_) => "too much is under way now; send it again in a moment".to_owned(),
            Error::Conflict(sentence) => sentence,
            other => {
                admin.app.fault_log.tell("a file could not be added to the media library", other);
                "the server cannot take it now".to_owned()
            }
        };
        let sentences = names.map(|name| format!("“{}” was not added: {why}", file_name::display(&name)));
        self.refused.extend(sentences);
        Ok(())
    }
}

#[derive(Serialize)]
struct NewView {
    errors: FormErrors,
    /// What was added, or was there already, although something else was not.
    added: Vec<Link>,
    /// Most MiB of one form.
    most: usize,
    most_files: usize,
}

#[derive(Serialize)]
struct Link {
    title: String,
    path: String,
}

async fn new(_: NewMediaPath, admin: AdminContext) -> Result<Response> {
    draw(&admin, Report::default()).await
}

async fn draw(admin: &AdminContext, report: Report) -> Result<Response> {
    let mut errors = ValidationErrors::default();
    for sentence in report.refused.iter().take(TOLD) {
        errors.add(FIELD, sentence.trim_end_matches('.'));
    }
    if report.refused.len() > TOLD {
        let more = pluralise(report.refused.len() - TOLD, "more file was", "more files were");
        errors.add(FIELD, format!("{more} not added either"));
    }
    let link = |item: MediaItem| Link { path: MediaThingPath { id: item.id }.to_string(), title: item.title };
    let errors = FormErrors::from(errors);
    let status = errors.status();
    let view = NewView {
        errors,
        added: report.added.into_iter().chain(report.known).map(link).collect(),
        most: admin.app.config.upload_limit,
        most_files: FILES_MAX,
    };
    admin.screen_as(status, "admin/media/new.html", "Add files", &view).await
}

async fn create(
    _: NewMediaPath,
    admin: AdminContext,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response> {
    let by_script = headers.get(header::ACCEPT).is_some_and(|accepted| accepted == "application/json");
    let arrived = match receive(&admin, &headers, form).await {
        Ok(arrived) => arrived,
        Err(Unread::TooLarge) => return answer(&admin, too_large(&admin), by_script).await,
        Err(Unread::Fault(error)) => return Err(error),
    };
    let mut report = Report::default();
    let Arrived { files, left_out, .. } = arrived;
    let mut files = files.into_iter();
    while let Some((name, file)) = files.next() {
        if let Err(error) = take(&admin, &mut report, name.clone(), file).await {
            report.leave_out(&admin, error, iter::once(name).chain(files.by_ref().map(|(name, _)| name)))?;
        }
    }
    if left_out > 0 {
        let more = pluralise(left_out, "file was", "files were");
        report.refused.push(format!("{more} left out: at most {FILES_MAX} are taken at once"));
    }
    if report.refused.is_empty() && report.added.is_empty() && report.known.is_empty() {
        report.refused.push("Choose a file".to_owned());
    }
    answer(&admin, report, by_script).await
}

/// To a script in its own words; otherwise the next screen, or the form again.
async fn answer(admin: &AdminContext, report: Report, by_script: bool) -> Result<Response> {
    if by_script {
        let things = report.added.into_iter().chain(report.known).map(MediaChoice::of).collect();
        return Ok(Json(MediaChoiceReply { things, refused: report.refused }).into_response());
    }
    if report.refused.is_empty() { done(admin, report).await } else { draw(admin, report).await }
}

fn too_large(admin: &AdminContext) -> Report {
    let most = admin.app.config.upload_limit;
    let sentence = format!("Nothing was added: the files are larger than {most} MB together. Send fewer at once");
    Report { refused: vec![sentence], ..Report::default() }
}

/// Adds one file, or tells why not.
async fn take(admin: &AdminContext, report: &mut Report, name: String, file: WrittenFile) -> Result<()> {
    if let Some(known) = item::with_content(admin.app.read(), &file.hash, &file.hash).await? {
        report.known.push(known);
        return Ok(());
    }
    let store = admin.app.media.clone();
    let job = move || prepare(&store, name, file, Treatment::WriteAgain);
    let prepared = match work::run_apart(&admin.app.preparing, job).await?? {
        Ok(prepared) => prepared,
        Err(sentence) => {
            report.refused.push(sentence);
            return Ok(());
        }
    };
    let stored = adding::store(&admin.app.db, &admin.app.media, admin.app.now(), prepared).await?;
    let added = admin.change(async |write| adding::add(write, &stored).await).await;
    if !matches!(added, Ok(Added::New(_))) {
        tidy::give_back(admin, &stored).await;
    }
    match added? {
        Added::New(item) => report.added.push(item),
        Added::Known(item) => report.known.push(item),
    }
    report.notes.extend(Some(stored.note).filter(|note| !note.is_empty()));
    Ok(())
}

/// To the one thing that was sent, or to the list.
async fn done(admin: &AdminContext, report: Report) -> Result<Response> {
    let Report { added, known, notes, .. } = report;
    let mut sentences = match (added.as_slice(), known.as_slice()) {
        ([one], []) => vec![format!("“{}” was added.", one.title)],
        ([], [one]) => vec![format!("This file was there already, as “{}”.", one.title)],
        (added, []) => vec![format!("{} were added.", pluralise(added.len(), "file", "files"))],
        (added, known) => {
            let known = pluralise(known.len(), "file was", "files were");
            let added = pluralise(added.len(), "file was", "files were");
            vec![format!("{added} added, and {known} there already.")]
        }
    };
    sentences.extend(notes);
    let to = match (added.as_slice(), known.as_slice()) {
        ([one], []) | ([], [one]) => MediaThingPath { id: one.id }.to_string(),
        _ => MediaListPath::PATH.to_owned(),
    };
    admin.done(&to, sentences.join(" ")).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/media/new.html", crate::admin::shared::admin_context::sample_screen::<NewView>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    NewView { errors, added, most, most_files }
    Link { title, path }
}
