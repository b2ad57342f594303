//! Copying a page with the pages below it, after a screen that says how many these are.

use axum::response::Response;
use serde::Serialize;

use crate::{
    admin::{
        documents::flash_actions,
        paths::{DuplicatePagePath, PagePath},
        shared::{admin_context::AdminContext, flash::FlashAction, routes::Routes},
    },
    error::Result,
    model::{
        page::{duplicate, tree},
        policy::Action,
        trash,
        undo::{noted, step::Step},
    },
};

/// Pages that are named.
const NAMED: usize = 20;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, confirm).post(Action::Edit, update)
}

#[derive(Serialize)]
struct View {
    id: i64,
    title: String,
    below: usize,
    /// Those that are named.
    named: Vec<String>,
}

async fn confirm(DuplicatePagePath { id }: DuplicatePagePath, admin: AdminContext) -> Result<Response> {
    let node = tree::node(admin.app.read(), id).await?;
    let below = trash::pages_along(admin.app.read(), Some(&node.path), true).await?;
    let named = below.iter().take(NAMED).map(|page| page.title.clone()).collect();
    let view = View { id, title: node.title, below: below.len(), named };
    admin.screen("admin/pages/duplicate.html", "Copy the page with those below it", &view).await
}

async fn update(DuplicatePagePath { id }: DuplicatePagePath, admin: AdminContext) -> Result<Response> {
    let copied = admin.change(async |write| {
        let copied = duplicate::copy_with_below(write, &tree::node(write, id).await?).await?;
        let undo = noted::note(write, &[Step::Copy { id: copied.id, all: copied.all }]).await?;
        Ok((copied, undo))
    });
    match copied.await {
        Ok((copied, undo)) => {
            let to = PagePath { id: copied.id }.to_string();
            let below = flash_actions::with_below(copied.all);
            let sentence = format!("Made “{}”{below}. Visitors do not see any of it.", copied.title);
            admin.done_with(&to, sentence, FlashAction::undo(undo, &PagePath { id }.to_string())).await
        }
        Err(error) => admin.refuse(&PagePath { id }.to_string(), error).await,
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/pages/duplicate.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { id, title, below, named }
}
