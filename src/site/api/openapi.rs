//! `GET /api/v1/openapi.json`: the API in the words of `OpenAPI` 3.1, made of the same tables as the answers.

use axum::{extract::State, response::Response};
use axum_extra::routing::TypedPath;
use serde_json::{Map, Value, json};

use super::{
    answer,
    documents::{LIMIT, LIMIT_MAX},
    fields,
    listed::type_name,
};
use crate::{
    error::Result,
    model::document::{fields::FieldTable, kind::DocumentKind},
    render::site_paths::{ApiDocumentPath, ApiDocumentsPath, ApiSearchPath, ApiVersionPath, OpenApiPath},
    state::app_state::App,
};

const KINDS: [DocumentKind; 2] = [DocumentKind::Page, DocumentKind::FaqItem];

pub(crate) async fn show(_: OpenApiPath, State(app): State<App>) -> Result<Response> {
    let common = app.nav_cache.site_context(app.read()).await?;
    let value = json!({
        "openapi": "3.1.0",
        "info": {
            "title": common.settings.site_name,
            "summary": "What is public on this site, to read.",
            "version": "1",
        },
        "servers": [{ "url": app.config.origin() }],
        "paths": paths(&app.rules.fields),
        "components": { "schemas": schemas(&app.rules.fields) },
    });
    Ok(answer(&value, &[]))
}

fn paths(table: &FieldTable) -> Value {
    let mut paths = Map::new();
    let mut put = |path: &str, operation: Value| drop(paths.insert(path.to_owned(), json!({ "get": operation })));
    put(ApiVersionPath::PATH, operation("version", "The version of the site", "Version", &json!([])));
    put(ApiDocumentsPath::PATH, documents(table));
    let path = parameter(
        "path",
        "path",
        "Path of the page without the slash before it; `index` for the front page. It may have slashes.",
        &json!({ "type": "string" }),
    );
    put(
        &ApiDocumentPath::PATH.replace("{*path}", "{path}"),
        operation("document", "One page with its text", "Document", &json!([path])),
    );
    let q = parameter("q", "query", "What is searched for", &json!({ "type": "string", "minLength": 1 }));
    let after =
        parameter("after", "query", "So many results are passed over", &json!({ "type": "integer", "minimum": 0 }));
    put(ApiSearchPath::PATH, operation("search", "What the search finds", "Results", &json!([q, after])));
    Value::Object(paths)
}

fn documents(table: &FieldTable) -> Value {
    let text = || json!({ "type": "string" });
    let types = table.types();
    let kinds: Vec<&str> = KINDS.map(type_name).into_iter().chain(types.all().map(|one| one.key.as_str())).collect();
    let parameters = json!([
        parameter("path", "query", "Only pages at and below this path", &text()),
        parameter("type", "query", "Only documents of this type", &json!({ "type": "string", "enum": kinds })),
        parameter("label", "query", "Only pages with this label, however its letters are written", &text()),
        parameter(
            "changed_since",
            "query",
            "Only what was published since, the earliest first",
            &json!({ "type": "string", "format": "date-time" })
        ),
        parameter("after", "query", "Where the next page of the list begins, as `next` has it", &text()),
        parameter(
            "limit",
            "query",
            "How many documents at most",
            &json!({ "type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT })
        ),
    ]);
    operation("documents", "What is public, by path, with the questions behind the pages", "Documents", &parameters)
}

fn parameter(name: &str, place: &str, description: &str, schema: &Value) -> Value {
    let required = place == "path" || name == "q";
    json!({ "name": name, "in": place, "required": required, "description": description, "schema": schema })
}

fn operation(id: &str, summary: &str, schema: &str, parameters: &Value) -> Value {
    let content = json!({ "application/json": { "schema": reference(schema) } });
    let problem = json!({
        "description": "What is wrong",
        "content": { "application/problem+json": { "schema": reference("Problem") } },
    });
    json!({
        "operationId": id,
        "summary": summary,
        "parameters": parameters,
        "responses": { "200": { "description": summary, "content": content }, "default": problem },
    })
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

/// An object whose properties are all there.
fn object(properties: &Value) -> Value {
    let names: Vec<String> = properties.as_object().map(|all| all.keys().cloned().collect()).unwrap_or_default();
    json!({ "type": "object", "properties": properties, "required": names })
}

fn list(items: &Value) -> Value {
    json!({ "type": "array", "items": items })
}

fn schemas(table: &FieldTable) -> Value {
    let (text, number) = (json!({ "type": "string" }), json!({ "type": "integer" }));
    let (address, time) =
        (json!({ "type": "string", "format": "uri" }), json!({ "type": "string", "format": "date-time" }));
    let next = json!({ "type": ["string", "null"], "format": "uri" });
    let kind = |kind: DocumentKind| json!({ "const": type_name(kind) });
    let listed = object(&json!({
        "id": number, "type": { "enum": KINDS.map(type_name) }, "document_type": text, "title": text, "number": text, "summary": text, "path": text,
        "url": address, "document": address, "published": time, "modified": time,
    }));
    let question = object(&json!({
        "id": number, "type": kind(DocumentKind::FaqItem), "document_type": text, "title": text, "number": text, "summary": text, "owner": text,
        "fields": fields::schema(table, DocumentKind::FaqItem), "markdown": text, "url": address, "version": number,
    }));
    let document = object(&json!({
        "id": number, "type": kind(DocumentKind::Page), "document_type": text, "title": text, "number": text, "summary": text, "owner": text,
        "fields": fields::schema(table, DocumentKind::Page), "markdown": text, "path": text, "url": address, "language": text,
        "layout": text, "version": number, "published": time, "modified": time, "below": list(&address),
        "questions": list(&reference("Question")),
    }));
    let result = object(&json!({
        "kind": text, "title": text, "number": text, "path": text, "url": address, "trail": list(&text), "snippet": text,
    }));
    json!({
        "Version": object(&json!({ "site_version": number, "name": text, "language": text, "url": address })),
        "Documents": object(&json!({ "site_version": number, "documents": list(&reference("Listed")), "next": next })),
        "Listed": listed,
        "Document": document,
        "Question": question,
        "Results": object(&json!({ "q": text, "total": number, "results": list(&reference("Result")), "next": next })),
        "Result": result,
        "Problem": object(&json!({ "title": text, "status": number, "detail": text })),
    })
}
