//! What is overdue for review or soon due, with the button that says it was reviewed in each row.

use axum::{extract::Query, response::Response};
use axum_extra::routing::TypedPath;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    documents::{
        paths,
        review::{may_review, soon},
    },
    paths::ReviewsPath,
    shared::{
        admin_context::AdminContext,
        overdue,
        owner_filter::{self, OwnerChoice},
        routes::Routes,
    },
};
use crate::{
    clock::long_date,
    error::Result,
    model::{
        document::review::{self, DueReview},
        policy::Action,
    },
    render::pagination::{CursorQuery, List, ListOrder, Pagination},
};

const ROWS: usize = 50;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, index)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ReviewsQuery {
    /// `me`, `nobody`, or all.
    owner: String,
    before: String,
    after: String,
}

#[derive(Serialize)]
struct View {
    choices: Vec<OwnerChoice>,
    is_all: bool,
    rows: Vec<Row>,
    /// The next date that each row offers.
    next: String,
    pages: Pagination,
}

#[derive(Serialize)]
struct Row {
    id: i64,
    title: String,
    kind: &'static str,
    edit: String,
    owner: String,
    due: String,
    /// The day since which it is overdue; empty when it is not.
    overdue_since: String,
    /// Where the form goes, and which version it is about.
    path: String,
    version: i64,
    may_review: bool,
}

async fn index(_: ReviewsPath, admin: AdminContext, Query(query): Query<ReviewsQuery>) -> Result<Response> {
    let (owner, whose) = owner_filter::parse(&admin, &query.owner);
    let from = CursorQuery { before: query.before, after: query.after }.read();
    let list = List { path: ReviewsPath::PATH, query: &[("owner", owner)], order: ListOrder::Ascending, size: ROWS };
    let today = admin.today();
    let mut found = review::list_due(admin.app.read(), soon(today), whose, from.as_ref(), list.limit()).await?;
    let pages = list.paginate(&mut found, from.as_ref(), |row| (row.review_on.clone(), row.id));
    let rows = found.into_iter().map(|due| row(&admin, due)).collect();
    let view = View {
        choices: owner_filter::choices(owner),
        is_all: owner.is_empty(),
        rows,
        next: review::usual_next(today).to_string(),
        pages,
    };
    admin.screen("admin/reviews.html", "Reviews", &view).await
}

fn row(admin: &AdminContext, due: DueReview) -> Row {
    Row {
        edit: paths::edit_screen(due.kind, due.id),
        path: paths::review(due.id),
        id: due.id,
        title: due.title,
        kind: due.kind.noun(),
        owner: due.owner.describe(),
        overdue_since: overdue::since(admin, Some(&due.review_on)),
        due: due.review_on.parse::<Date>().map_or(due.review_on, long_date),
        version: due.version,
        may_review: may_review(admin, due.live),
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/reviews.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { choices, is_all, rows, next, pages }
    Row { id, title, kind, edit, owner, due, overdue_since, path, version, may_review }
}
