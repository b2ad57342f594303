//! Paths of the admin area that nothing is at: told within the admin area, to those who are signed in.

use axum::response::Response;

use super::{paths::UnknownPath, shared::routes::Routes};
use crate::{
    error::{Error, Result},
    model::policy::Action,
};

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get(Action::UseAdmin, show)
}

async fn show(_: UnknownPath) -> Result<Response> {
    Err(Error::NotFound)
}
