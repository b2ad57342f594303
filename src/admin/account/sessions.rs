//! The other sessions of the user, which they can end.

use axum::response::Response;
use axum_extra::routing::TypedPath;

use super::edit::{self, NameForm};
use crate::{
    admin::{
        paths::{AccountEndSessionPath, AccountEndSessionsPath, AccountPath},
        shared::{admin_context::AdminContext, form_outcome::FormState, routes::Routes, session_view::own_id},
    },
    error::Result,
    model::{policy::Action, roles},
    web::{
        form::Form,
        security_log::{self, EventKind},
    },
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post(Action::UseAdmin, delete_others).post(Action::UseAdmin, delete)
}

/// The screen after one of its other buttons, with the name as it was typed, and what was done or why it was not.
pub(super) async fn draw_typed(admin: &AdminContext, typed: NameForm, done: Result<&str, &str>) -> Result<Response> {
    let response = match done {
        Ok(sentence) => admin.done(AccountPath::PATH, sentence).await?,
        Err(sentence) => admin.not_done(AccountPath::PATH, sentence).await?,
    };
    if typed.name.is_empty() || typed.name == admin.user.name {
        return Ok(response);
    }
    edit::draw(admin, typed, FormState::default()).await
}

async fn delete(
    AccountEndSessionPath { id }: AccountEndSessionPath,
    admin: AdminContext,
    Form(typed): Form<NameForm>,
) -> Result<Response> {
    if !admin.change(async |write| roles::end_session(write, &admin.user, id).await).await? {
        return draw_typed(&admin, typed, Err("This session had ended before.")).await;
    }
    let response = draw_typed(&admin, typed, Ok("The session was ended.")).await?;
    Ok(security_log::attach(response, EventKind::SessionsEnded, Some(admin.user.id)))
}

async fn delete_others(
    _: AccountEndSessionsPath,
    admin: AdminContext,
    Form(typed): Form<NameForm>,
) -> Result<Response> {
    if admin.change(async |write| roles::end_sessions(write, &admin.user, &own_id(&admin)).await).await? == 0 {
        return draw_typed(&admin, typed, Err("You have no other session, so none was ended.")).await;
    }
    let response = draw_typed(&admin, typed, Ok("Your other sessions were ended.")).await?;
    Ok(security_log::attach(response, EventKind::SessionsEnded, Some(admin.user.id)))
}
