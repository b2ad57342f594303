//! The other sites that texts link to. None of them is asked for anything.

use axum::{extract::Query, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::rows::{DocumentList, DocumentRow};
use crate::{
    admin::{
        paths::{ExternalLinksPath, SiteLinksPath},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::Result,
    model::{policy::Action, site_report},
    render::pagination::{CursorQuery, List, ListOrder, Pagination},
    web::form_errors::SelectOption,
};

const ROWS: usize = 50;
/// Most links to one site that are listed.
const LINKS: i64 = 500;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, index).get(Action::Edit, show)
}

#[derive(Serialize)]
struct View {
    rows: Vec<Row>,
    pages: Pagination,
}

#[derive(Serialize)]
struct Row {
    site: String,
    links: i64,
    documents: i64,
    path: String,
}

async fn index(_: ExternalLinksPath, admin: AdminContext, Query(query): Query<CursorQuery>) -> Result<Response> {
    let from = query.read();
    let list = List { path: ExternalLinksPath::PATH, query: &[], order: ListOrder::Ascending, size: ROWS };
    let own = admin.app.config.origin();
    let mut found = site_report::linked_sites(admin.app.read(), &own, from.as_ref(), list.limit()).await?;
    let pages = list.paginate(&mut found, from.as_ref(), |site| site.origin.clone());
    let row = |found: site_report::LinkedSite| Row {
        path: format!("{SiteLinksPath}?{}", serde_html_form::to_string([("site", &found.origin)]).unwrap_or_default()),
        links: found.links,
        documents: found.documents,
        site: found.origin,
    };
    let view = View { rows: found.into_iter().map(row).collect(), pages };
    admin.screen("admin/report/external.html", "Links to other sites", &view).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SiteQuery {
    site: String,
}

async fn show(_: SiteLinksPath, admin: AdminContext, Query(query): Query<SiteQuery>) -> Result<Response> {
    let found = site_report::links_to_site(admin.app.read(), &query.site, LINKS).await?;
    let view = DocumentList {
        told: "These texts, which visitors see, link to this site. Nothing was fetched from it, so a link may be dead.",
        detail: "Leads to",
        rows: found.into_iter().map(DocumentRow::of).collect(),
        above: Some(SelectOption::new(ExternalLinksPath::PATH, "Links to other sites")),
        empty: ("No text links to this site", "Links in texts that visitors see are listed here."),
        pages: Pagination::default(),
    };
    let heading = if query.site.is_empty() { "Another site".to_owned() } else { query.site };
    admin.screen("admin/report/list.html", &heading, &view).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples = &[
    ("admin/report/external.html", crate::admin::shared::admin_context::sample_screen::<View>),
    ("admin/report/list.html", crate::admin::shared::admin_context::sample_screen::<DocumentList>),
];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { rows, pages }
    Row { site, links, documents, path }
}
