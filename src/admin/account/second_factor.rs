//! Where users are led whose role needs a second factor and who have none.

use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::routing::TypedPath;
use serde::Serialize;

use crate::{
    admin::{
        paths::{AccountPath, SecondFactorPath},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::Result,
    model::policy::Action,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::ChangeOwnFactors, show)
}

#[derive(Serialize)]
struct View {
    role: &'static str,
    /// Whether the site can have passkeys.
    has_passkeys: bool,
}

async fn show(_: SecondFactorPath, admin: AdminContext) -> Result<Response> {
    if admin.user.has_second_factor {
        return Ok(Redirect::to(AccountPath::PATH).into_response());
    }
    let view = View { role: admin.user.role.with_article(), has_passkeys: admin.app.relying_party.is_ok() };
    admin.screen("admin/account/second_factor.html", "Add a second factor", &view).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/account/second_factor.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { role, has_passkeys }
}
