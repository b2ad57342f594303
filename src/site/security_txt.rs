//! `security.txt` (RFC 9116): whom to tell of a weakness. Only where the site has an address to write to.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};

use crate::{
    clock::DAY,
    error::{Error, Result},
    render::site_paths::SecurityTxtPath,
    state::app_state::App,
    text::mailto,
    web::cache_policy::CachePolicy,
};

/// How long it may be believed. Less than a year, as the standard asks.
const DAYS: i64 = 180;

/// Made for each request, so that it never expires while it is kept.
pub(crate) async fn show(_: SecurityTxtPath, State(app): State<App>) -> Result<Response> {
    let common = app.nav_cache.site_context(app.read()).await?;
    let settings = &common.settings;
    if settings.contact_address.is_empty() {
        return Err(Error::NotFound);
    }
    let contact = mailto::address(&settings.contact_address);
    let expires = app.now().plus(DAYS * DAY).iso();
    // The standard wants this address with https.
    let canonical = if app.config.is_https() {
        format!("Canonical: {}{SecurityTxtPath}\n", app.config.origin())
    } else {
        String::new()
    };
    let language = &settings.language;
    let text = format!("Contact: {contact}\nExpires: {expires}\nPreferred-Languages: {language}\n{canonical}");
    Ok((CachePolicy::NoStore, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}
