//! The cookie of a known device: says that this user has signed in here before. It gives no access, only an allowance
//! of attempts of their own, so that someone else's wrong passwords do not lock them out. That is bound to the user's
//! credential version: after a change of password, devices have to become known again. What is not: a place for a form
//! that is sent after the session has ended, which such a change may have ended.

use axum::http::{HeaderMap, HeaderValue, header};
use tower_sessions::cookie::{Cookie, SameSite};

use super::user_agent;
use crate::{
    clock::{DAY, Timestamp},
    crypto,
    error::{Error, Result},
    model::{
        known_device::{self, DeviceUse},
        user::User,
    },
    state::app_state::App,
    web::client::Client,
};

/// A device is forgotten after this many days without a sign-in.
pub(crate) const DAYS: i64 = 180;

fn name(app: &App) -> &'static str {
    if app.config.is_https() { "__Host-plinth-device" } else { "plinth-device" }
}

fn signed_text(user: &User, issued: i64, device_id: &str) -> String {
    format!("device {} {} {issued} {device_id}", user.id, user.credential_version)
}

/// The same without the credential version.
fn signed_place(user_id: i64, issued: i64, device_id: &str) -> String {
    format!("place {user_id} {issued} {device_id}")
}

/// Who sends a request.
pub(crate) struct Sender {
    pub(crate) client: Client,
    pub(crate) headers: HeaderMap,
}

/// What a sign-in on a device leaves.
pub(crate) struct DeviceMark {
    /// The cookie that makes the device known.
    pub(crate) cookie: HeaderValue,
    /// When it was used before; none for one that is new.
    pub(crate) before: Option<Timestamp>,
}

/// Notes that a user has proved who they are on the device that sends these headers. It keeps its id, or is given one.
pub(crate) async fn remember(app: &App, client: Client, headers: &HeaderMap, user: &User) -> Result<DeviceMark> {
    note(app, client, headers, user, None).await
}

/// The same at a sign-in: when the device is new, and not the user's first, they are told by e-mail.
pub(crate) async fn remember_sign_in(
    app: &App,
    client: Client,
    headers: &HeaderMap,
    user: &User,
) -> Result<DeviceMark> {
    let is_told = app.mailer.is_some() && user.signed_in_at.is_some();
    note(app, client, headers, user, is_told.then(|| app.now())).await
}

async fn note(
    app: &App,
    client: Client,
    headers: &HeaderMap,
    user: &User,
    told_at: Option<Timestamp>,
) -> Result<DeviceMark> {
    let device_id = find_id(app, headers, user.id).unwrap_or_else(crypto::random_token);
    let sign_in = DeviceUse {
        user_id: user.id,
        device_id: &device_id,
        device: &user_agent::describe(headers),
        network: &client.group().to_string(),
        told_at,
    };
    let before = known_device::note_use(&app.db, &sign_in, app.steady()).await?;
    Ok(DeviceMark { cookie: cookie_for(app, user, &device_id)?, before })
}

/// Never fails in practice: all its characters are allowed in a header.
fn cookie_for(app: &App, user: &User, device_id: &str) -> Result<HeaderValue> {
    let issued = app.steady().0;
    let signature = crypto::sign(&app.signing_key, &signed_text(user, issued, device_id));
    let place = crypto::sign(&app.signing_key, &signed_place(user.id, issued, device_id));
    let cookie = Cookie::build((name(app), format!("{}.{issued}.{device_id}.{signature}.{place}", user.id)))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.config.is_https())
        .path("/")
        .max_age(time::Duration::days(DAYS))
        .build();
    HeaderValue::from_str(&cookie.to_string()).map_err(|error| Error::internal("device cookie", error))
}

/// The id of the device that sends these headers, if this user has signed in on it before, under the same password, and has
/// not removed it from their list.
pub(crate) async fn recognise(app: &App, headers: &HeaderMap, user: &User) -> Result<Option<String>> {
    let Some(device_id) = find_genuine(app, headers, user) else { return Ok(None) };
    Ok(known_device::is_listed(app.read(), user.id, &device_id).await?.then_some(device_id))
}

fn find_genuine(app: &App, headers: &HeaderMap, user: &User) -> Option<String> {
    let cookie = cookie(app, headers)?;
    let device = DeviceCookie::parse(app, cookie.value())?;
    let text = signed_text(user, device.issued, device.id);
    let genuine = crypto::verify(&app.signing_key, &text, device.signature);
    (device.user_id == user.id && genuine).then(|| device.id.to_owned())
}

/// The id of the device that sends these headers, if this user has signed in on it before, whatever has changed in their
/// account since.
#[must_use]
pub(crate) fn find_id(app: &App, headers: &HeaderMap, user_id: i64) -> Option<String> {
    let (owner, device_id) = find_place(app, headers)?;
    (owner == user_id).then_some(device_id)
}

/// The id of the user who has signed in before on the device that sends these headers, whatever has changed in their
/// account since. Asks no database: it may be what fails.
#[must_use]
pub(crate) fn find_user(app: &App, headers: &HeaderMap) -> Option<i64> {
    find_place(app, headers).map(|(user_id, _)| user_id)
}

/// Whose device it is, and its id.
fn find_place(app: &App, headers: &HeaderMap) -> Option<(i64, String)> {
    let cookie = cookie(app, headers)?;
    let device = DeviceCookie::parse(app, cookie.value())?;
    let text = signed_place(device.user_id, device.issued, device.id);
    crypto::verify(&app.signing_key, &text, device.place).then(|| (device.user_id, device.id.to_owned()))
}

fn cookie<'a>(app: &App, headers: &'a HeaderMap) -> Option<Cookie<'a>> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name(app))
}

/// What the cookie says. Neither signature has been checked.
struct DeviceCookie<'a> {
    user_id: i64,
    issued: i64,
    id: &'a str,
    signature: &'a str,
    place: &'a str,
}

impl<'a> DeviceCookie<'a> {
    /// None when it is not of this form, or too old.
    fn parse(app: &App, value: &'a str) -> Option<Self> {
        let mut parts = value.splitn(5, '.');
        let user_id = parts.next()?.parse().ok()?;
        let issued = parts.next()?.parse().ok()?;
        let (id, signature, place) = (parts.next()?, parts.next()?, parts.next()?);
        let (issued_at, now) = (Timestamp(issued), app.steady());
        // A cookie from the future was issued while the machine's clock was wrong.
        let current = issued_at.plus(DAYS * DAY) > now && issued_at <= now.plus(DAY);
        current.then_some(Self { user_id, issued, id, signature, place })
    }
}
