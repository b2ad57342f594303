//! The response after users have changed what they sign in with: their device stays known, and the security log has it. Knows
//! nothing of what they changed.

use axum::{http::header, response::Response};

use crate::{
    admin::shared::{admin_context::AdminContext, known_device},
    error::Result,
    model::user::User,
    web::security_log::{self, EventKind},
};

/// For `user` as changed, whose session was renewed.
pub(super) async fn keep_known(
    admin: &AdminContext,
    user: &User,
    mut response: Response,
    kind: EventKind,
) -> Result<Response> {
    let device = known_device::remember(&admin.app, admin.sender.client, &admin.sender.headers, user).await?;
    response.headers_mut().append(header::SET_COOKIE, device.cookie);
    Ok(security_log::attach(response, kind, Some(user.id)))
}
