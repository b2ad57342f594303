//! Begins the session of a user who has proved who they are, by password or by one-time link; or asks for the second factor
//! first.

use axum::{
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::routing::TypedPath;

use super::{
    auth_context::AuthContext,
    known_device,
    second_step::{self, SecondStep},
    sessions, user_agent,
};
use crate::{admin::paths::DashboardPath, error::Result, model::user::User};

/// For a user who has proved who they are in one way: signs them in if that is enough, or leads to the second factor.
pub(crate) async fn log_in(auth: &AuthContext, user: &User, next: &str) -> Result<Response> {
    if user.has_second_factor {
        return second_step::begin(auth, SecondStep::of(auth, user, next)).await;
    }
    begin(auth, user, next).await
}

/// Begins the session of a user who has signed in: a new session, a known device, and a redirect to `next`.
pub(crate) async fn begin(auth: &AuthContext, user: &User, next: &str) -> Result<Response> {
    sessions::begin(&auth.app, &auth.session, user, user_agent::describe(&auth.headers)).await?;
    let mut response = Redirect::to(local(next)).into_response();
    response.headers_mut().append(header::SET_COOKIE, known_device::remember(&auth.app, user)?);
    Ok(response)
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
