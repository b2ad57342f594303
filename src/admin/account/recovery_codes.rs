//! The recovery codes of the user, which are shown once.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use serde::Serialize;

use crate::{
    admin::{
        paths::{AccountPath, RecoveryCodesPath},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::Result,
    model::{policy::Action, recovery_code},
    text::email,
    web::security_log::{self, EventKind},
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post(Action::ChangeOwnFactors, create)
}

#[derive(Serialize)]
struct View {
    email: String,
    codes: Vec<String>,
}

/// Shows codes, only this once. There is no redirect, for which they would have to be stored.
pub(super) async fn show_codes(admin: &AdminContext, codes: Vec<String>) -> Result<Response> {
    let view = View { email: email::display(&admin.user.email), codes };
    admin.screen("admin/account/recovery_codes.html", "Keep your recovery codes", &view).await
}

async fn create(_: RecoveryCodesPath, admin: AdminContext) -> Result<Response> {
    if !admin.user.has_second_factor {
        return admin
            .not_done(AccountPath::PATH, "Add a passkey or a code app first: recovery codes take their place.")
            .await;
    }
    let codes = admin.change(async |write| recovery_code::renew(write, &admin.user).await).await?;
    let response = show_codes(&admin, codes).await?;
    Ok(security_log::attach(response, EventKind::FactorAdded, Some(admin.user.id)))
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/account/recovery_codes.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { email, codes }
}
