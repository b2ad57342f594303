//! Pages that nothing leads to.

use axum::{extract::Query, response::Response};
use axum_extra::routing::TypedPath;
use url::Url;

use super::rows::{DocumentList, DocumentRow};
use crate::{
    admin::{
        paths::OrphansPath,
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::Result,
    model::{
        policy::Action,
        site_report::{self, ReportedDocument},
    },
    render::pagination::{CursorQuery, List, ListOrder},
    text::{link::resolve, markdown::contents},
};

const ROWS: usize = 50;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, index)
}

async fn index(_: OrphansPath, admin: AdminContext, Query(query): Query<CursorQuery>) -> Result<Response> {
    let from = query.read();
    let list = List { path: OrphansPath::PATH, query: &[], order: ListOrder::Ascending, size: ROWS };
    let origin = admin.app.config.origin();
    let mut found = site_report::orphans(admin.app.read(), &origin, from.as_ref(), list.limit()).await?;
    let pages = list.paginate(&mut found, from.as_ref(), |page| page.detail.clone());
    without_those_in_footer(&admin, &mut found);
    let view = DocumentList {
        told: "Visitors find these pages by searching only: no menu lists them, and no text that visitors see links to them.",
        detail: "Path",
        rows: found.into_iter().map(DocumentRow::of).collect(),
        above: None,
        empty: (
            "Something leads to every page",
            "Live pages that are in no menu and that no text links to are listed here.",
        ),
        pages,
    };
    admin.screen("admin/report/list.html", "Pages that nothing leads to", &view).await
}

/// The foot of every page has links too.
pub(super) fn without_those_in_footer(admin: &AdminContext, found: &mut Vec<ReportedDocument>) {
    let Ok(base) = Url::parse(&admin.app.config.origin()) else { return };
    let to = |url: &str| resolve(&base, url).filter(|to| to.origin.is_empty()).map(|to| to.path);
    let linked: Vec<_> =
        contents::targets(&admin.settings.footer).iter().filter_map(|target| to(&target.url)).collect();
    found.retain(|page| !linked.contains(&page.detail));
}
