//! The file that a thing had before it was replaced: on the screen of the thing, to be put back or deleted.

use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::{thing_view, tidy, uses::require_right};
use crate::{
    admin::{
        paths::{MediaThingPath, PreviousMediaPath},
        shared::{
            admin_context::{AdminContext, When},
            routes::Routes,
        },
    },
    error::Result,
    model::{
        media::{
            item::{self, MediaItem},
            replacing,
        },
        policy::Action,
    },
    text::media_path,
    web::form::Form,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post(Action::Edit, change)
}

/// What a thing was before.
#[derive(Debug, Serialize)]
pub(super) struct PreviousView {
    hash: String,
    address: String,
    /// The address of its smallest picture; empty for what is no picture.
    small: String,
    about: String,
    replaced: Option<When>,
    by: String,
}

impl PreviousView {
    pub(super) async fn of(admin: &AdminContext, item: &MediaItem) -> Result<Option<Self>> {
        let previous = replacing::previous(admin.app.read(), item.id).await?;
        Ok(previous.map(|file| Self {
            address: media_path::of_content(&item.path, &file.hash),
            small: match item.kind {
                item::MediaKind::Picture => media_path::of_content(&item.path, &file.small_hash),
                item::MediaKind::File => String::new(),
            },
            about: thing_view::describe_file(item.kind, &file.content_type, (file.width, file.height), file.bytes),
            replaced: item.replaced_at.map(|at| admin.when(at)),
            by: item.replacer_name.clone(),
            hash: file.hash,
        }))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PreviousForm {
    /// Which file its user saw there.
    seen: String,
    /// `back` or `forget`.
    #[serde(rename = "do")]
    todo: String,
}

async fn change(
    PreviousMediaPath { id }: PreviousMediaPath,
    admin: AdminContext,
    Form(form): Form<PreviousForm>,
) -> Result<Response> {
    let here = MediaThingPath { id }.to_string();
    let changed = admin.change(async |write| {
        let item = item::get(write, id).await?;
        if form.todo == "forget" {
            let files = replacing::forget_previous(write, &item, &form.seen).await?;
            return Ok((files, "The previous file was deleted.".to_owned()));
        }
        require_right(write, &admin, &item.path).await?;
        replacing::put_back(write, &item, &form.seen).await?;
        Ok((Vec::new(), format!("The previous file of “{}” was put back, everywhere it is used.", item.title)))
    });
    let (files, sentence) = match changed.await {
        Ok(done) => done,
        Err(error) => return admin.refuse(&here, error).await,
    };
    tidy::delete_unnamed(&admin, files).await;
    admin.done(&here, sentence).await
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    PreviousView { hash, address, small, about, replaced, by }
}
