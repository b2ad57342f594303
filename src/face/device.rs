//! The cookie of a known device: says that this person has signed in here before. It opens nothing; it only gives
//! their tries a budget of their own, so that somebody else's wrong passwords do not keep them out.

use axum::http::{HeaderMap, HeaderValue, header};
use tower_sessions::cookie::{Cookie, SameSite};

use super::state::App;
use crate::{
    error::{Error, Result},
    text::{
        time::{DAY, Timestamp},
        token,
    },
};

/// A device is forgotten after this many days without a sign-in.
const DAYS: i64 = 180;

fn name(app: &App) -> &'static str {
    if app.config.is_https() { "__Host-plinth-device" } else { "plinth-device" }
}

fn signed_text(person_id: i64, issued: i64, mark: &str) -> String {
    format!("device {person_id} {issued} {mark}")
}

/// The cookie to set after a sign-in.
///
/// # Errors
/// Never in practice: all its characters are allowed in a header.
pub fn remember(app: &App, person_id: i64) -> Result<HeaderValue> {
    let (issued, mark) = (app.now().0, token::random());
    let signature = token::sign(&app.signing_key, &signed_text(person_id, issued, &mark));
    let cookie = Cookie::build((name(app), format!("{person_id}.{issued}.{mark}.{signature}")))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.config.is_https())
        .path("/")
        .max_age(time::Duration::days(DAYS))
        .build();
    HeaderValue::from_str(&cookie.to_string()).map_err(|error| Error::internal("device cookie", error))
}

/// The mark of the device that sends these headers, if this person has signed in on it before.
#[must_use]
pub fn mark(app: &App, headers: &HeaderMap, person_id: i64) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name(app))
        .and_then(|cookie| read(app, cookie.value(), person_id))
}

fn read(app: &App, value: &str, person_id: i64) -> Option<String> {
    let mut parts = value.splitn(4, '.');
    let owner: i64 = parts.next()?.parse().ok()?;
    let issued: i64 = parts.next()?.parse().ok()?;
    let (mark, signature) = (parts.next()?, parts.next()?);
    let current = Timestamp(issued).plus(DAYS * DAY) > app.now();
    let genuine = token::verify(&app.signing_key, &signed_text(owner, issued, mark), signature);
    (owner == person_id && current && genuine).then(|| mark.to_owned())
}
