//! What is done with a category outside its form: it is put elsewhere in the order or on another page, or deleted when empty.

use axum::{http::StatusCode, response::Response};
use serde::Deserialize;

use super::{
    categories::{CategoryForm, LIST, draw, draw_list_of, fields},
    item_pages::list_of,
};
use crate::{
    admin::{
        paths::{DeleteFaqCategoryPath, FaqCategoryPagePath, FaqCategoryPositionPath},
        shared::{
            admin_context::AdminContext, flash::FlashAction, merged_form::FormBase, position::PositionForm,
            routes::Routes,
        },
    },
    error::{Error, Result},
    model::{
        faq::{
            category::{self, Category},
            category_moving, collection,
        },
        policy::Action,
        undo::{noted, step::Step},
    },
    web::form::Form,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post(Action::Publish, update_position).post(Action::Publish, update_page).post(Action::Publish, delete)
}

/// Which page it goes to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CategoryPageForm {
    page: String,
}

pub(crate) async fn update_page(
    FaqCategoryPagePath { id }: FaqCategoryPagePath,
    admin: AdminContext,
    Form(form): Form<CategoryPageForm>,
) -> Result<Response> {
    let moved = admin.change(async |write| {
        let category = category::get(write, id).await?;
        let to = collection::choose(write, form.page.trim().parse().unwrap_or_default()).await?;
        category_moving::move_to(write, &category, &to).await?;
        Ok((category, to))
    });
    match moved.await {
        Ok((category, page)) => {
            let sentence = "Links to it and to what is in it still lead there.";
            let to = list_of(&admin, LIST, page.id).await?;
            admin
                .done(&to, format!("The category “{}” is on the page “{}” now. {sentence}", category.title, page.title))
                .await
        }
        Err(error) => {
            let category = category::get(admin.app.read(), id).await?;
            draw(&admin, Some(id), &CategoryForm::of(&category), error.validation_errors()?.into()).await
        }
    }
}

pub(crate) async fn update_position(
    FaqCategoryPositionPath { id }: FaqCategoryPositionPath,
    admin: AdminContext,
    Form(form): Form<PositionForm>,
) -> Result<Response> {
    let Some(position) = form.read(&admin).await? else {
        return draw_list_of(&admin, id, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let moved = admin.change(async |write| {
        let category = category::get(write, id).await?;
        let index = async || Ok::<_, Error>(category::index_of(write, id).await?.unwrap_or_default());
        let from = index().await?;
        if !category::reorder(write, &category, position).await? {
            return Ok((category, None));
        }
        let undo = noted::note(write, &[Step::Category { id, from, to: index().await? }]).await?;
        Ok((category, Some(undo)))
    });
    let (category, undo) = match moved.await {
        Ok(moved) => moved,
        Err(error) => {
            admin.warn(error.conflict()?).await?;
            return draw_list_of(&admin, id, StatusCode::CONFLICT).await;
        }
    };
    let (title, to) = (category.title, format!("{}#_category-{id}", list_of(&admin, LIST, category.page_id).await?));
    match undo {
        Some(undo) => admin.done_with(&to, PositionForm::describe(&title, "", ""), FlashAction::undo(undo, &to)).await,
        None => admin.not_done(&to, PositionForm::describe_unmoved(&title)).await,
    }
}

pub(crate) async fn delete(
    DeleteFaqCategoryPath { id }: DeleteFaqCategoryPath,
    admin: AdminContext,
    Form(seen): Form<FormBase>,
) -> Result<Response> {
    let deleted = admin.change(async |write| {
        let category = category::get(write, id).await?;
        if !seen.is_current(&fields((&category.title, &category.slug), &category)) {
            let sentence = "This category was renamed after you opened the list, so it was not deleted.";
            return Err(Error::Conflict(format!("{sentence} This is how it is now.")));
        }
        category::delete(write, &category).await?;
        Ok(category)
    });
    match deleted.await {
        Ok(Category { title, page_id, .. }) => {
            admin.done(&list_of(&admin, LIST, page_id).await?, format!("The category “{title}” was deleted.")).await
        }
        Err(error) => {
            admin.warn(error.conflict()?).await?;
            draw_list_of(&admin, id, StatusCode::CONFLICT).await
        }
    }
}
