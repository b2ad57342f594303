//! The devices on which the user has signed in, which they can have forgotten.

use axum::response::Response;

use super::{edit::NameForm, sessions::draw_typed};
use crate::{
    admin::{
        paths::ForgetDevicePath,
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::Result,
    model::{known_device, policy::Action},
    web::form::Form,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post(Action::UseAdmin, delete)
}

async fn delete(
    ForgetDevicePath { id }: ForgetDevicePath,
    admin: AdminContext,
    Form(typed): Form<NameForm>,
) -> Result<Response> {
    if !known_device::forget(&admin.app.db, admin.user.id, id).await? {
        return draw_typed(&admin, typed, Err("This device was forgotten before.")).await;
    }
    draw_typed(&admin, typed, Ok("The device was forgotten. Sessions on it go on until you end them.")).await
}
