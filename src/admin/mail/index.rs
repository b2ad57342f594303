//! The list of e-mails that wait or failed, and what administrators do with one. What is written in them is not shown.

use axum::{extract::Query, response::Response};
use axum_extra::routing::TypedPath;
use serde::Serialize;

use crate::{
    admin::{
        paths::{
            CalendarPath, DeleteMailPath, MailPath, MessagePath, MessagesPath, ReviewsPath, SendMailPath, UserPath,
        },
        shared::{admin_context::AdminContext, mail_state::MailStateView, routes::Routes},
    },
    error::{Error, Result},
    model::{
        mail::{
            list::{self, MailItem},
            outbox::MailKind,
        },
        policy::Action,
    },
    render::pagination::{CursorQuery, List, ListOrder, Pagination},
};

const ROWS: usize = 50;
const LIST: &str = MailPath::PATH;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get(Action::ChangeSettings, index)
        .post(Action::ChangeSettings, send_again)
        .post(Action::ChangeSettings, delete)
}

#[derive(Serialize)]
struct View {
    rows: Vec<Row>,
    pages: Pagination,
    /// The mail server and the sender; none when no e-mail is sent.
    server: Option<ServerView>,
}

#[derive(Serialize)]
struct ServerView {
    name: String,
    from: String,
}

#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    state: MailStateView,
    /// What it is: `Answer to the message AB12`.
    label: String,
    /// Where that is.
    path: String,
}

impl Row {
    fn of(admin: &AdminContext, mail: &MailItem) -> Self {
        Self { state: MailStateView::of(admin, mail), label: mail.label(), path: place(mail) }
    }
}

/// Where to find what an e-mail is about.
fn place(mail: &MailItem) -> String {
    match (mail.kind, mail.message_id, mail.user_id) {
        (_, Some(id), _) => MessagePath { id }.to_string(),
        (MailKind::Review, ..) => ReviewsPath::PATH.to_owned(),
        (MailKind::Schedule, ..) => CalendarPath::PATH.to_owned(),
        (MailKind::Message | MailKind::Digest, ..) | (_, _, None) => MessagesPath::PATH.to_owned(),
        (_, _, Some(id)) => UserPath { id }.to_string(),
    }
}

async fn index(_: MailPath, admin: AdminContext, Query(query): Query<CursorQuery>) -> Result<Response> {
    let from = query.read();
    let list = List { path: LIST, query: &[], order: ListOrder::NewestFirst, size: ROWS };
    let mut found = list::unsent(admin.app.read(), from.unwrap_or_default(), list.limit()).await?;
    let pages = list.paginate(&mut found, from.as_ref(), |mail| mail.id);
    let server = admin.app.mailer.as_ref();
    let view = View {
        rows: found.iter().map(|mail| Row::of(&admin, mail)).collect(),
        pages,
        server: server.map(|server| ServerView { name: server.server_name(), from: server.from() }),
    };
    admin.screen("admin/mail/index.html", "E-mail", &view).await
}

async fn send_again(SendMailPath { id }: SendMailPath, admin: AdminContext) -> Result<Response> {
    let Some(mailer) = &admin.app.mailer else {
        return admin.not_done(LIST, "No e-mail is sent, because no mail server is set.").await;
    };
    let steady = admin.app.steady();
    let done = admin.change(async |write| list::send_again(write, id, steady).await).await;
    mailer.wake();
    say(&admin, done, "is sent again").await
}

async fn delete(DeleteMailPath { id }: DeleteMailPath, admin: AdminContext) -> Result<Response> {
    let steady = admin.app.steady();
    let done = admin.change(async |write| list::delete(write, id, steady).await).await;
    say(&admin, done, "is deleted and will not be sent").await
}

async fn say(admin: &AdminContext, done: Result<MailItem>, what: &str) -> Result<Response> {
    match done {
        Ok(mail) => admin.done(LIST, format!("“{}” {what}.", mail.label())).await,
        Err(Error::NotFound) => admin.not_done(LIST, "This e-mail is not in the list any more.").await,
        Err(error) => admin.refuse(LIST, error).await,
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/mail/index.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { rows, pages, server }
    ServerView { name, from }
    Row { state, label, path }
}
