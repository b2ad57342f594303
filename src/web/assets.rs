//! The files of `static/`, embedded in the binary, compressed when it was built, and addressed by their content, so that
//! they may be kept for ever. In debug builds they are read from disk, so that an edit shows at once.

use axum::{
    extract::Path,
    http::{HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};
use data_encoding::HEXLOWER;
use rust_embed::{EmbeddedFile, RustEmbed};

use super::cache::{encoding::Encoded, policy};
use crate::error::Error;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// What `build.rs` compressed: each file as it was, and its encodings.
static ENCODED: &[(&[u8], Encoded)] = include!(concat!(env!("OUT_DIR"), "/encoded.rs"));

/// The route that [`serve`] answers.
pub const ROUTE: &str = "/static/{hash}/{*name}";

/// The address of a file: `/static/1f2e3d4c/site.css`. A file that does not exist gets one that answers 404.
#[must_use]
pub fn address(name: &str) -> String {
    let hash = Files::get(name).map_or_else(|| "missing".to_owned(), |file| short_hash(&file));
    format!("/static/{hash}/{name}")
}

fn short_hash(file: &EmbeddedFile) -> String {
    HEXLOWER.encode(&file.metadata.sha256_hash()[..8])
}

/// Serves a file under its address for ever; under an older one, or one spelled otherwise, what it is now, and nobody is
/// to keep that: there is no end of such addresses.
pub async fn serve(uri: Uri, Path((_, name)): Path<(String, String)>) -> Response {
    let Some(file) = Files::get(&name) else { return Error::NotFound.into_response() };
    let keep = if uri.path() == address(&name) { policy::FOR_EVER } else { policy::NEVER };
    let kind =
        HeaderValue::from_str(&content_type(&file)).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, HeaderValue::from_static(keep))];
    // Not for a file that was edited since.
    let encoded = ENCODED.iter().find(|(plain, _)| *plain == &*file.data).map(|(_, encoded)| *encoded);
    let mut response = (headers, file.data).into_response();
    if let Some(encoded) = encoded {
        response.extensions_mut().insert(encoded);
    }
    response
}

fn content_type(file: &EmbeddedFile) -> String {
    let kind = file.metadata.mimetype();
    let is_text = kind.starts_with("text/") || kind == "image/svg+xml";
    if is_text { format!("{kind}; charset=utf-8") } else { kind.to_owned() }
}
