//! The paths that visitors asked for and did not find, to make redirects from them or to dismiss them.

use axum::{extract::Query, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use crate::{
    admin::{
        paths::{MissingPathsPath, NewRedirectPath},
        shared::{
            admin_context::{AdminContext, When},
            flash::FlashAction,
            routes::Routes,
        },
    },
    error::Result,
    model::{
        policy::Action,
        redirect::missing::{self, MissingPath},
    },
    render::pagination::{CursorQuery, List, ListOrder, Pagination},
    web::form::Form,
};

const ROWS: usize = 50;
const LIST: &str = MissingPathsPath::PATH;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, index).post(Action::Edit, dismiss)
}

#[derive(Serialize)]
struct View {
    rows: Vec<Row>,
    pages: Pagination,
}

#[derive(Serialize)]
struct Row {
    path: String,
    hits: i64,
    last: When,
    /// Where a redirect from it is made.
    new: String,
}

impl Row {
    fn of(admin: &AdminContext, found: MissingPath) -> Self {
        let query = serde_html_form::to_string([("from", &found.path)]).unwrap_or_default();
        Self {
            hits: found.hits,
            last: admin.when(found.last_at),
            new: format!("{}?{query}", NewRedirectPath::PATH),
            path: found.path,
        }
    }
}

async fn index(_: MissingPathsPath, admin: AdminContext, Query(query): Query<CursorQuery>) -> Result<Response> {
    let from = query.read();
    let list = List { path: LIST, query: &[], order: ListOrder::Ascending, size: ROWS };
    let mut found = missing::list(admin.app.read(), from.as_ref(), list.limit()).await?;
    let pages = list.paginate(&mut found, from.as_ref(), |row| (row.hits, row.path.clone()));
    let view = View { rows: found.into_iter().map(|row| Row::of(&admin, row)).collect(), pages };
    admin.screen("admin/redirects/missing.html", "Not found", &view).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DismissForm {
    path: String,
    /// Not empty: the path is listed again.
    undo: String,
}

async fn dismiss(_: MissingPathsPath, admin: AdminContext, Form(form): Form<DismissForm>) -> Result<Response> {
    let DismissForm { path, undo } = form;
    let undoes = !undo.is_empty();
    if !missing::dismiss(&admin.app.db, &path, !undoes).await? {
        return admin.not_done(LIST, format!("{path} was not changed, because it is not in the list any more.")).await;
    }
    if undoes {
        return admin.done(LIST, format!("{path} is listed again.")).await;
    }
    let undo = FlashAction::new("Undo", LIST, Action::Edit).field("path", &path).field("undo", &"yes");
    admin.done_with(LIST, format!("{path} is not listed any more."), undo).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/redirects/missing.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { rows, pages }
    Row { path, hits, last, new }
}
