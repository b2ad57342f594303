//! From an error to a bare response: status, and the cause as an extension. Logs nothing and draws nothing;
//! the layer in `render::error_page` does both, once.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::security_log::{self, EventKind};
use crate::error::Error;

/// Said when a request failed because of the storage.
const STORAGE: &str = "The storage of this site does not work at the moment, so nothing was changed. \
    Try again in a minute.";

/// When to try again after that, in seconds.
const STORAGE_RETRY: u64 = 60;

/// Said when the storage cannot work again by itself.
const LOST: &str = "The storage of this site is not where it was, so nothing was changed, and nothing can be changed \
    until the operators of the server have put it right. Tell them, and keep a copy of what you typed.";

/// Travels with the response to the layer that draws the error page.
#[derive(Debug, Clone)]
pub(crate) struct ErrorInfo {
    /// A sentence for the user; empty for the usual one of the status.
    pub(crate) message: String,
    /// For the log only.
    pub(crate) cause: Option<String>,
}

/// Marks an error response that is complete and needs no page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Complete;

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, message, cause) = match &self {
            Self::NotFound => (StatusCode::NOT_FOUND, String::new(), None),
            Self::Gone => (StatusCode::GONE, String::new(), None),
            Self::Forbidden => (StatusCode::FORBIDDEN, String::new(), None),
            Self::Conflict(message) => (StatusCode::CONFLICT, message.clone(), None),
            Self::AccountChanged => (StatusCode::CONFLICT, self.to_string(), None),
            Self::BadRequest(message) => (StatusCode::BAD_REQUEST, message.clone(), None),
            Self::Busy(_) => (StatusCode::SERVICE_UNAVAILABLE, String::new(), None),
            Self::Uncertain => (StatusCode::SERVICE_UNAVAILABLE, String::new(), Some(self.to_string())),
            Self::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, String::new(), None),
            Self::Validation(errors) => {
                let sentences: Vec<_> = errors.list.iter().map(|error| error.message.as_str()).collect();
                (StatusCode::UNPROCESSABLE_ENTITY, sentences.join(". "), None)
            }
            Self::Storage(_) => (StatusCode::SERVICE_UNAVAILABLE, STORAGE.to_owned(), Some(self.to_string())),
            Self::Lost(_) => (StatusCode::SERVICE_UNAVAILABLE, LOST.to_owned(), Some(self.to_string())),
            Self::Database(_) | Self::Internal(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, String::new(), Some(self.to_string()))
            }
        };
        let mut response = status.into_response();
        let retry = match self {
            Self::TooMany(seconds) | Self::Busy(seconds) => Some(seconds),
            Self::Storage(_) | Self::Lost(_) => Some(STORAGE_RETRY),
            _ => None,
        };
        if let Some(seconds) = retry {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(ErrorInfo { message, cause });
        if matches!(self, Self::Busy(_)) { security_log::attach(response, EventKind::Busy, None) } else { response }
    }
}
