//! The cookie of a known device: says that this user has signed in here before. It gives no access, only an allowance
//! of attempts of their own, so that someone else's wrong passwords do not lock them out. It is bound to the user's
//! credential version: after a change of password, devices have to become known again.

use axum::http::{HeaderMap, HeaderValue, header};
use tower_sessions::cookie::{Cookie, SameSite};

use crate::{
    clock::{DAY, Timestamp},
    crypto,
    error::{Error, Result},
    model::user::User,
    state::app_state::App,
};

/// A device is forgotten after this many days without a sign-in.
const DAYS: i64 = 180;

fn name(app: &App) -> &'static str {
    if app.config.is_https() { "__Host-plinth-device" } else { "plinth-device" }
}

fn signed_text(user: &User, issued: i64, device_id: &str) -> String {
    format!("device {} {} {issued} {device_id}", user.id, user.credential_version)
}

/// The cookie to set after a sign-in.
/// Never fails in practice: all its characters are allowed in a header.
pub(crate) fn remember(app: &App, user: &User) -> Result<HeaderValue> {
    let (issued, device_id) = (app.steady().0, crypto::random_token());
    let signature = crypto::sign(&app.signing_key, &signed_text(user, issued, &device_id));
    let cookie = Cookie::build((name(app), format!("{}.{issued}.{device_id}.{signature}", user.id)))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.config.is_https())
        .path("/")
        .max_age(time::Duration::days(DAYS))
        .build();
    HeaderValue::from_str(&cookie.to_string()).map_err(|error| Error::internal("device cookie", error))
}

/// The id of the device that sends these headers, if this user has signed in on it before.
#[must_use]
pub(crate) fn recognise(app: &App, headers: &HeaderMap, user: &User) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name(app))
        .and_then(|cookie| read(app, cookie.value(), user))
}

fn read(app: &App, value: &str, user: &User) -> Option<String> {
    let mut parts = value.splitn(4, '.');
    let owner: i64 = parts.next()?.parse().ok()?;
    let issued: i64 = parts.next()?.parse().ok()?;
    let (device_id, signature) = (parts.next()?, parts.next()?);
    let (issued_at, now) = (Timestamp(issued), app.steady());
    // A cookie from the future was issued while the machine's clock was wrong.
    let current = issued_at.plus(DAYS * DAY) > now && issued_at <= now.plus(DAY);
    let genuine = crypto::verify(&app.signing_key, &signed_text(user, issued, device_id), signature);
    (owner == user.id && current && genuine).then(|| device_id.to_owned())
}
