//! The paths that the site answers itself, beside those of its pages. The admin area needs them too, to know that a link to
//! one leads somewhere.

pub(crate) const HEALTH: &str = "/healthz";
pub(crate) const READINESS: &str = "/readyz";
pub(crate) const ROBOTS: &str = "/robots.txt";
pub(crate) const SEARCH: &str = "/search";
pub(crate) const SUGGEST: &str = "/search/suggest";
pub(crate) const SITEMAP: &str = "/sitemap.xml";
/// Parts of the site map, and pages whose path begins like one.
pub(crate) const SITEMAP_PART: &str = "/sitemap-{name}";
/// One version for someone who has a link to it.
pub(crate) const PREVIEW: &str = "/preview/revision/{token}";
pub(crate) const VERSIONS: &str = "/versions/{document}";
pub(crate) const VERSION: &str = "/versions/{document}/{version}";
pub(crate) const CHANGES: &str = "/versions/{document}/{version}/since/{earlier}";
pub(crate) const FRONT_PAGE: &str = "/";
pub(crate) const PAGE: &str = "/{*path}";

/// What a text may link to.
const LINKED: [&str; 5] = [HEALTH, READINESS, ROBOTS, SEARCH, SITEMAP];

/// Whether the site answers at this path itself.
#[must_use]
pub(crate) fn is_own(path: &str) -> bool {
    let part = SITEMAP_PART.trim_end_matches("{name}");
    let is_part = || path.strip_prefix(part).and_then(|name| name.strip_suffix(".xml")).is_some();
    LINKED.contains(&path) || is_part()
}
