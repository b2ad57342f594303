//! Deleting a message for good, after a confirmation that works without scripts.

use axum::{extract::Query, http::StatusCode, response::Response};
use serde::{Deserialize, Serialize};

use super::query::MessagesQuery;
use crate::{
    admin::{
        paths::{DeleteMessagePath, MessagesPath},
        shared::{
            admin_context::{AdminContext, When},
            cut_log::cut_log,
            routes::Routes,
        },
    },
    error::Result,
    model::{
        message::{handling, record},
        policy::Action,
    },
    web::form::Form,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::DisposeOfMessages, confirm_delete).post(Action::DisposeOfMessages, delete)
}

#[derive(Serialize)]
struct View {
    id: i64,
    reference: String,
    name: String,
    received: When,
    version: i64,
    query: String,
    conflict: String,
}

async fn confirm_delete(
    DeleteMessagePath { id }: DeleteMessagePath,
    admin: AdminContext,
    Query(list_query): Query<MessagesQuery>,
) -> Result<Response> {
    draw(&admin, id, &list_query, String::new()).await
}

/// Draws the screen; `conflict` says what has changed since it was first shown, and may be empty.
async fn draw(admin: &AdminContext, id: i64, list_query: &MessagesQuery, conflict: String) -> Result<Response> {
    let status = if conflict.is_empty() { StatusCode::OK } else { StatusCode::CONFLICT };
    let message = record::get(admin.app.read(), id).await?;
    let title = format!("Delete message {}", message.reference);
    let view = View {
        id,
        received: admin.when(message.received_at),
        version: message.version,
        reference: message.reference,
        name: message.name,
        query: list_query.query(),
        conflict,
    };
    admin.screen_as(status, "admin/messages/delete.html", &title, &view).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Confirmation {
    expected_version: String,
}

async fn delete(
    DeleteMessagePath { id }: DeleteMessagePath,
    admin: AdminContext,
    Query(list_query): Query<MessagesQuery>,
    Form(form): Form<Confirmation>,
) -> Result<Response> {
    let expected = form.expected_version.parse().unwrap_or(-1);
    match admin.change(async |write| handling::delete(write, id, expected).await).await {
        Ok(message) => {
            cut_log(&admin).await;
            let to = format!("{MessagesPath}{}", list_query.query());
            admin.done(&to, format!("Message {} is deleted.", message.reference)).await
        }
        Err(error) => draw(&admin, id, &list_query, error.conflict()?).await,
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/messages/delete.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { id, reference, name, received, version, query, conflict }
}
