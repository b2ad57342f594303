//! `GET /api/v1/documents/{path}`: one page with its text, its public fields, and its questions where it shows them. The front page is
//! at `/api/v1/documents/index`.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde_json::{Value, json};

use super::{answer, fields, listed::type_name};
use crate::{
    error::Result,
    model::{
        document::{content::Content, kind::DocumentKind, linked_text},
        faq::item,
        link::addresses,
        page::public::{self, LivePage},
        publishing,
        redirect::follow::{RedirectTarget, follow},
    },
    render::site_paths::ApiDocumentPath,
    state::{app_state::App, page_lists::PageLists},
    text::markdown::{link_source::write_into, links::LinkAddresses},
    web::{cache_policy::CachePolicy, problem::problem},
};

pub(crate) async fn show(asked: ApiDocumentPath, State(app): State<App>) -> Result<Response> {
    let path = asked.page();
    if let Some(page) = public::at(app.read(), &path).await? {
        return Ok(answer(&document(&app, &page).await?, &[]));
    }
    Ok(match follow(app.read(), &path).await?.end {
        RedirectTarget::Page(path, _) => {
            (CachePolicy::Revalidate, Redirect::permanent(&ApiDocumentPath::of(&path))).into_response()
        }
        RedirectTarget::Gone => problem(StatusCode::GONE, "There was a document at this path; it was deleted."),
        _ => problem(StatusCode::NOT_FOUND, "There is no public document at this path."),
    })
}

async fn document(app: &App, page: &LivePage) -> Result<Value> {
    let (revision, content, origin) = (&page.revision, &page.revision.content, app.config.origin());
    let dates = publishing::dates(app.read(), revision.document_id).await?;
    let language = app.nav_cache.site_context(app.read()).await?.settings.language.clone();
    let below = PageLists::live(app).below_page(revision.document_id, &page.path).await?;
    let below: Vec<String> =
        below.iter().map(|entry| format!("{origin}{}", ApiDocumentPath::of(&entry.path))).collect();
    let links = addresses::of(app.read(), &origin, revision).await?;
    let mut value = common(app, DocumentKind::Page, content, &links).await?;
    let more = json!({
        "id": revision.document_id,
        "path": page.path,
        "url": format!("{origin}{}", page.path),
        "language": language,
        "layout": content.layout.as_str(),
        "version": revision.version,
        "published": dates.map(|dates| dates.first.iso()),
        "modified": dates.map(|dates| dates.latest.iso()),
        "below": below,
        "questions": questions(app, page).await?,
    });
    if let (Value::Object(value), Value::Object(more)) = (&mut value, more) {
        value.extend(more);
    }
    Ok(value)
}

/// What documents of every type have; links lead where they lead on the page.
async fn common(app: &App, kind: DocumentKind, content: &Content, links: &LinkAddresses) -> Result<Value> {
    let table = &app.rules.fields.of(kind, &content.document_type);
    let size = content.body.len() + linked_text::size(content);
    let write = || (fields::values(table, content, links), write_into(&content.body, links));
    let (fields, markdown) = app.rendering.run(size, write).await?;
    Ok(json!({
        "type": type_name(kind),
        "title": content.title,
        "number": content.clause_number,
        "summary": content.summary,
        "owner": content.owner,
        "document_type": content.document_type,
        "fields": fields,
        "markdown": markdown,
    }))
}

/// The questions that a page shows; none on any other.
async fn questions(app: &App, page: &LivePage) -> Result<Vec<Value>> {
    if !page.revision.content.layout.is_collection() {
        return Ok(Vec::new());
    }
    let origin = app.config.origin();
    let (links, none) =
        (addresses::of_items(app.read(), &origin, page.revision.document_id).await?, LinkAddresses::default());
    let mut values = Vec::new();
    for item in item::live(app.read(), page.revision.document_id).await? {
        let revision = &item.revision;
        let links = links.get(&(revision.document_id, revision.id)).unwrap_or(&none);
        let mut value = common(app, DocumentKind::FaqItem, &revision.content, links).await?;
        value["id"] = json!(revision.document_id);
        value["version"] = json!(revision.version);
        value["url"] = json!(format!("{origin}{}#{}", page.path, item.current_slug));
        values.push(value);
    }
    Ok(values)
}
