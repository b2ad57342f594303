//! The inbox: folders, search, pages.

use axum::{extract::Query, response::Response};
use axum_extra::routing::TypedPath;
use serde::Serialize;

use super::{bulk, labels, query::MessagesQuery};
use crate::{
    admin::{
        paths::{MessageExportPath, MessagePath, MessagesPath},
        shared::{
            admin_context::{AdminContext, When},
            routes::Routes,
        },
    },
    error::Result,
    model::{
        message::{
            drafts::{self, DraftParts},
            inbox::{self, FolderCounts, MessageFolder, MessageRow},
            topic,
        },
        policy::Action,
        seen_version::SeenVersion,
        user,
    },
    render::pagination::{List, ListOrder, Pagination},
    text::{clean, count::number, email},
    web::form_errors::SelectOption,
};

const ROWS: usize = 50;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::HandleMessages, index)
}

#[derive(Serialize)]
struct View {
    tabs: Vec<Tab>,
    /// Name of the folder, for the search form.
    folder: &'static str,
    folder_label: &'static str,
    q: String,
    assigned: Assigned,
    /// How many characters of what was typed were looked for; 0 when all were.
    only: usize,
    action: String,
    rows: Vec<Row>,
    moves: Vec<SelectOption>,
    assignees: Vec<SelectOption>,
    /// Whether the user may delete messages.
    deletes: bool,
    /// How many the list has, when that is more than this page shows.
    all: Option<String>,
    /// Id of the newest message.
    last: i64,
    /// How many the list has up to that.
    shown: i64,
    /// The query string, with its question mark, that keeps folder and search; may be empty.
    query: String,
    /// The address that all of them came from; may be empty.
    email: String,
    pages: Pagination,
    filtered: bool,
    /// Where the same search goes through all folders.
    everywhere: Option<String>,
    /// Where the list can be exported; none when it is empty or the user may not.
    export: Option<String>,
    export_label: String,
}

/// Whose messages are listed; anyone's when neither.
#[derive(Serialize)]
struct Assigned {
    me: bool,
    nobody: bool,
}

#[derive(Serialize)]
struct Tab {
    label: &'static str,
    path: String,
    count: i64,
    current: bool,
}

#[derive(Serialize)]
struct Row {
    /// Id and version, as the form sends them.
    selection: String,
    path: String,
    reference: String,
    name: String,
    topic: String,
    excerpt: String,
    received: When,
    status: &'static str,
    status_label: &'static str,
    assignee: String,
    /// What the user typed or chose there and has not saved, in words.
    unsaved: String,
}

async fn index(_: MessagesPath, admin: AdminContext, Query(list_query): Query<MessagesQuery>) -> Result<Response> {
    let db = admin.app.read();
    let from = list_query.cursor();
    let pairs = list_query.pairs();
    let pairs = pairs.each_ref().map(|(name, value)| (*name, value.as_str()));
    let list = List { path: MessagesPath::PATH, query: &pairs, order: ListOrder::NewestFirst, size: ROWS };
    let mut found = inbox::list(db, &list_query.filter(&admin), from.unwrap_or_default(), list.limit()).await?;
    let pages = list.paginate(&mut found, from.as_ref(), |row| row.id);
    let (folder, text) = (list_query.folder(), list_query.search());
    let filtered = !text.is_empty() || !list_query.assigned().is_empty() || !list_query.email().is_empty();
    let drafts = drafts_at(&admin, &found).await?;
    let counts = inbox::counts(db).await?;
    let newest_id = inbox::newest(db).await?;
    let count = inbox::count_up_to(db, &list_query.filter(&admin), newest_id).await?;
    let exports = admin.may(Action::ExportMessages) && !found.is_empty();
    let view = View {
        tabs: tabs(&list_query, &counts),
        folder: folder.as_str(),
        folder_label: labels::folder(folder),
        assigned: Assigned { me: list_query.assigned() == "me", nobody: list_query.assigned() == "nobody" },
        only: list_query.only(),
        action: format!("{MessagesPath}{}", list_query.with_cursor()),
        rows: found.into_iter().map(|line| row(&admin, &list_query, line, &drafts)).collect(),
        moves: bulk::moves(folder),
        assignees: assignees(&admin).await?,
        deletes: admin.may(Action::DisposeOfMessages),
        all: (pages.previous.is_some() || pages.next.is_some()).then(|| number(count)),
        last: newest_id,
        shown: count,
        query: list_query.query(),
        email: email::display(&list_query.email()),
        pages,
        filtered,
        everywhere: (filtered && folder != MessageFolder::All)
            .then(|| format!("{MessagesPath}{}", list_query.query_in(MessageFolder::All))),
        export: exports.then(|| format!("{MessageExportPath}{}", list_query.query())),
        export_label: if filtered {
            "Export what was found".to_owned()
        } else {
            format!("Export {} ({})", labels::folder(folder), number(counts.of(folder)))
        },
        q: list_query.search_text(),
    };
    admin.screen("admin/messages/index.html", "Messages", &view).await
}

/// The folders; a search is kept from one to the next.
fn tabs(list_query: &MessagesQuery, counts: &FolderCounts) -> Vec<Tab> {
    let tab = |folder: MessageFolder| Tab {
        label: labels::folder(folder),
        path: format!("{MessagesPath}{}", list_query.query_in(folder)),
        count: counts.of(folder),
        current: folder == list_query.folder(),
    };
    MessageFolder::LIST.into_iter().map(tab).collect()
}

async fn assignees(admin: &AdminContext) -> Result<Vec<SelectOption>> {
    let users = user::list_active(admin.app.read()).await?.into_iter();
    let users = users.map(|user| SelectOption::new(user.id.to_string(), user.name));
    Ok(std::iter::once(SelectOption::new("", "Nobody")).chain(users).collect())
}

/// What the user has not saved at these messages.
async fn drafts_at(admin: &AdminContext, lines: &[MessageRow]) -> Result<Vec<DraftParts>> {
    let (Some(newest), Some(oldest)) = (lines.first(), lines.last()) else { return Ok(Vec::new()) };
    drafts::parts(admin.app.read(), admin.user.id, oldest.id, newest.id).await
}

fn row(admin: &AdminContext, list_query: &MessagesQuery, line: MessageRow, drafts: &[DraftParts]) -> Row {
    let draft = drafts.iter().find(|draft| draft.message_id == line.id);
    Row {
        unsaved: draft.map_or_else(String::new, |draft| draft.in_words()),
        selection: SeenVersion { id: line.id, version: line.version }.to_string(),
        path: format!("{}{}", MessagePath { id: line.id }, list_query.query()),
        topic: topic::label(&line.topic).to_owned(),
        received: admin.when(line.received_at),
        status: line.status.as_str(),
        status_label: labels::status(line.status),
        reference: line.reference,
        name: line.name,
        excerpt: clean::line(&line.excerpt),
        assignee: line.assignee_name.unwrap_or_default(),
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/messages/index.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { tabs, folder, folder_label, q, assigned, only, action, rows, moves, assignees, deletes, all, last, shown, query, email, pages, filtered, everywhere, export, export_label }
    Assigned { me, nobody }
    Tab { label, path, count, current }
    Row { selection, path, reference, name, topic, excerpt, received, status, status_label, assignee, unsaved }
}
