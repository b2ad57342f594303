//! Comments on all documents: those that mention the user and wait for them, and all open threads.

use axum::{extract::Query, response::Response};
use serde::{Deserialize, Serialize};

use super::{
    documents::paths,
    paths::CommentsPath,
    shared::{
        admin_context::{AdminContext, When},
        routes::Routes,
    },
};
use crate::{
    error::Result,
    model::{
        comment_list::{self, ListedComment},
        policy::Action,
    },
    text::clean,
};

const ROWS: usize = 50;
/// Characters of a comment that a row has.
const EXCERPT: usize = 160;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, index)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CommentsQuery {
    /// `open` for all open ones; otherwise those that wait for the user.
    show: String,
    /// Those older than this one.
    before: String,
}

#[derive(Serialize)]
struct View {
    is_open: bool,
    rows: Vec<Row>,
    /// Path of the next rows; empty when there are none.
    next: String,
    /// Whether these are the first rows.
    is_first: bool,
}

#[derive(Serialize)]
struct Row {
    title: String,
    kind: &'static str,
    path: String,
    excerpt: String,
    when: When,
    author: String,
}

async fn index(_: CommentsPath, admin: AdminContext, Query(query): Query<CommentsQuery>) -> Result<Response> {
    let is_open = query.show == "open";
    let before: Option<i64> = query.before.parse().ok();
    let (db, from) = (admin.app.read(), before.unwrap_or(i64::MAX));
    let limit = i64::try_from(ROWS).unwrap_or(i64::MAX) + 1;
    let mut found = if is_open {
        comment_list::open(db, from, limit).await?
    } else {
        comment_list::waiting(db, admin.user.id, from, limit).await?
    };
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    let last = found.last().filter(|_| more).map(|last| last.id);
    let show = if is_open { "show=open&" } else { "" };
    let next = last.map(|id| format!("{CommentsPath}?{show}before={id}")).unwrap_or_default();
    let rows = found.into_iter().map(|comment| row(&admin, comment)).collect();
    let view = View { is_open, rows, next, is_first: before.is_none() };
    admin.screen("admin/comments.html", "Comments", &view).await
}

fn row(admin: &AdminContext, comment: ListedComment) -> Row {
    Row {
        title: comment.title,
        kind: comment.kind.noun(),
        path: format!("{}#_comment-{}", paths::comments(comment.document_id), comment.id),
        excerpt: clean::line(&comment.body).chars().take(EXCERPT).collect(),
        when: admin.when(comment.created_at),
        author: comment.author_name,
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/comments.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { is_open, rows, next, is_first }
    Row { title, kind, path, excerpt, when, author }
}
