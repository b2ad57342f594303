//! One type: its settings, its fields in their order, its versions. What is done with one press is in `press`.

use axum::{http::StatusCode, response::Response};
use serde::Serialize;

use super::{change, words};
use crate::{
    admin::{
        paths::{TypeFieldPath, TypePath},
        shared::{
            admin_context::{AdminContext, When},
            routes::Routes,
        },
    },
    error::Result,
    model::{
        document::{
            document_type::DocumentType,
            type_field::TypeField,
            types::{self, TypeVersion},
        },
        policy::Action,
    },
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::ChangeTypes, show)
}

#[derive(Serialize)]
struct ShowView {
    key: String,
    name: String,
    hint: String,
    used_for: String,
    layout: String,
    is_retired: bool,
    documents: i64,
    /// The newest version, which the forms of this screen change.
    version: i64,
    /// The path of this screen; `/edit` and others follow.
    path: String,
    fields: Vec<FieldRow>,
    versions: Vec<VersionRow>,
}

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "what a template asks for")]
struct FieldRow {
    key: String,
    label: String,
    hint: String,
    control: &'static str,
    /// Its limit, what can be chosen, or the parts of its rows; or nothing.
    detail: String,
    place: &'static str,
    is_required: bool,
    is_searched: bool,
    is_hidden: bool,
    has_one_before: bool,
    has_one_after: bool,
    /// Where it is changed; `/position` and `/hidden` follow.
    path: String,
}

#[derive(Serialize)]
struct VersionRow {
    number: i64,
    changes: String,
    by: String,
    when: When,
}

async fn show(TypePath { key }: TypePath, admin: AdminContext) -> Result<Response> {
    draw(&admin, &key, StatusCode::OK).await
}

/// The screen of the type as it is now.
/// `NotFound` when there is none.
pub(super) async fn draw(admin: &AdminContext, key: &str, status: StatusCode) -> Result<Response> {
    let one = change::find(admin, key)?;
    let documents = types::count_documents(admin.app.read()).await?.get(key).copied().unwrap_or_default();
    let versions = types::versions(admin.app.read(), key).await?;
    let definition = &one.definition;
    let view = ShowView {
        key: one.key.clone(),
        name: definition.label.clone(),
        hint: definition.hint.clone(),
        used_for: words::used_for(definition),
        layout: words::layout(admin, definition.layout),
        is_retired: definition.is_retired,
        documents,
        version: one.version,
        path: TypePath { key: one.key.clone() }.to_string(),
        fields: definition.fields.iter().enumerate().map(|(at, field)| field_row(&one, at, field)).collect(),
        versions: versions.into_iter().map(|version| version_row(admin, version)).collect(),
    };
    admin.screen_as(status, "admin/types/show.html", &view.name, &view).await
}

fn field_row(one: &DocumentType, at: usize, field: &TypeField) -> FieldRow {
    FieldRow {
        key: field.key.clone(),
        label: field.label.clone(),
        hint: field.hint.clone(),
        control: words::control(field.control),
        detail: words::control_detail(field),
        place: words::place(field.shown),
        is_required: field.is_required,
        is_searched: field.is_searched,
        is_hidden: field.is_hidden,
        has_one_before: at > 0,
        has_one_after: at + 1 < one.definition.fields.len(),
        path: TypeFieldPath { key: one.key.clone(), field: field.key.clone() }.to_string(),
    }
}

fn version_row(admin: &AdminContext, version: TypeVersion) -> VersionRow {
    VersionRow {
        number: version.version,
        changes: version.changes,
        by: version.author_name,
        when: admin.when(version.created_at),
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/types/show.html", crate::admin::shared::admin_context::sample_screen::<ShowView>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    ShowView { key, name, hint, used_for, layout, is_retired, documents, version, path, fields, versions }
    FieldRow {
        key, label, hint, control, detail, place, is_required, is_searched, is_hidden, has_one_before, has_one_after, path
    }
    VersionRow { number, changes, by, when }
}
