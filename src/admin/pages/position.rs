//! Moving a page in the list, with the buttons of its row among its siblings, or by dragging also below another page.

use axum::{http::StatusCode, response::Response};
use serde::Deserialize;

use super::{index, query::PagesQuery};
use crate::{
    admin::{
        paths::PagePositionPath,
        shared::{admin_context::AdminContext, flash::FlashAction, position::PositionForm, routes::Routes},
    },
    error::{Error, Result},
    model::{
        page::{moving, order, tree},
        policy::Action,
        undo::{noted, step::Step},
    },
    web::form::Form,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post(Action::Publish, update)
}

/// Where to, and the list that the button was in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MoveInList {
    #[serde(flatten)]
    position: PositionForm,
    /// The page that it goes below, 0 for the uppermost level; none for where it is.
    parent: Option<i64>,
    list: Option<String>,
}

impl MoveInList {
    /// The list that the form was in; without one that of the pages below `parent`.
    fn list(&self, parent: Option<i64>) -> PagesQuery {
        match (&self.list, self.parent) {
            (Some(list), _) => PagesQuery::read(list),
            // Dragged in the tree of all pages, which has no query.
            (None, Some(_)) => PagesQuery::default(),
            (None, None) => PagesQuery::below(parent),
        }
    }
}

async fn update(
    PagePositionPath { id }: PagePositionPath,
    admin: AdminContext,
    Form(form): Form<MoveInList>,
) -> Result<Response> {
    let Some(position) = form.position.read(&admin).await? else {
        return index::draw(&admin, StatusCode::UNPROCESSABLE_ENTITY, &form.list(None)).await;
    };
    let moved = admin.change(async |write| {
        let node = tree::node(write, id).await?;
        let from = order::place_of(write, &node).await?;
        let parent = form.parent.map_or(node.parent_id, |parent| Some(parent).filter(|parent| *parent != 0));
        let has_moved = moving::put(write, &node, parent, position).await?;
        if !has_moved {
            return Ok((node, None));
        }
        let now = tree::node(write, id).await?;
        let to = order::place_of(write, &now).await?;
        let undo = noted::note(write, &[Step::Order { id, from, to }]).await?;
        Ok((now, Some((undo, node.path))))
    });
    let list = |parent| form.list(parent);
    let (node, undo) = match moved.await {
        Ok(moved) => moved,
        Err(Error::Conflict(sentence)) => {
            admin.warn(sentence).await?;
            let parent_id = tree::node(admin.app.read(), id).await?.parent_id;
            return index::draw(&admin, StatusCode::CONFLICT, &list(parent_id)).await;
        }
        Err(error) => {
            let sentence = error.validation_errors()?.sentence();
            return admin.not_done(&list(None).address(), format!("Not moved. {sentence}.")).await;
        }
    };
    let to = list(node.parent_id).address();
    match undo {
        Some((undo, before)) => {
            let sentence = PositionForm::describe(&node.title, &before, &node.path);
            admin.done_with(&to, sentence, FlashAction::undo(undo, &to)).await
        }
        None => admin.not_done(&to, PositionForm::describe_unmoved(&node.title)).await,
    }
}
