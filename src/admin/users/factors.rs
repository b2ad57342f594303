//! Removing the second factors of another user, who has lost them.

use axum::response::Response;

use crate::{
    admin::{
        paths::{UserPath, UserRemoveFactorsPath},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::Result,
    model::{factors, policy::Action, user},
    text::isolate::isolate,
    web::security_log::{self, EventKind},
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post(Action::ManageUsers, delete)
}

async fn delete(UserRemoveFactorsPath { id }: UserRemoveFactorsPath, admin: AdminContext) -> Result<Response> {
    let (home, user) = (UserPath { id }.to_string(), user::get(admin.app.read(), id).await?);
    let name = isolate(&user.name);
    if id == admin.user.id {
        return admin
            .not_done(&home, "This is your own account. Remove your second factors on your account screen.")
            .await;
    }
    if admin.change(async |write| factors::remove_all(write, &user).await).await?.is_none() {
        return admin.not_done(&home, format!("{name} has no second factor, so none was removed.")).await;
    }
    let sentence = format!("The second factors of {name} were removed. Their sessions and links have ended.");
    let response = admin.done(&home, sentence).await?;
    Ok(security_log::attach(response, EventKind::FactorRemoved, Some(id)))
}
