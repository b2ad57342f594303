//! The screen of one message, to which all of its forms come back. Changes nothing.

use axum::{http::StatusCode, response::Response};
use serde::Serialize;

use super::{
    form_view::{FormView, MessageInput},
    labels,
    message_view::MessageView,
    query::MessagesQuery,
};
use crate::{
    admin::{
        paths::{DeleteMessagePath, MessagePath, MessagesPath},
        shared::admin_context::{AdminContext, When},
    },
    error::{Error, Result},
    model::{
        audit_log,
        cursor::Neighbours,
        message::{inbox, record},
        policy::Action,
    },
    text::{count::pluralise, isolate::isolate},
};

#[derive(Serialize)]
struct View {
    #[serde(flatten)]
    message: MessageView,
    #[serde(flatten)]
    form: FormView,
    /// The query string, with its question mark, that keeps folder and search in the forms' addresses; may be empty.
    query: String,
    folder_label: &'static str,
    newer: Option<String>,
    older: Option<String>,
    /// Where it can be deleted; none if the user may not.
    deletion: Option<String>,
    /// The list of all messages from the same address, when there are others.
    same_address: Option<SameAddress>,
    /// Whether the user may make a draft of a question from it.
    may_edit: bool,
}

#[derive(Serialize)]
struct SameAddress {
    path: String,
    count: String,
}

/// Draws the message with what was typed.
/// `NotFound` when there is no such message.
pub(crate) async fn draw(
    admin: &AdminContext,
    id: i64,
    list_query: &MessagesQuery,
    typed: MessageInput,
) -> Result<Response> {
    let status = if typed.conflict.is_some() { StatusCode::CONFLICT } else { typed.errors.status() };
    // Read first, so that what others do meanwhile counts as not seen.
    let since = audit_log::head(admin.app.read()).await?.map_or(0, |head| head.id);
    let message = record::get(admin.app.read(), id).await?;
    let title = format!("Message {}", message.reference);
    let query = list_query.query();
    let Neighbours { before, after } = inbox::neighbours(admin.app.read(), &list_query.filter(admin), id).await?;
    let neighbour = |id: Option<i64>| id.map(|id| format!("{}{query}", MessagePath { id }));
    let deletes = admin.may(Action::DisposeOfMessages);
    let view = View {
        message: MessageView::of(admin, &message).await?,
        form: FormView::of(admin, &message, since, typed).await?,
        folder_label: labels::folder(list_query.folder()),
        newer: neighbour(after),
        older: neighbour(before),
        deletion: deletes.then(|| format!("{}{query}", DeleteMessagePath { id })),
        same_address: same_address(admin, &message.sender).await?,
        may_edit: admin.may(Action::Edit),
        query,
    };
    admin.screen_as(status, "admin/messages/show.html", &title, &view).await
}

async fn same_address(admin: &AdminContext, email: &str) -> Result<Option<SameAddress>> {
    let count = inbox::count_from(admin.app.read(), email).await?;
    let found = SameAddress {
        path: format!("{MessagesPath}{}", MessagesQuery::from_address(email)),
        count: pluralise(count, "message", "messages"),
    };
    Ok((count > 1).then_some(found))
}

#[derive(Serialize)]
struct Gone {
    typed: String,
    list: String,
    /// What became of the message, in a sentence.
    sentence: String,
    when: Option<When>,
}

/// For a message that was deleted while its answer was being written: shows what was typed.
/// `NotFound` when nothing was typed.
pub(crate) async fn draw_gone(
    admin: &AdminContext,
    id: i64,
    list_query: &MessagesQuery,
    typed: MessageInput,
) -> Result<Response> {
    let texts = [typed.answer.unwrap_or_default(), typed.note.unwrap_or_default()];
    let typed = texts.join("\n\n").trim().to_owned();
    if typed.is_empty() {
        return Err(Error::NotFound);
    }
    let deleted = audit_log::changes(admin.app.read(), "message.delete", Some(id), 1).await?.into_iter().next();
    let sentence = match &deleted {
        Some(change) if change.actor_id == Some(admin.user.id) => {
            "You deleted the message in another window".to_owned()
        }
        Some(change) => format!("{} deleted the message while you were writing", isolate(&change.actor_name)),
        None => "The time of the message was over, and it was deleted while you were writing".to_owned(),
    };
    let when = deleted.map(|change| admin.when(change.at));
    let view = Gone { typed, list: format!("{MessagesPath}{}", list_query.query()), sentence, when };
    admin.screen_as(StatusCode::NOT_FOUND, "admin/messages/gone.html", "This message is no longer here", &view).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples = &[
    ("admin/messages/show.html", crate::admin::shared::admin_context::sample_screen::<View>),
    ("admin/messages/gone.html", crate::admin::shared::admin_context::sample_screen::<Gone>),
];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { message, form, query, folder_label, newer, older, deletion, same_address, may_edit }
    SameAddress { path, count }
    Gone { typed, list, sentence, when }
}
