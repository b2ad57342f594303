//! What `OPTIONS` gets (RFC 9110, 9.3.7): the methods of a path, in one place for all routes. A route refuses it like any method
//! that it does not take, with the methods that it does.

use axum::{
    extract::Request,
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// The layer that makes 204 of 405 where `OPTIONS` was asked. The router adds the methods, unless the handler has named them.
pub(crate) async fn answer(request: Request, next: Next) -> Response {
    let is_asked = *request.method() == Method::OPTIONS;
    let mut response = next.run(request).await;
    if !is_asked || response.status() != StatusCode::METHOD_NOT_ALLOWED {
        return response;
    }
    let mut answer = StatusCode::NO_CONTENT.into_response();
    if let Some(methods) = response.headers_mut().remove(header::ALLOW) {
        answer.headers_mut().insert(header::ALLOW, methods);
    }
    answer
}
