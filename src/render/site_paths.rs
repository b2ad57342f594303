//! The typed path of every route of the site, beside those of its files and of the admin area: handlers take it, and links are
//! built from it. The admin area needs them too, to know that a link to one leads somewhere. Knows no handler.

use std::fmt::{self, Display};

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use axum_extra::routing::TypedPath;
use serde::Deserialize;

use super::{document_number::DocumentNumber, page_file::PageFile};
use crate::{
    error::Error,
    model::page::path::{HOME, HOME_NAME},
    web::path::typed_path,
};

// For monitoring, robots and search engines
typed_path!("/healthz" HealthPath);
typed_path!("/readyz" ReadinessPath);
typed_path!("/robots.txt" RobotsPath);
typed_path!("/sitemap.xml" SitemapPath);
typed_path!("/feed.xml" FeedPath);
typed_path!("/llms.txt" LlmsPath);
typed_path!("/opensearch.xml" OpenSearchPath);

// For browsers and systems that show the site among others
typed_path!("/favicon.ico" FaviconPath);
typed_path!("/apple-touch-icon.png" TouchIconPath);
typed_path!("/site.webmanifest" ManifestPath);
typed_path!("/.well-known/security.txt" SecurityTxtPath);

// For programs
/// What all of these are below.
pub(crate) const API_BASE: &str = "/api/v1";
typed_path!("/api/v1/version" ApiVersionPath);
typed_path!("/api/v1/documents" ApiDocumentsPath);
typed_path!("/api/v1/documents/{*path}" ApiDocumentPath { path: String });
typed_path!("/api/v1/search" ApiSearchPath);
typed_path!("/api/v1/openapi.json" OpenApiPath);

impl ApiDocumentPath {
    /// Where the page at a path is as a document.
    pub(crate) fn of(page: &str) -> String {
        let path = if page == HOME { HOME_NAME } else { page.trim_start_matches('/') };
        format!("{ApiDocumentsPath}/{path}")
    }

    /// The path of the page.
    pub(crate) fn page(&self) -> String {
        if self.path == HOME_NAME { HOME.to_owned() } else { format!("/{}", self.path) }
    }
}

// Search
typed_path!("/search" SearchPath);
typed_path!("/search/suggest" SuggestPath);

// Versions
typed_path!("/preview/revision/{token}" PreviewPath { token: String });
typed_path!("/versions/{document}" VersionsPath { document: DocumentNumber });
typed_path!("/versions/{document}/{version}" VersionPath { document: DocumentNumber, version: i64 });
typed_path!("/versions/{document}/{version}/since/{earlier}" ChangesPath {
    document: DocumentNumber, version: i64, earlier: i64
});

// Files of the media library: by the name that texts have, and by their content
typed_path!("/media/{name}" MediaPath { name: String });
typed_path!("/media/{name}/{key}" MediaFilePath { name: String, key: String });

/// The beginning of both.
pub(crate) const MEDIA_BASE: &str = "/media";

// Pages
typed_path!("/" FrontPagePath);
typed_path!("/{*path}" SitePagePath { path: String });

/// A part of the site map, or a page whose path begins like one. Written by hand, because the parameter is not the whole of
/// its segment.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct SitemapPartPath {
    pub(crate) name: String,
}

/// What the path of a part begins with.
const SITEMAP_PART: &str = "/sitemap-";

impl TypedPath for SitemapPartPath {
    const PATH: &'static str = "/sitemap-{name}";
}

impl Display for SitemapPartPath {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{SITEMAP_PART}{}", self.name)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SitemapPartPath {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Path(path) = Path::from_request_parts(parts, state).await?;
        Ok(path)
    }
}

/// What a text may link to.
const LINKED: [&str; 15] = [
    ApiDocumentsPath::PATH,
    ApiVersionPath::PATH,
    FaviconPath::PATH,
    FeedPath::PATH,
    HealthPath::PATH,
    LlmsPath::PATH,
    ManifestPath::PATH,
    OpenApiPath::PATH,
    OpenSearchPath::PATH,
    ReadinessPath::PATH,
    RobotsPath::PATH,
    SearchPath::PATH,
    SecurityTxtPath::PATH,
    SitemapPath::PATH,
    TouchIconPath::PATH,
];

/// Whether the site answers at this path itself.
#[must_use]
pub(crate) fn is_own(path: &str) -> bool {
    let part = || path.strip_prefix(SITEMAP_PART).and_then(|name| name.strip_suffix(".xml"));
    LINKED.contains(&path) || part().is_some() || PageFile::split(path).is_some()
}
