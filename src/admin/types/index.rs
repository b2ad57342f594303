//! The list of the types of documents.

use axum::response::Response;
use serde::Serialize;

use super::words;
use crate::{
    admin::{
        paths::{TypePath, TypesPath},
        shared::{
            admin_context::{AdminContext, When},
            routes::Routes,
        },
    },
    error::Result,
    model::{document::types, policy::Action},
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::ChangeTypes, index)
}

#[derive(Serialize)]
struct ListView {
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    key: String,
    name: String,
    /// The path of its screen.
    path: String,
    used_for: String,
    /// Without those that are hidden.
    fields: usize,
    documents: i64,
    version: i64,
    is_retired: bool,
    /// Who made its newest version, and when.
    by: String,
    when: When,
}

async fn index(_: TypesPath, admin: AdminContext) -> Result<Response> {
    let db = admin.app.read();
    let counts = types::count_documents(db).await?;
    let known = admin.app.rules.fields.types();
    let mut rows = Vec::new();
    for newest in types::newest(db).await? {
        let Some(one) = known.get(&newest.key) else { continue };
        rows.push(Row {
            name: one.definition.label.clone(),
            path: TypePath { key: one.key.clone() }.to_string(),
            used_for: words::used_for(&one.definition),
            fields: one.definition.fields.iter().filter(|field| !field.is_hidden).count(),
            documents: counts.get(&one.key).copied().unwrap_or_default(),
            version: one.version,
            is_retired: one.definition.is_retired,
            by: newest.author_name,
            when: admin.when(newest.created_at),
            key: newest.key,
        });
    }
    rows.sort_by_cached_key(|row| (row.is_retired, row.name.to_lowercase(), row.key.clone()));
    admin.screen("admin/types/index.html", "Types", &ListView { rows }).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/types/index.html", crate::admin::shared::admin_context::sample_screen::<ListView>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    ListView { rows }
    Row { key, name, path, used_for, fields, documents, version, is_retired, by, when }
}
