//! The messages of a list as CSV, for administrators: a screen that asks how, and the file. The file is the answer to a
//! POST, so that no link elsewhere can make it; it is sent piece by piece, after the export was recorded in the audit
//! log.

use axum::{
    extract::Query,
    http::header,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use bytes::Bytes;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{labels, query::MessagesQuery};
use crate::{
    admin::{
        paths::MessageExportPath,
        shared::{admin_context::AdminContext, routes::Routes, submission::Repeated},
    },
    error::Result,
    model::{
        message::{
            export::{self, CsvFormat, Separator},
            inbox::{self, MessageFilter, MessageFolder},
        },
        policy::Action,
        write::Write,
    },
    state::app_state::App,
    text::count::pluralise,
    web::{
        form::Form,
        form_errors::{FormErrors, SelectOption},
        stream::{self, Pieces},
    },
};

const PATH: &str = MessageExportPath::PATH;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::ExportMessages, new).post(Action::ExportMessages, create)
}

#[derive(Serialize)]
struct View {
    count: String,
    any: bool,
    folder_label: &'static str,
    messages: &'static str,
    /// What was searched; may be empty.
    q: String,
    assigned: &'static str,
    /// The query string, with its question mark, that keeps folder and search in the form's address; may be empty.
    query: String,
    others: Vec<Other>,
    separators: Vec<SelectOption>,
    errors: FormErrors,
}

#[derive(Serialize)]
struct Other {
    label: &'static str,
    count: String,
    path: String,
}

async fn new(_: MessageExportPath, admin: AdminContext, Query(list_query): Query<MessagesQuery>) -> Result<Response> {
    let count = export::count(admin.app.read(), &list_query.filter(&admin)).await?;
    let counts = inbox::counts(admin.app.read()).await?;
    let others =
        MessageFolder::LIST.into_iter().filter(|folder| *folder != list_query.folder() && counts.of(*folder) > 0);
    let view = View {
        count: messages(count),
        any: count > 0,
        folder_label: labels::folder(list_query.folder()),
        messages: labels::messages_in(list_query.folder()),
        q: list_query.search(),
        assigned: list_query.assigned(),
        query: list_query.query(),
        others: others.map(|folder| other(folder, counts.of(folder))).collect(),
        separators: Separator::ALL
            .into_iter()
            .map(|(one, name)| SelectOption::new(name, labels::separator(one)))
            .collect(),
        errors: FormErrors::default(),
    };
    let heading = if count > 0 { format!("Export {}", view.count) } else { NOTHING.to_owned() };
    admin.screen("admin/messages/export.html", &heading, &view).await
}

const NOTHING: &str = "There is nothing to export";

fn messages(count: i64) -> String {
    pluralise(count, "message", "messages")
}

fn other(folder: MessageFolder, count: i64) -> Other {
    Other { label: labels::folder(folder), count: messages(count), path: format!("{PATH}?folder={}", folder.as_str()) }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FormatForm {
    separator: String,
    byte_order_mark: String,
}

async fn create(
    _: MessageExportPath,
    admin: AdminContext,
    repeated: Repeated,
    Query(list_query): Query<MessagesQuery>,
    Form(form): Form<FormatForm>,
) -> Result<Response> {
    let format =
        CsvFormat { separator: Separator::parse(&form.separator), byte_order_mark: form.byte_order_mark == "yes" };
    let day = admin.app.now().date(&TimeZone::UTC);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"messages-{day}.csv\"")),
    ];
    let filter = list_query.filter(&admin);
    let folder = labels::folder(list_query.folder());
    let note = async |write: &Write| export::note(write, &filter, folder).await;
    if repeated == Repeated(false) && !admin.change(note).await? {
        return admin.not_done(&format!("{PATH}{}", list_query.query()), format!("{NOTHING}.")).await;
    }
    let (pieces, body) = stream::channel();
    tokio::spawn(fill(admin.app.clone(), filter, format, pieces));
    Ok((headers, body).into_response())
}

/// Ends when all is written, the reader has gone, or the database fails, which the reader then notices.
async fn fill(app: App, filter: MessageFilter, format: CsvFormat, pieces: Pieces) {
    if let Err(error) = write_all(&app, &filter, format, &pieces).await {
        tracing::error!(%error, "an export of messages broke off");
        let _ = pieces.send(Err(error)).await;
    }
}

async fn write_all(app: &App, filter: &MessageFilter, format: CsvFormat, pieces: &Pieces) -> Result<()> {
    let mut piece = export::head(format)?;
    let mut before = i64::MAX;
    loop {
        let messages = export::page(app.read(), filter, before).await?;
        piece.extend(export::rows(format, &messages)?);
        if pieces.send(Ok(Bytes::from(std::mem::take(&mut piece)))).await.is_err() {
            return Ok(());
        }
        match messages.last() {
            Some(last) => before = last.id,
            None => return Ok(()),
        }
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/messages/export.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { count, any, folder_label, messages, q, assigned, query, others, separators, errors }
    Other { label, count, path }
}
