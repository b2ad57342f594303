//! Where a document is used: the texts that link to it, and the redirects that lead to it.

use axum::{extract::Query, response::Response};
use serde::Serialize;

use super::{paths, version_diff::DocumentHeading};
use crate::{
    admin::{
        paths::{DocumentUsesPath, RedirectPath},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::Result,
    model::{
        document::{placement, record::Document, with_newest},
        faq::collection,
        link::uses::{self, LinkUse, Linked},
        policy::Action,
        redirect::list as redirects,
    },
    render::pagination::{CursorQuery, List, ListOrder, Pagination},
};

const ROWS: usize = 50;
/// Most redirects that are named.
const REDIRECTS: i64 = 100;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, index)
}

#[derive(Serialize)]
struct View {
    head: DocumentHeading,
    uses: Vec<UseView>,
    redirects: Vec<LeadingRedirect>,
    pages: Pagination,
}

/// What `templates/admin/documents/use_rows.html` takes as one of `uses`.
#[derive(Debug, Serialize)]
pub(crate) struct UseView {
    title: String,
    kind: &'static str,
    edit: String,
    version: i64,
    live: bool,
}

impl UseView {
    #[must_use]
    pub(crate) fn of(found: LinkUse) -> Self {
        Self {
            kind: found.kind.noun(),
            edit: paths::edit_screen(found.kind, found.document_id),
            title: found.title,
            version: found.version,
            live: found.is_live,
        }
    }
}

#[derive(Debug, Serialize)]
struct LeadingRedirect {
    from: String,
    path: String,
    hits: i64,
}

pub(crate) async fn index(
    DocumentUsesPath { id }: DocumentUsesPath,
    admin: AdminContext,
    Query(cursor): Query<CursorQuery>,
) -> Result<Response> {
    let db = admin.app.read();
    let (document, newest) = with_newest::get(db, id).await?;
    let (from, path) = (cursor.read(), DocumentUsesPath { id }.to_string());
    let list = List { path: &path, query: &[], order: ListOrder::NewestFirst, size: ROWS };
    let linked = Linked { id, page_id: page_with(&admin, &document).await? };
    let origin = admin.app.config.origin();
    let mut found = uses::of(db, linked, &origin, from.unwrap_or_default(), list.limit()).await?;
    let pages = list.paginate(&mut found, from.as_ref(), |found| found.revision_id);
    let leading = redirects::to_document(db, id, REDIRECTS).await?.into_iter().map(|redirect| LeadingRedirect {
        from: redirect.from(),
        path: RedirectPath { id: redirect.id }.to_string(),
        hits: redirect.hits,
    });
    let view = View {
        head: DocumentHeading::of(&document, &newest),
        uses: found.into_iter().map(UseView::of).collect(),
        redirects: leading.collect(),
        pages,
    };
    admin.screen("admin/documents/uses.html", "What links here", &view).await
}

/// The page that shows a document; 0 for an item while there is none.
async fn page_with(admin: &AdminContext, document: &Document) -> Result<i64> {
    if placement::is_in_tree(document.kind) {
        return Ok(document.id);
    }
    Ok(collection::live_of(admin.app.read(), document.id).await?.map_or(0, |page| page.id))
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/documents/uses.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { head, uses, redirects, pages }
    UseView { title, kind, edit, version, live }
    LeadingRedirect { from, path, hits }
}
