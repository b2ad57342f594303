//! Where programs that keep passwords look for the screen that changes one.

use axum::response::Redirect;

use crate::{
    admin::{
        paths::{AccountPasswordPath, ChangePasswordPath},
        shared::routes::Routes,
    },
    model::policy::Action,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Read, show)
}

async fn show(_: ChangePasswordPath) -> Redirect {
    Redirect::to(&AccountPasswordPath.to_string())
}
