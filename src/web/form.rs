//! Reads a form's body into a struct; axum's own form has no lists and no limit of fields. What cannot be read is the
//! sender's fault: 400, never 500.

use axum::{
    extract::{FromRequest, RawForm, Request},
    response::{IntoResponse, Response},
};
use serde::de::DeserializeOwned;

use crate::error::Error;

/// Most fields that are read. A document may have lists of a hundred rows with eight parts each.
const FIELDS: usize = 4_000;

/// The fields of an `application/x-www-form-urlencoded` body. Unknown fields are ignored; lists are allowed.
#[derive(Debug)]
pub(crate) struct Form<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let RawForm(bytes) = RawForm::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        read(&bytes).map(Self).map_err(IntoResponse::into_response)
    }
}

/// The fields of a form's body. Invalid UTF-8 becomes U+FFFD rather than an error.
/// `BadRequest` when there are more fields than any form has, or when a field comes twice where one is expected, or is of
/// the wrong kind.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    // Counted before parsing: a field takes two bytes to send and a hundred to keep.
    if bytes.split(|byte| *byte == b'&').nth(FIELDS).is_some() {
        return Err(Error::BadRequest("There are more fields in this than in any form here.".to_owned()));
    }
    serde_html_form::from_bytes(bytes)
        .map_err(|_| Error::BadRequest("The form could not be read. Go back and send it again.".to_owned()))
}
