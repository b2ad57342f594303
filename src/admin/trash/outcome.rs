//! What is said of a document that is not in the trash any more.

use axum::response::Response;

use crate::{
    admin::{
        documents::{flash_actions, paths},
        shared::admin_context::AdminContext,
    },
    error::Result,
    model::document::record::Document,
};

pub(super) fn not_in_trash(title: &str) -> String {
    format!("“{title}” is not in the trash.")
}

/// Goes to the edit screen of a document with what can be published again.
pub(super) async fn tell_unpublished(admin: &AdminContext, document: &Document, sentence: String) -> Result<Response> {
    let again = flash_actions::again(admin, document).await?;
    let sentence = format!("{sentence}{}", again.obstacle);
    admin.done_with(&paths::edit_screen(document.kind, document.id), sentence, again.button).await
}
