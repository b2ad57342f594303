//! The files of `static/` and the visual editor, embedded in the binary, compressed when it was built, and addressed by their content, so that
//! they may be kept for ever. Files of one directory below it are addressed by the content of all of them: scripts name
//! each other by relative paths, and so each version of one finds those that it was made with. In debug builds they are read from disk, so that an edit shows at once.

use axum::{
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use data_encoding::HEXLOWER;
use rust_embed::{EmbeddedFile, RustEmbed};

use super::{cache::encoding::Encoded, cache_policy::CachePolicy, path::typed_path};
use crate::{crypto, error::Error};

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// The visual editor, if it could be built: see `build/editor.rs`.
#[derive(RustEmbed)]
#[folder = "$OUT_DIR/built/"]
struct Built;

fn find(name: &str) -> Option<EmbeddedFile> {
    Files::get(name).or_else(|| Built::get(name))
}

/// What `build/main.rs` compressed: each file as it was, and its encodings.
static ENCODED: &[(&[u8], Encoded)] = include!(concat!(env!("OUT_DIR"), "/encoded.rs"));

pub(crate) const PREFIX: &str = "/static/";

typed_path!("/static/{hash}/{*name}" AssetPath { hash: String, name: String });

/// The path of a file: `/static/1f2e3d4c/site.css`. A file that does not exist gets one that answers 404.
#[must_use]
pub fn path(name: &str) -> String {
    let hash = match (find(name), name.rsplit_once('/')) {
        (None, _) => "missing".to_owned(),
        (Some(file), None) => hash(&file)[..LENGTH].to_owned(),
        (Some(_), Some((directory, _))) => directory_hash(directory),
    };
    format!("{PREFIX}{hash}/{name}")
}

/// How many characters of a hash a path has.
const LENGTH: usize = 16;

fn hash(file: &EmbeddedFile) -> String {
    HEXLOWER.encode(&file.metadata.sha256_hash())
}

fn directory_hash(directory: &str) -> String {
    let inside = |name: &str| name.rsplit_once('/').is_some_and(|(found, _)| found == directory);
    let mut names: Vec<_> = Files::iter().chain(Built::iter()).filter(|name| inside(name)).collect();
    names.sort_unstable();
    let hashes = names.iter().filter_map(|name| Some(format!("{name} {}\n", hash(&find(name)?))));
    crypto::hash(&hashes.collect::<String>())[..LENGTH].to_owned()
}

/// Whether there is a file of this name; the visual editor is not in every build.
#[must_use]
pub(crate) fn has(name: &str) -> bool {
    find(name).is_some()
}

/// Whether there is a file at this path, under whatever hash.
#[must_use]
pub(crate) fn exists(path: &str) -> bool {
    let name = path.strip_prefix(PREFIX).and_then(|rest| rest.split_once('/'));
    name.is_some_and(|(_, name)| has(name))
}

/// Serves a file under its present path, to be kept for ever. Under an older path, or one spelled otherwise, it
/// serves the present file, not to be kept: there is no limit to such paths.
pub(crate) async fn serve(AssetPath { name, .. }: AssetPath, uri: Uri) -> Response {
    let policy = if uri.path() == path(&name) { CachePolicy::Immutable } else { CachePolicy::NoStore };
    send(&name, policy)
}

/// The present file of this name, for a path that is always the same.
pub(crate) fn at_fixed_path(name: &str) -> Response {
    send(name, CachePolicy::Hour)
}

fn send(name: &str, policy: CachePolicy) -> Response {
    let Some(file) = find(name) else { return Error::NotFound.into_response() };
    let kind =
        HeaderValue::from_str(&content_type(&file)).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    // Not for a file that was edited since the build.
    let encoded = ENCODED.iter().find(|(plain, _)| *plain == &*file.data).map(|(_, encoded)| *encoded);
    let mut response = (policy, [(header::CONTENT_TYPE, kind)], file.data).into_response();
    if let Some(encoded) = encoded {
        response.extensions_mut().insert(encoded);
    }
    response
}

/// Any other method than GET and HEAD.
pub(crate) async fn refuse(AssetPath { name, .. }: AssetPath) -> Response {
    if !has(&name) {
        return Error::NotFound.into_response();
    }
    (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response()
}

fn content_type(file: &EmbeddedFile) -> String {
    let kind = file.metadata.mimetype();
    let is_text = kind.starts_with("text/") || kind == "image/svg+xml";
    if is_text { format!("{kind}; charset=utf-8") } else { kind.to_owned() }
}
