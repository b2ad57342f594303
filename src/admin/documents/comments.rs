//! The comments on a document: read, written, resolved and opened again.

use axum::{extract::Query, http::StatusCode, response::Response};
use serde::{Deserialize, Serialize};

use super::{
    comment_view::{CommentThread, CommentView},
    paths,
    version_diff::DocumentHeading,
};
use crate::{
    admin::{
        paths::{DocumentCommentsPath, ReopenCommentPath, ResolveCommentPath},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::{Error, Result},
    model::{
        comment::{self, NewComment},
        document::{record::Document, with_newest},
        policy::Action,
        user,
    },
    web::{
        form::Form,
        form_errors::{FormErrors, SelectOption},
    },
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, index).post(Action::Edit, create).post(Action::Edit, resolve).post(Action::Edit, reopen)
}

/// What was typed. An address may give the passage.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct CommentForm {
    /// The thread that is answered; empty for a new one.
    reply_to: String,
    quote: String,
    comment: String,
    /// The id of a user who is mentioned; may be empty.
    mention: String,
}

#[derive(Serialize)]
struct CommentsView {
    head: DocumentHeading,
    action: String,
    open: Vec<CommentThread>,
    resolved: Vec<CommentThread>,
    users: Vec<SelectOption>,
    /// The first comment of the thread that is answered.
    answered: Option<CommentView>,
    form: CommentForm,
    errors: FormErrors,
}

async fn index(
    DocumentCommentsPath { id }: DocumentCommentsPath,
    admin: AdminContext,
    Query(form): Query<CommentForm>,
) -> Result<Response> {
    let form = CommentForm { quote: form.quote, reply_to: form.reply_to, ..CommentForm::default() };
    draw(&admin, id, form, FormErrors::default()).await
}

async fn draw(admin: &AdminContext, id: i64, form: CommentForm, errors: FormErrors) -> Result<Response> {
    draw_as(admin, errors.status(), id, form, errors).await
}

async fn draw_as(
    admin: &AdminContext,
    status: StatusCode,
    id: i64,
    mut form: CommentForm,
    errors: FormErrors,
) -> Result<Response> {
    let db = admin.app.read();
    let (document, newest) = with_newest::get(db, id).await?;
    let threads = CommentThread::list(admin, &newest, comment::list(db, id).await?);
    let answered = threads.iter().find_map(|thread| thread.begun_by(&form.reply_to));
    if answered.is_none() {
        form.reply_to.clear();
    }
    let (open, resolved) = threads.into_iter().partition(CommentThread::is_open);
    let others = user::list_active(db).await?.into_iter().filter(|user| user.id != admin.user.id);
    let users = others.map(|user| SelectOption::new(user.id.to_string(), user.name));
    let view = CommentsView {
        head: DocumentHeading::of(&document, &newest),
        action: paths::comments(id),
        open,
        resolved,
        users: [SelectOption::new("", "Nobody else")].into_iter().chain(users).collect(),
        answered,
        form,
        errors,
    };
    let title = format!("Comments on “{}”", newest.content.title);
    admin.screen_as(status, "admin/documents/comments.html", &title, &view).await
}

async fn create(
    DocumentCommentsPath { id }: DocumentCommentsPath,
    admin: AdminContext,
    Form(form): Form<CommentForm>,
) -> Result<Response> {
    let parse = |text: &str| -> Result<Option<i64>> {
        let text = text.trim();
        if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| Error::NotFound) }
    };
    let (reply_to, mentioned) = (parse(&form.reply_to)?, parse(&form.mention)?);
    let added = admin.change(async |write| {
        let document = Document::get(write, id).await?;
        let new = NewComment { reply_to, quote: &form.quote, body: &form.comment, mentioned };
        comment::add(write, &document, new).await
    });
    match added.await {
        Ok(added) => {
            let thread = reply_to.unwrap_or(added);
            admin.done(&format!("{}#_thread-{thread}", paths::comments(id)), "Your comment is saved.").await
        }
        Err(error) => draw(&admin, id, form, error.validation_errors()?.into()).await,
    }
}

/// What the user saw of a thread.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SeenThread {
    /// The id of its last comment.
    seen: String,
}

async fn resolve(
    ResolveCommentPath { id, comment }: ResolveCommentPath,
    admin: AdminContext,
    Form(form): Form<SeenThread>,
) -> Result<Response> {
    set_resolved(&admin, id, (comment, &form), true).await
}

async fn reopen(
    ReopenCommentPath { id, comment }: ReopenCommentPath,
    admin: AdminContext,
    Form(form): Form<SeenThread>,
) -> Result<Response> {
    set_resolved(&admin, id, (comment, &form), false).await
}

async fn set_resolved(
    admin: &AdminContext,
    id: i64,
    (thread, form): (i64, &SeenThread),
    resolves: bool,
) -> Result<Response> {
    let seen = (thread, form.seen.parse().unwrap_or_default());
    let changed = admin.change(async |write| {
        let document = Document::get(write, id).await?;
        comment::resolve(write, &document, seen, resolves).await
    });
    let here = format!("{}#_thread-{thread}", paths::comments(id));
    match changed.await {
        Ok(false) => {
            admin
                .warn("This got another comment after you opened it, so nothing was done. This is how it is now.")
                .await?;
            draw_as(admin, StatusCode::CONFLICT, id, CommentForm::default(), FormErrors::default()).await
        }
        Ok(true) => admin.done(&here, if resolves { "Resolved." } else { "Open again." }).await,
        Err(error) => admin.refuse(&here, error).await,
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/documents/comments.html", crate::admin::shared::admin_context::sample_screen::<CommentsView>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    CommentForm { reply_to, quote, comment, mention }
    CommentsView { head, action, open, resolved, users, answered, form, errors }
}
