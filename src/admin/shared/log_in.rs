//! Begins the session of a user who has proved who they are, by password or by one-time link; or asks for the second factor
//! first.

use axum::{
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::routing::TypedPath;

use super::{
    auth_context::AuthContext,
    flash, known_device,
    second_step::{self, SecondStep},
    sessions, user_agent,
};
use crate::{
    admin::paths::DashboardPath,
    clock::Timestamp,
    error::Result,
    model::{known_device as devices, user::User},
};

/// For a user who has proved who they are in one way: signs them in if that is enough, or leads to the second factor.
pub(crate) async fn log_in(auth: &AuthContext, user: &User, next: &str) -> Result<Response> {
    if user.has_second_factor {
        return second_step::begin(auth, SecondStep::of(auth, user, next)).await;
    }
    begin(auth, user, next).await
}

/// Begins the session of a user who has signed in: a new session, a known device, and a redirect to `next`.
pub(crate) async fn begin(auth: &AuthContext, user: &User, next: &str) -> Result<Response> {
    let AuthContext { app, session, client, headers } = auth;
    let device = known_device::remember_sign_in(app, *client, headers, user).await?;
    sessions::begin(app, session, user, user_agent::describe(headers)).await?;
    if let Some(before) = device.before {
        warn_of_new_device(auth, user, before).await?;
    }
    let mut response = Redirect::to(local(next)).into_response();
    response.headers_mut().append(header::SET_COOKIE, device.cookie);
    Ok(response)
}

/// Says on a device that was used before which one was added since.
async fn warn_of_new_device(auth: &AuthContext, user: &User, before: Timestamp) -> Result<()> {
    let Some(new) = devices::newest_since(auth.app.read(), user.id, before).await? else { return Ok(()) };
    let sentence = format!(
        "Since your last sign-in here, someone signed in with your account on a new device: {}, from {}. If it was not you, \
         change your password, and look at the devices on your account screen.",
        new.device, new.network
    );
    flash::warning(&auth.session, sentence).await
}

/// Longest address to go to afterwards, in bytes.
const LONGEST: usize = 2000;

/// Where to go after signing in: a path on this site, or else the admin area. Browsers read a backslash as a slash and
/// drop tabs and line breaks, so `/\` and `/<tab>/` would lead elsewhere as `//` does.
#[must_use]
pub(crate) fn local(next: &str) -> &str {
    if next.len() > LONGEST {
        return DashboardPath::PATH;
    }
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if plain && next.starts_with('/') && !next.starts_with("//") { next } else { DashboardPath::PATH }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_local_paths_are_gone_to() {
        for good in [DashboardPath::PATH, "/admin/pages/7?tab=history&x=%2F%2Fevil.example", "/"] {
            assert_eq!(local(good), good);
        }
        for bad in [
            "",
            "admin",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "https://evil.example",
            "/admin\r\nx: y",
            "javascript:x",
            "/a b",
        ] {
            assert_eq!(local(bad), DashboardPath::PATH, "{bad}");
        }
    }
}
