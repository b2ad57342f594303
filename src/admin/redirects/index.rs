//! The list of redirects, and deleting one.

use axum::{extract::Query, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::form;
use crate::{
    admin::{
        paths::{DeleteRedirectPath, RedirectPath, RedirectsPath},
        shared::{
            admin_context::{AdminContext, When},
            flash::FlashAction,
            merged_form::FormBase,
            routes::Routes,
        },
    },
    error::Result,
    model::{
        policy::Action,
        redirect::{
            editing,
            list::{self, RedirectRow},
            restoring::DeletedRedirect,
        },
        undo::{noted, step::Step},
    },
    render::pagination::{CursorQuery, List, ListOrder, Pagination},
    web::form::Form,
};

const ROWS: usize = 50;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, index).post(Action::Publish, delete)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RedirectsQuery {
    /// Part of a path or an address.
    q: String,
    before: String,
    after: String,
}

#[derive(Serialize)]
struct ListView {
    q: String,
    rows: Vec<Row>,
    pages: Pagination,
}

#[derive(Serialize)]
struct Row {
    from: String,
    /// Empty when it is in the trash.
    to: String,
    /// Whether visitors find nothing at the target.
    unpublished: bool,
    by_hand: bool,
    hits: i64,
    last_use: Option<When>,
    /// The path of its screen.
    path: String,
    /// Whether deleting it can be undone.
    undoable: bool,
    /// What its user sees of it, for the form that deletes it.
    seen: FormBase,
}

impl Row {
    fn of(admin: &AdminContext, redirect: &RedirectRow) -> Self {
        let to = redirect.to();
        Self {
            from: redirect.from(),
            unpublished: redirect.page_path.is_some() && !redirect.live,
            by_hand: redirect.by_hand,
            hits: redirect.hits,
            last_use: redirect.last_used_at.map(|time| admin.when(time)),
            path: RedirectPath { id: redirect.id }.to_string(),
            undoable: !to.is_empty(),
            seen: form::seen(redirect),
            to,
        }
    }
}

pub(crate) async fn index(
    _: RedirectsPath,
    admin: AdminContext,
    Query(query): Query<RedirectsQuery>,
) -> Result<Response> {
    let q = query.q.trim().to_owned();
    let from = CursorQuery { before: query.before, after: query.after }.read();
    let list = List { path: RedirectsPath::PATH, query: &[("q", &q)], order: ListOrder::Ascending, size: ROWS };
    let mut found = list::list(admin.app.read(), &q, from.as_ref(), list.limit()).await?;
    let pages = list.paginate(&mut found, from.as_ref(), |redirect| redirect.path.clone());
    let view = ListView { rows: found.iter().map(|redirect| Row::of(&admin, redirect)).collect(), pages, q };
    admin.screen("admin/redirects/index.html", "Redirects", &view).await
}

pub(crate) async fn delete(
    DeleteRedirectPath { id }: DeleteRedirectPath,
    admin: AdminContext,
    Form(seen): Form<FormBase>,
) -> Result<Response> {
    let deleted = admin.change(async |write| {
        let redirect = list::get(write, id).await?;
        if !form::is_as_seen(&redirect, &seen) {
            return Ok(None);
        }
        let redirect = editing::delete(write, id).await?;
        let undo = noted::note(write, &[Step::Redirect(DeletedRedirect::from(&redirect))]).await?;
        Ok(Some((redirect, undo)))
    });
    let Some((redirect, undo)) = deleted.await? else {
        admin
            .warn("This redirect was changed after you opened it, so it was not deleted. This is how it is now.")
            .await?;
        return form::draw_now(&admin, id).await;
    };
    let sentence = format!("The redirect from {} was deleted.", redirect.from());
    admin.done_with(RedirectsPath::PATH, sentence, FlashAction::undo(undo, RedirectsPath::PATH)).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/redirects/index.html", crate::admin::shared::admin_context::sample_screen::<ListView>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    ListView { q, rows, pages }
    Row { from, to, unpublished, by_hand, hits, last_use, path, undoable, seen }
}
