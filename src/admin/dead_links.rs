//! The list of links on live pages that lead nowhere.

use axum::response::Response;
use serde::Serialize;

use super::{
    documents::paths,
    paths::DeadLinksPath,
    shared::{admin_context::AdminContext, dead_links, routes::Routes},
};
use crate::{error::Result, model::policy::Action};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, index)
}

#[derive(Serialize)]
struct View {
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    title: String,
    kind: &'static str,
    edit: String,
    /// Where the link leads.
    path: String,
}

async fn index(_: DeadLinksPath, admin: AdminContext) -> Result<Response> {
    let rows = dead_links::list(&admin).await?.into_iter().map(|link| Row {
        kind: link.kind.noun(),
        edit: paths::edit_screen(link.kind, link.id),
        title: link.title,
        path: link.path,
    });
    admin.screen("admin/dead_links.html", "Links that lead nowhere", &View { rows: rows.collect() }).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/dead_links.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { rows }
    Row { title, kind, edit, path }
}
