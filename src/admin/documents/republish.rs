//! Publishes again what visitors saw of a document, and below it, until it was unpublished. The button for it is in notices
//! and in the editor, so what was typed there is kept.

use axum::response::Response;
use serde::Deserialize;

use super::{edit_screen, form::DocumentForm, paths, publications};
use crate::{
    admin::{
        paths::RepublishPath,
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::Result,
    model::{document::with_newest, policy::Action, republishing, seen_version::SeenVersion},
    web::{form::Form, form_errors::FormErrors},
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post_text(Action::Publish, update)
}

/// What the button of [`flash_actions::again`](super::flash_actions::again) showed, and what was typed beside it.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
struct RepublishForm {
    decided: Vec<SeenVersion>,
    /// The form of the editor; none when the button was in a notice.
    document: Option<DocumentForm>,
}

impl From<Vec<(String, String)>> for RepublishForm {
    fn from(pairs: Vec<(String, String)>) -> Self {
        let (revisions, typed): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| name == "revision");
        let decided = revisions.iter().filter_map(|(_, key)| key.parse().ok()).collect();
        let document = typed.iter().any(|(name, _)| name == "base").then(|| typed.into());
        Self { decided, document }
    }
}

async fn update(
    RepublishPath { id }: RepublishPath,
    admin: AdminContext,
    Form(form): Form<RepublishForm>,
) -> Result<Response> {
    let response = bring_back(&admin, id, &form.decided).await?;
    let (document, newest) = with_newest::get(admin.app.read(), id).await?;
    match form.document {
        Some(typed) if typed.differs_from(&admin.app.rules.fields.of_typed(document.kind, &typed.typed), &newest) => {
            edit_screen::draw_document(&admin, &document, &newest, &typed, FormErrors::default()).await
        }
        _ => Ok(response),
    }
}

async fn bring_back(admin: &AdminContext, id: i64, decided: &[SeenVersion]) -> Result<Response> {
    let republished = admin.change(async |write| {
        let (document, newest) = with_newest::get(write, id).await?;
        let count = if republishing::list_formerly_live(write, &document).await?.is_empty() {
            0
        } else {
            republishing::republish(write, &document, decided).await?
        };
        Ok((document, newest.content.title, count))
    });
    match republished.await {
        Ok((document, title, count)) => {
            let edit = paths::edit_screen(document.kind, id);
            match (document.is_live(), count) {
                (true, 0) => admin.done(&edit, format!("Visitors see “{title}”.")).await,
                (false, 0) => admin.not_done(&edit, "There is nothing to publish again.").await,
                (is_live, count) => admin.done(&edit, describe_republished(&title, is_live, count)).await,
            }
        }
        Err(error) => publications::refuse(admin, id, error).await,
    }
}

/// The sentence about `count` documents; `was_live` says whether the first, with this title, is not among them.
fn describe_republished(title: &str, was_live: bool, count: usize) -> String {
    match (was_live, count) {
        (true, 1) => format!("Visitors see the page below “{title}” again."),
        (true, pages) => format!("Visitors see the {pages} pages below “{title}” again."),
        (false, 1) => format!("Visitors see “{title}” again."),
        (false, 2) => format!("Visitors see “{title}” and the page below it again."),
        (false, count) => format!("Visitors see “{title}” and the {} pages below it again.", count - 1),
    }
}
