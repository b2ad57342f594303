//! Where the links and pictures of a text lead: those that lead nowhere are told to the person who publishes it. Asks
//! nobody else; links to other sites are taken as good.

use std::collections::BTreeSet;

use url::Url;

use super::state::App;
use crate::{
    error::Result,
    model::{
        page::public,
        redirect::{self, Lead},
    },
    text::markdown,
    web::assets,
};

/// Addresses that one text is checked for.
const CHECKED: usize = 300;
/// Addresses that a sentence names.
const NAMED: usize = 5;
/// Addresses that the program answers itself.
const OWN: [&str; 6] = ["/search", "/robots.txt", "/sitemap.xml", "/healthz", "/readyz", "/admin"];

/// What leads nowhere, as it was typed.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Dead {
    links: Vec<String>,
    pictures: Vec<String>,
}

impl Dead {
    /// Whether everything leads somewhere.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.links.is_empty() && self.pictures.is_empty()
    }

    /// `1 link leads nowhere: /standard.`; empty when everything leads somewhere.
    #[must_use]
    pub fn sentence(&self) -> String {
        let links = told(&self.links, "link leads nowhere", "links lead nowhere");
        let pictures = told(&self.pictures, "picture is missing", "pictures are missing");
        [links, pictures].into_iter().filter(|told| !told.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

fn told(addresses: &[String], one: &str, many: &str) -> String {
    if addresses.is_empty() {
        return String::new();
    }
    let what = if addresses.len() == 1 { one } else { many };
    let named = addresses.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = match addresses.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{} {what}: {named}{more}.", addresses.len())
}

/// What leads nowhere in a text at the address `path`; the addresses in `coming` are about to be published.
///
/// # Errors
/// When the database fails.
pub async fn dead(app: &App, path: &str, text: &str, coming: &[String]) -> Result<Dead> {
    let mut dead = Dead::default();
    let Ok(base) = Url::parse(&format!("{}{path}", app.config.origin())) else { return Ok(dead) };
    let mut seen = BTreeSet::new();
    for target in app.rendering.run_large(|| markdown::targets(text)).await? {
        if seen.len() >= CHECKED || !seen.insert(target.url.clone()) {
            continue;
        }
        let Ok(url) = base.join(&target.url) else { continue };
        if url.origin() != base.origin() || leads_somewhere(app, url.path(), coming).await? {
            continue;
        }
        if target.is_picture { dead.pictures.push(target.url) } else { dead.links.push(target.url) }
    }
    Ok(dead)
}

/// Whether the program answers at this path itself. What lies below `/admin` is not looked into: it depends on the user.
fn is_own(path: &str) -> bool {
    let is_sitemap = || path.strip_prefix("/sitemap-").and_then(|name| name.strip_suffix(".xml")).is_some();
    OWN.contains(&path) || path.starts_with("/admin/") || is_sitemap()
}

async fn leads_somewhere(app: &App, path: &str, coming: &[String]) -> Result<bool> {
    if path.starts_with("/static/") {
        return Ok(assets::exists(path));
    }
    let bare = if path == "/" { path } else { path.trim_end_matches('/') };
    if is_own(bare) || coming.iter().any(|coming| coming == bare) {
        return Ok(true);
    }
    if public::at(app.read(), bare).await?.is_some() {
        return Ok(true);
    }
    Ok(matches!(redirect::follow(app.read(), bare).await?, Lead::Moved(_)))
}
