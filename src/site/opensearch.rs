//! `opensearch.xml`: how a browser searches the site from its address bar.

use axum::{
    Extension,
    extract::State,
    http::header,
    response::{Html, IntoResponse, Response},
};
use serde::Serialize;

use crate::{
    error::Result,
    render::site_paths::{FaviconPath, OpenSearchPath, SearchPath},
    state::app_state::App,
    text::xml,
    web::{cache::key_params::CacheKeyParams, cache_policy::CachePolicy},
};

const NAMESPACE: &str = "http://a9.com/-/spec/opensearch/1.1/";
/// Most characters of the name that a browser shows, as the format has it.
const SHORT_NAME: usize = 16;

#[derive(Serialize)]
struct OpenSearchView {
    namespace: &'static str,
    name: String,
    long_name: String,
    description: String,
    language: String,
    icon: String,
    search: String,
    own: String,
}

pub(crate) async fn show(_: OpenSearchPath, State(app): State<App>) -> Result<Response> {
    let common = app.nav_cache.site_context(app.read()).await?;
    let (settings, origin) = (&common.settings, app.config.origin());
    let name = xml::allowed(&settings.site_name);
    let short: String = name.chars().take(SHORT_NAME).collect();
    let view = OpenSearchView {
        namespace: NAMESPACE,
        name: short.trim_end().to_owned(),
        long_name: name.chars().take(3 * SHORT_NAME).collect(),
        description: if settings.tagline.is_empty() { name } else { xml::allowed(&settings.tagline) },
        language: settings.language.clone(),
        icon: format!("{origin}{FaviconPath}"),
        search: format!("{origin}{SearchPath}"),
        own: format!("{origin}{OpenSearchPath}"),
    };
    let Html(text) = app.templates.render("site/opensearch.xml", &view)?;
    let headers = [(header::CONTENT_TYPE, "application/opensearchdescription+xml; charset=utf-8")];
    Ok((CachePolicy::Page, Extension(CacheKeyParams(&[])), headers, text).into_response())
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("site/opensearch.xml", crate::state::template_samples::view::<OpenSearchView>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    OpenSearchView { namespace, name, long_name, description, language, icon, search, own }
}
