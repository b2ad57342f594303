//! How long a response may be kept, in memory here, in browsers and in caches before us. A handler names the policy, and one
//! layer writes it as `Cache-Control`.

use std::convert::Infallible;

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::{IntoResponseParts, Response, ResponseParts},
};

/// A handler puts it into its response, as a part or as an extension. Without one, nothing is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CachePolicy {
    /// A public page. A browser asks each time and mostly gets 304. A shared cache may keep it for ten seconds, and show it
    /// for a minute more while it asks: changes can be that late behind a proxy of your own.
    Page,
    Immutable,
    Hour,
    /// May be kept, but not used without asking.
    Revalidate,
    /// Made for one user, or true at this moment only.
    NoStore,
}

impl CachePolicy {
    #[must_use]
    pub(crate) const fn value(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Page => "public, max-age=0, s-maxage=10, stale-while-revalidate=60",
            Self::Immutable => "public, max-age=31536000, immutable",
            Self::Hour => "public, max-age=3600",
            Self::Revalidate => "no-cache",
            Self::NoStore => "no-store",
        })
    }

    /// Writes it where no layer does.
    pub(crate) fn add_to(self, headers: &mut HeaderMap) {
        headers.insert(header::CACHE_CONTROL, self.value());
    }

    #[must_use]
    pub(crate) fn of<B>(response: &axum::http::Response<B>) -> Self {
        response.extensions().get().copied().unwrap_or(Self::NoStore)
    }
}

impl IntoResponseParts for CachePolicy {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        parts.extensions_mut().insert(self);
        Ok(parts)
    }
}

pub(crate) async fn write(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    debug_assert!(!response.headers().contains_key(header::CACHE_CONTROL), "a handler names a CachePolicy instead");
    let policy = CachePolicy::of(&response);
    policy.add_to(response.headers_mut());
    response
}
