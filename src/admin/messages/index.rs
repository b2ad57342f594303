//! The inbox: folders, search, pages, and sorting many messages at once.

use axum::{extract::Query, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::{labels, query::MessagesQuery};
use crate::{
    admin::{
        paths::{MessageExportPath, MessagePath, MessagesPath},
        shared::{
            admin_context::{AdminContext, When},
            routes::Routes,
        },
    },
    error::{Error, Result},
    model::{
        message::{
            drafts::{self, DraftParts},
            handling::{self, BulkResult},
            inbox::{self, FolderCounts, MessageFolder, MessageRow},
            status::MessageStatus,
            topic,
        },
        policy::Action,
        seen_version::SeenVersion,
    },
    render::pagination::{List, ListOrder, Pagination},
    text::{
        clean,
        count::{number, pluralise},
    },
    web::{form::Form, form_errors::SelectOption},
};

const ROWS: usize = 50;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::HandleMessages, index).post(Action::HandleMessages, update)
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
    let filtered = !text.is_empty() || !list_query.assigned().is_empty();
    let drafts = drafts_at(&admin, &found).await?;
    let counts = inbox::counts(db).await?;
    let exports = admin.may(Action::DisposeOfMessages) && !found.is_empty();
    let view = View {
        tabs: tabs(&list_query, &counts),
        folder: folder.as_str(),
        folder_label: labels::folder(folder),
        assigned: Assigned { me: list_query.assigned() == "me", nobody: list_query.assigned() == "nobody" },
        only: list_query.only(),
        action: format!("{MessagesPath}{}", list_query.with_cursor()),
        rows: found.into_iter().map(|line| row(&admin, &list_query, line, &drafts)).collect(),
        moves: moves(folder),
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

/// What can be done with ticked rows: name, label of the button, the only status it applies to, and the new status.
const MOVES: [(&str, &str, Option<MessageStatus>, MessageStatus); 4] = [
    ("read", "Mark as read", Some(MessageStatus::Unread), MessageStatus::Open),
    ("archive", "Archive", None, MessageStatus::Archived),
    ("spam", "Mark as spam", None, MessageStatus::Spam),
    ("not_spam", "Not spam", Some(MessageStatus::Spam), MessageStatus::Unread),
];

/// Those of them that make sense in a folder.
fn moves(folder: MessageFolder) -> Vec<SelectOption> {
    MOVES
        .into_iter()
        .filter(|(_, _, from, to)| match folder {
            MessageFolder::All => true,
            MessageFolder::Inbox => *from != Some(MessageStatus::Spam),
            MessageFolder::Of(status) => from.is_none_or(|from| from == status) && *to != status,
        })
        .map(|(name, label, ..)| SelectOption::new(name, label))
        .collect()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BulkForm {
    message: Vec<String>,
    to: String,
}

async fn update(
    _: MessagesPath,
    admin: AdminContext,
    Query(list_query): Query<MessagesQuery>,
    Form(form): Form<BulkForm>,
) -> Result<Response> {
    let to = format!("{MessagesPath}{}", list_query.with_cursor());
    let Some((_, _, from, status)) = MOVES.into_iter().find(|(name, ..)| *name == form.to) else {
        return Err(Error::BadRequest("Messages cannot be sorted that way.".to_owned()));
    };
    let messages = SeenVersion::parse_all(&form.message);
    if messages.is_empty() {
        return admin.not_done(&to, "Nothing was changed: tick at least one message first.").await;
    }
    let sorted = admin.change(async |write| handling::set_status_of_all(write, &messages, from, status).await).await?;
    if sorted.done == 0 {
        return admin.not_done(&to, outcome(sorted, status)).await;
    }
    admin.done(&to, outcome(sorted, status)).await
}

fn outcome(sorted: BulkResult, status: MessageStatus) -> String {
    let what = match status {
        MessageStatus::Archived => "archived",
        MessageStatus::Spam => "marked as spam",
        MessageStatus::Open => "marked as read",
        _ => "put back into the inbox",
    };
    let count = |count: usize| pluralise(count, "message was", "messages were");
    let they = if sorted.left == 1 { "it" } else { "they" };
    let left = format!("{} left alone: {they} had changed since, or cannot be sorted like this.", count(sorted.left));
    match (sorted.done, sorted.left) {
        (done, 0) => format!("{} {what}.", count(done)),
        (0, _) => left,
        (done, _) => format!("{} {what}. {left}", count(done)),
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/messages/index.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { tabs, folder, folder_label, q, assigned, only, action, rows, moves, pages, filtered, everywhere, export, export_label }
    Assigned { me, nobody }
    Tab { label, path, count, current }
    Row { selection, path, reference, name, topic, excerpt, received, status, status_label, assignee, unsaved }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_offer_what_makes_sense() {
        let names = |folder| moves(folder).into_iter().map(|choice| choice.value).collect::<Vec<_>>();
        assert_eq!(names(MessageFolder::Inbox), ["read", "archive", "spam"]);
        assert_eq!(names(MessageFolder::Of(MessageStatus::Unread)), ["read", "archive", "spam"]);
        assert_eq!(names(MessageFolder::Of(MessageStatus::Spam)), ["archive", "not_spam"]);
        assert_eq!(names(MessageFolder::Of(MessageStatus::Archived)), ["spam"]);
        assert_eq!(names(MessageFolder::All), ["read", "archive", "spam", "not_spam"]);
    }
}
