//! Unknown paths of the admin area: a 404 page within the admin area for signed-in users.

use axum::response::Response;

use super::{paths::UnknownPath, shared::routes::Routes};
use crate::{
    error::{Error, Result},
    model::policy::Action,
};

/// Any other method than GET and HEAD: there is nothing to change.
pub(crate) async fn other() -> Error {
    Error::NotFound
}

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::UseAdmin, show)
}

async fn show(_: UnknownPath) -> Result<Response> {
    Err(Error::NotFound)
}
