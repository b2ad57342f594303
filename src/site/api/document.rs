//! `GET /api/v1/documents/{path}`: one page with its text, its public fields, and its questions where it shows them. The front page is
//! at `/api/v1/documents/index`.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde_json::{Value, json};

use super::{answer, fields, listed::type_name, problem::problem};
use crate::{
    error::Result,
    model::{
        document::{content::Content, kind::DocumentKind},
        faq::item,
        page::public::{self, LivePage},
        publishing,
        redirect::follow::{RedirectTarget, follow},
    },
    render::site_paths::ApiDocumentPath,
    state::{app_state::App, page_lists::PageLists},
    web::cache_policy::CachePolicy,
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
    let mut value = common(app, DocumentKind::Page, content);
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

/// What documents of every type have.
fn common(app: &App, kind: DocumentKind, content: &Content) -> Value {
    json!({
        "type": type_name(kind),
        "title": content.title,
        "number": content.clause_number,
        "summary": content.summary,
        "owner": content.owner,
        "document_type": content.document_type,
        "fields": fields::values(&app.rules.fields.of(kind, &content.document_type), content),
        "markdown": content.body,
    })
}

/// The questions that a page shows; none on any other.
async fn questions(app: &App, page: &LivePage) -> Result<Vec<Value>> {
    if !page.revision.content.layout.is_collection() {
        return Ok(Vec::new());
    }
    let one = |item: item::LiveItem| {
        let mut value = common(app, DocumentKind::FaqItem, &item.revision.content);
        value["id"] = json!(item.revision.document_id);
        value["version"] = json!(item.revision.version);
        value["url"] = json!(format!("{}{}#{}", app.config.origin(), page.path, item.current_slug));
        value
    };
    Ok(item::live(app.read(), page.revision.document_id).await?.into_iter().map(one).collect())
}
