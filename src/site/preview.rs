//! One revision of a page or of a question for someone who has a link to it, as visitors would see it. Kept nowhere, and listed
//! nowhere.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};

use crate::{
    error::{Error, Result},
    model::{
        document::{
            choices::Layout, content::Content, input::DocumentInput, keys, kind::DocumentKind, placement,
            record::Document, revision::Revision,
        },
        faq::{category, location},
        page::{
            path::{self, HOME},
            public, tree,
        },
        preview_link,
    },
    render::{
        page::{self, RenderOptions},
        render_input::RenderInput,
        site_paths::PreviewPath,
    },
    state::app_state::App,
    text::isolate::isolate,
    web::cache_policy::CachePolicy,
};

pub(crate) async fn show(PreviewPath { token }: PreviewPath, State(app): State<App>) -> Result<Response> {
    let revision = preview_link::find(app.read(), &token, app.steady()).await?.ok_or(Error::NotFound)?;
    let (input, options) = match Document::get(app.read(), revision.document_id).await?.kind {
        DocumentKind::Page => (of_page(&app, revision).await?, RenderOptions::default()),
        DocumentKind::FaqItem => of_question(&app, revision).await?,
    };
    let html = page::render(&app, &input, &options).await?;
    Ok((CachePolicy::NoStore, html).into_response())
}

async fn of_page(app: &App, revision: Revision) -> Result<RenderInput> {
    let node = tree::node(app.read(), revision.document_id).await?;
    let path = match node.parent_id {
        _ if node.path == HOME => node.path,
        Some(parent) => path::join(Some(&path::of(app.read(), parent).await?), &revision.content.slug),
        None => path::join(None, &revision.content.slug),
    };
    let preview = format!("Version {}, shown to you by a private link", revision.version);
    Ok(RenderInput { path, revision, preview, preview_of: String::new(), notice: None })
}

/// The page that visitors would find this version of an item on, with it in its place.
async fn of_question(app: &App, revision: Revision) -> Result<(RenderInput, RenderOptions)> {
    let db = app.read();
    let page_id = match Error::optional(category::get(db, revision.content.category_id.unwrap_or(0)).await)? {
        Some(category) => category.page_id,
        None => location::of(db, revision.document_id).await?.page_id,
    };
    let live = public::find(db, page_id).await?.filter(|page| page.revision.content.layout.is_collection());
    let title = isolate(&revision.content.title);
    let preview = format!("Version {} of the question “{title}”, shown to you by a private link", revision.version);
    let page = match live {
        Some(page) => page.revision,
        None => Revision { id: 0, document_id: page_id, content: empty_page(app), ..revision.clone() },
    };
    let path = placement::path_in_category(db, revision.content.category_id).await?;
    let input = RenderInput { path, revision: page, preview, preview_of: String::new(), notice: None };
    Ok((input, RenderOptions { question: Some(revision), ..RenderOptions::default() }))
}

/// Until a page for the questions is published.
fn empty_page(app: &App) -> Content {
    let typed = DocumentInput::default().with(keys::TITLE, "Questions").with(keys::LAYOUT, Layout::Faq.as_str());
    Content::parse_what_fits(&app.rules.fields.of_input(DocumentKind::Page, &typed), &typed)
}
