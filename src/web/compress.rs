//! The layer that compresses what is not cached: pages that are made for one request. Cached responses have their
//! encodings already.

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body::Body as _;

use super::{
    cache::{
        compressible::{COMPRESSIBLE, is_text},
        encoding::{CompressionEffort, Encoding, accept_encoding},
    },
    vary,
};
use crate::work;

/// Longer bodies are sent as they are.
const LONGEST: usize = 4 * 1024 * 1024;

pub(crate) async fn compress(request: Request, next: Next) -> Response {
    let accepted = accept_encoding(request.headers()).map(std::borrow::Cow::into_owned);
    let is_head = request.method() == Method::HEAD;
    let mut response = next.run(request).await;
    if response.status() != StatusCode::OK {
        return response;
    }
    vary::add(response.headers_mut(), &header::ACCEPT_ENCODING);
    let Some(accepted) = accepted else { return response };
    let Some(encoding) = Encoding::negotiate(&accepted) else { return StatusCode::NOT_ACCEPTABLE.into_response() };
    let Some(token) = encoding.token().filter(|_| gains(&response)) else { return response };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
    headers.remove(header::CONTENT_LENGTH);
    if is_head {
        return response;
    }
    let (parts, body) = response.into_parts();
    match to_bytes(body, LONGEST).await {
        Ok(body) => {
            let encoded = work::blocking_if_large(body.len(), || encoding.encode(&body, CompressionEffort::Least));
            Response::from_parts(parts, Body::from(encoded))
        }
        Err(error) => crate::error::Error::internal("a body", error).into_response(),
    }
}

/// Whether compression makes it noticeably smaller. The answer to a HEAD has only a length.
fn gains(response: &Response) -> bool {
    let stated = response.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let length = response.body().size_hint().exact().filter(|length| *length > 0).or(stated).unwrap_or(0);
    (COMPRESSIBLE as u64..=LONGEST as u64).contains(&length) && is_text(response.headers())
}
