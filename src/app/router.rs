//! All routes and all layers. The first layer in the list sees a request first.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::any,
};
use axum_extra::routing::TypedPath;
use tower::ServiceBuilder;
use tower_http::{catch_panic::CatchPanicLayer, csrf::CsrfLayer};

use super::due;
use crate::{
    admin::{
        self,
        paths::{AddressLinkPath, DashboardPath, InvitationPath, SetupPath, UnknownPath, UnsubscribePath},
        shared::{
            kept_page,
            routes::{Route, Routes},
            sessions, submission,
        },
    },
    error::Error,
    model::policy::Action,
    render::{
        error_page::{self, ErrorPages},
        site_paths::{
            FrontPagePath, HealthPath, MEDIA_BASE, PreviewPath, ReadinessPath, SitePagePath, SitemapPartPath,
        },
    },
    site,
    state::app_state::App,
    web::{
        access_log,
        assets::{self, AssetPath},
        cache::cached_router::{CacheRules, CachedRouter},
        cache_policy, compress, conditions, host, options, origin, proxies,
        request_context::{self, SecretPaths},
        security_headers, security_log,
        time_limit::{self, TimeLimits},
    },
};

/// What the cache has to know of the routes below, and how long a request waits for a page that another one makes.
const CACHE: CacheRules = CacheRules {
    // Files are streamed.
    uncached: &[DashboardPath::PATH, HealthPath::PATH, ReadinessPath::PATH, MEDIA_BASE],
    health: &[HealthPath::PATH, ReadinessPath::PATH],
    wait: Duration::from_secs(5),
};

/// Paths with a token, which the log leaves out.
const SECRET: SecretPaths = SecretPaths(&[
    SetupPath::PATH,
    InvitationPath::PATH,
    UnsubscribePath::PATH,
    AddressLinkPath::PATH,
    PreviewPath::PATH,
]);

/// How long a request may take, body included.
const TIME: Duration = Duration::from_secs(30);
/// The same where files or long lists are sent.
const LONG_TIME: Duration = Duration::from_mins(10);
/// How much longer the error page about that may take.
const ERROR_TIME: Duration = Duration::from_secs(5);

/// The table of all routes and the service that answers them.
/// Errors: a sentence when the public address cannot be used for the origin check.
pub fn build(app: &App) -> Result<(Vec<Route>, CachedRouter), String> {
    let (mut table, public) = public_routes(app).finish();
    let (admin_table, admin) = admin::routes(Routes::new(app)).finish();
    table.extend(admin_table);
    // Unlike a fallback, `any` leaves the header `Allow` to the handler.
    let other = || any(site::methods::other);
    let public = public.route(FrontPagePath::PATH, other()).route(SitePagePath::PATH, other());
    let public =
        public.route(SitemapPartPath::PATH, any(site::sitemap::other)).route(AssetPath::PATH, any(assets::refuse));
    let public =
        public.layer(from_fn_with_state((app.clone(), CACHE.health), due::before)).layer(from_fn(compress::compress));
    let admin = admin
        .route(UnknownPath::PATH, any(admin::unknown::other))
        .layer(sessions::layer(app.clone()))
        .layer(from_fn(submission::finish));
    let own_origin = app.config.is_https().then(|| Arc::<str>::from(app.config.origin()));
    let csrf = CsrfLayer::new().add_trusted_origin(app.config.origin()).map_err(|error| error.to_string())?;
    let security = security_headers::Security { https: app.config.is_https() };
    let long_routes = table.iter().filter(|route| route.takes_much).map(|route| route.path).collect();
    let time = TimeLimits { usual: TIME, long: LONG_TIME, long_routes };
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(app.proxies.clone(), proxies::identify))
        .layer(from_fn_with_state(SECRET, request_context::set))
        .layer(from_fn_with_state(app.request_counts.clone(), access_log::write))
        .layer(from_fn_with_state(security, security_headers::secure))
        .layer(from_fn(cache_policy::write))
        // For the time that the error page itself takes.
        .layer(from_fn_with_state(time.and(ERROR_TIME), time_limit::apply))
        .layer(from_fn_with_state(ErrorPages { app: app.clone(), admin: DashboardPath::PATH }, error_page::draw))
        .layer(from_fn_with_state(app.clone(), kept_page::draw))
        .layer(from_fn_with_state(app.security_log.clone(), security_log::watch))
        .layer(CatchPanicLayer::custom(panic_response))
        .layer(from_fn_with_state(hosts(app), host::check))
        .layer(from_fn_with_state(time, time_limit::apply))
        .layer(from_fn_with_state(own_origin, origin::check))
        .layer(csrf)
        .layer(from_fn(conditions::check))
        .layer(from_fn(options::answer));
    let router = Router::new().merge(public).merge(admin).layer(layers).with_state(app.clone());
    Ok((table, CachedRouter::new(router, app.pages.clone(), hosts(app), security, CACHE)))
}

fn public_routes(app: &App) -> Routes {
    Routes::new(app)
        .get(Action::Read, site::health::alive)
        .get(Action::Read, site::health::ready)
        .get(Action::Read, site::robots::show)
        .get(Action::Read, site::sitemap::show)
        .get(Action::Read, site::sitemap::show_named)
        .get(Action::Read, site::feed::show)
        .get(Action::Read, site::llms::show)
        .get(Action::Read, site::api::version::show)
        .get(Action::Read, site::api::documents::index)
        .get(Action::Read, site::api::document::show)
        .get(Action::Read, site::api::search::index)
        .get(Action::Read, site::api::openapi::show)
        .get(Action::Read, site::opensearch::show)
        .get(Action::Read, site::identity::favicon)
        .get(Action::Read, site::identity::touch_icon)
        .get(Action::Read, site::identity::manifest)
        .get(Action::Read, site::security_txt::show)
        .post(Action::SendMessage, site::contact::create::<SitemapPartPath>)
        .get(Action::Read, site::search::index)
        .get(Action::Read, site::search::suggest)
        .get(Action::Read, site::preview::show)
        .get(Action::Read, site::versions::index)
        .get(Action::Read, site::versions::show)
        .get(Action::Read, site::versions::changes)
        .get(Action::Read, assets::serve)
        .get(Action::Read, site::media::show)
        .get(Action::Read, site::page::show::<FrontPagePath>)
        .get(Action::Read, site::page::show::<SitePagePath>)
        .post(Action::SendMessage, site::contact::create::<FrontPagePath>)
        .post(Action::SendMessage, site::contact::create::<SitePagePath>)
}

fn hosts(app: &App) -> host::Hosts {
    let public = app.config.public_url.as_ref().map_or_else(
        || app.config.reachable().to_string(),
        |url| match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (host, _) => host.unwrap_or_default().to_owned(),
        },
    );
    let loopback = app.config.public_url.is_none() || host::is_loopback(&public);
    let own_port = if app.config.is_https() { ":443" } else { ":80" };
    let refusal = match app.config.public_url {
        Some(_) => String::new(),
        None => format!(
            "The portal answers at {} only. To use another address, set PLINTH_PUBLIC_URL to it.",
            app.config.origin()
        ),
    };
    host::Hosts { public: public.to_lowercase().into(), own_port, loopback, refusal: refusal.into() }
}

#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
fn panic_response(panic: Box<dyn std::any::Any + Send>) -> Response {
    let what = panic.downcast_ref::<String>().cloned();
    let what = what.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    Error::internal("panic", what.unwrap_or_default()).into_response()
}
