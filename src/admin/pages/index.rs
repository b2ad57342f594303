//! The list of pages: a tree that unfolds in place, or what a search or a filter finds. What its rows are is in `listing`.

use axum::{extract::Query, http::StatusCode, response::Response};
use axum_extra::routing::TypedPath;
use serde::Serialize;

use super::{listing, query::PagesQuery, row::PageRow};
use crate::{
    admin::shared::{
        admin_context::AdminContext,
        document_kinds::PagesPath,
        list_filters::{REVIEWS, STATES, SortHeads, SortLink, options},
        owner_filter::{self, OwnerChoice},
        routes::Routes,
    },
    error::Result,
    model::{
        page::{finding::PageSort, tree},
        policy::Action,
    },
    render::pagination::Pagination,
    web::form_errors::SelectOption,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, index)
}

#[derive(Serialize)]
struct View {
    q: String,
    owners: Vec<OwnerChoice>,
    states: Vec<SelectOption>,
    state: &'static str,
    reviews: Vec<SelectOption>,
    review: &'static str,
    label: String,
    sorts: SortHeads,
    under: Option<PageRow>,
    above: Vec<Crumb>,
    rows: Vec<PageRow>,
    pages: Pagination,
    /// Whether it is what was found, and no tree.
    searching: bool,
    /// The query of this list, which the forms in it carry along.
    list_query: String,
}

#[derive(Serialize)]
struct Crumb {
    label: String,
    path: String,
}

async fn index(_: PagesPath, admin: AdminContext, Query(query): Query<PagesQuery>) -> Result<Response> {
    draw(&admin, StatusCode::OK, &query).await
}

pub(super) async fn draw(admin: &AdminContext, status: StatusCode, query: &PagesQuery) -> Result<Response> {
    let db = admin.app.read();
    let parent = match query.under {
        Some(id) => Some(tree::node(db, id).await?),
        None => None,
    };
    let mut above = Vec::new();
    if let Some(parent) = &parent {
        above.push(Crumb { label: "Pages".to_owned(), path: PagesPath::PATH.to_owned() });
        for node in tree::ancestors(db, parent.parent_id).await? {
            above.push(Crumb { path: PagesQuery::below(Some(node.id)).address(), label: node.title });
        }
    }
    let searching = query.finds();
    let (rows, pages) =
        if searching { listing::found(admin, query).await? } else { listing::unfolded(admin, query).await? };
    let view = View {
        q: query.text(),
        owners: owner_filter::choices(owner_filter::parse(admin, &query.owner).0),
        states: options(&STATES),
        state: query.state(),
        reviews: options(&REVIEWS),
        review: query.review(),
        label: query.label(),
        sorts: SortHeads {
            title: sort(query, PageSort::Title, "ascending"),
            review: sort(query, PageSort::Review, "ascending"),
            saved: sort(query, PageSort::Saved, "descending"),
        },
        under: parent.map(|node| PageRow::of(admin, node)),
        above,
        rows,
        pages,
        searching,
        list_query: query.carried(),
    };
    admin.screen_as(status, "admin/pages/index.html", "Pages", &view).await
}

/// The link of a column that is sorted like this: to that order, or from it back to the order of the paths.
fn sort(query: &PagesQuery, by: PageSort, direction: &'static str) -> SortLink {
    if query.sort() == by {
        return SortLink { path: query.sorted(PageSort::Path), direction };
    }
    SortLink { path: query.sorted(by), direction: "" }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/pages/index.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { q, owners, states, state, reviews, review, label, sorts, under, above, rows, pages, searching, list_query }
    Crumb { label, path }
}
