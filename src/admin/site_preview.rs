//! The whole public site as it would be with what its user has typed and not saved, and with the newest version of everything
//! else. Drawn by the renderer of public pages; changes nothing, and nothing of it is kept.

use axum::{
    extract::{Query, RawQuery},
    response::{Html, IntoResponse, Redirect, Response},
};
use axum_extra::routing::TypedPath;
use serde::Deserialize;

use super::{
    documents::paths as document_paths,
    paths::{AdminSearchPath, SitePreviewPagePath, SitePreviewPath, site_preview},
    shared::{admin_context::AdminContext, routes::Routes},
};
use crate::{
    error::{Error, Result},
    model::{
        document::{kind::DocumentKind, record::Document, rules::DocumentRules},
        page::{
            path::{HOME, is_reserved},
            tree,
        },
        policy::Action,
        redirect::list,
    },
    render::{
        page::{self, RenderOptions},
        practice_query::PracticeQuery,
        render_input::RenderInput,
        site_paths::{self, SearchPath},
    },
    state::draft_site::{DraftPage, DraftSite},
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, front_page).get(Action::Edit, page)
}

/// The filter of the questions.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SitePreviewQuery {
    q: String,
}

async fn front_page(
    _: SitePreviewPath,
    admin: AdminContext,
    Query(query): Query<SitePreviewQuery>,
) -> Result<Response> {
    show(&admin, HOME, RenderOptions { filter: query.q, ..RenderOptions::default() }).await
}

async fn page(
    SitePreviewPagePath { path }: SitePreviewPagePath,
    admin: AdminContext,
    Query(query): Query<SitePreviewQuery>,
    RawQuery(raw): RawQuery,
) -> Result<Response> {
    let practice = PracticeQuery::read(&raw.unwrap_or_default());
    show(&admin, &format!("{HOME}{path}"), RenderOptions { filter: query.q, practice, ..RenderOptions::default() })
        .await
}

async fn show(admin: &AdminContext, path: &str, asked: RenderOptions) -> Result<Response> {
    let (db, rules) = (admin.app.read(), &admin.app.rules);
    let drafts = DraftSite::load(db, rules, &admin.user).await?;
    let Some(page) = drafts.page_at(db, path, admin.app.now()).await? else {
        return lead_on(admin, &drafts, path).await;
    };
    let input = RenderInput {
        preview: describe(admin, &page).await?,
        preview_of: edit_screen(&page),
        path: page.path,
        revision: page.revision,
        notice: None,
    };
    let options = RenderOptions { drafts: Some(drafts), ..asked };
    let Html(html) = page::render(&admin.app, &input, &options).await?;
    Ok(Html(keep_inside(rules, &html)).into_response())
}

/// Where a page is in this site that visitors find, or found once, at a path.
/// `NotFound` when there is none.
async fn lead_on(admin: &AdminContext, drafts: &DraftSite, path: &str) -> Result<Response> {
    let db = admin.app.read();
    let id = match tree::id_at(db, path).await? {
        Some(id) => Some(id),
        None => list::document_at(db, path).await?,
    };
    let found = drafts.path_of(db, id.ok_or(Error::NotFound)?).await?.filter(|found| found != path);
    Ok(Redirect::to(&site_preview(&found.ok_or(Error::NotFound)?)).into_response())
}

/// What the bar says of the site and of this page.
async fn describe(admin: &AdminContext, page: &DraftPage) -> Result<String> {
    let shown = if page.is_draft {
        "your draft".to_owned()
    } else {
        let document = Document::get(admin.app.read(), page.revision.document_id).await?;
        let is_live = document.published_revision_id == Some(page.revision.id);
        format!("version {}, {}", page.revision.version, if is_live { "live" } else { "not published" })
    };
    Ok(format!("The whole site with your drafts and the newest versions. This page: {shown}"))
}

fn edit_screen(page: &DraftPage) -> String {
    if page.key.is_empty() {
        document_paths::edit_screen(DocumentKind::Page, page.revision.document_id)
    } else {
        document_paths::new_from_draft(DocumentKind::Page, &page.key)
    }
}

const POST: &str = " method=\"post\"";

/// Lets links to pages stay in this site. What the program answers itself opens as it is, and the search is that of the admin area,
/// which finds drafts too, in a window of its own; no form can send anything. In HTML, text has no bare quotation mark, so what looks like an attribute is one.
fn keep_inside(rules: &DocumentRules, html: &str) -> String {
    let prefix = SitePreviewPath::PATH.trim_end_matches('/');
    let mut parts = html.split("=\"/");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let tag = &kept[kept.rfind('<').unwrap_or_default()..];
        let leads = tag.ends_with(" href") || tag.ends_with(" action") && !tag.contains(POST);
        let path = part.split(['"', '?', '#']).next().unwrap_or_default();
        let first = path.split('/').next().unwrap_or_default();
        let is_page = !is_reserved(rules, first) && !site_paths::is_own(&format!("/{path}"));
        kept.push_str("=\"");
        if leads && is_page {
            kept.push_str(prefix);
        }
        kept.push('/');
        kept.push_str(part);
    }
    let search = |action: &str| format!("class=\"search\" method=\"get\" action=\"{action}\"");
    kept.replace(POST, &format!("{POST} inert")).replace(
        &format!("<form {}", search(SearchPath::PATH)),
        &format!("<form target=\"_blank\" {}", search(AdminSearchPath::PATH)),
    )
}
