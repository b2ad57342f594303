//! The files of the media library, by their content: streamed from where they lie, whole or in part, and kept by browsers for
//! ever. Such an address is not to be guessed, so nothing is public before a page shows it.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    error::{Error, Result},
    media_files::file_kind::FileKind,
    model::media::served::{self, ServedFile},
    render::site_paths::MediaFilePath,
    state::app_state::App,
    text::media_path::{self, PREFIX},
    web::{
        cache::range::{self, RequestedRange},
        cache_policy::CachePolicy,
        conditions::{self, Verdict},
        security_headers::FILE_POLICY,
    },
};

pub(crate) async fn show(
    MediaFilePath { name, key }: MediaFilePath,
    State(app): State<App>,
    method: Method,
    asked: HeaderMap,
) -> Result<Response> {
    let path = format!("{PREFIX}{name}");
    let found = if media_path::is_key(&key) { served::find(app.read(), &path, &key).await? } else { None };
    let file = found.ok_or(Error::NotFound)?;
    let tag = HeaderValue::from_str(&format!("\"{}\"", file.hash)).map_err(|error| Error::internal("a tag", error))?;
    let mut response = match conditions::judge(&method, &asked, Some(&tag)) {
        Verdict::Failed => StatusCode::PRECONDITION_FAILED.into_response(),
        Verdict::Unchanged => StatusCode::NOT_MODIFIED.into_response(),
        Verdict::Go => {
            let length = usize::try_from(file.bytes).unwrap_or_default();
            send(&app, &file, &method, (range::requested(&method, &asked, &tag, length), length)).await?
        }
    };
    if response.status() != StatusCode::RANGE_NOT_SATISFIABLE {
        response.extensions_mut().insert(CachePolicy::Immutable);
    }
    let headers = response.headers_mut();
    headers.insert(header::ETAG, tag);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if response.status() == StatusCode::OK || response.status() == StatusCode::PARTIAL_CONTENT {
        describe(response.headers_mut(), &file, &name)?;
    }
    Ok(response)
}

async fn send(
    app: &App,
    file: &ServedFile,
    method: &Method,
    (range, length): (RequestedRange, usize),
) -> Result<Response> {
    let (status, part) = match range {
        RequestedRange::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
        RequestedRange::Whole => (StatusCode::OK, 0..length),
        RequestedRange::Unsatisfiable => return Ok(StatusCode::RANGE_NOT_SATISFIABLE.into_response()),
    };
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        let stream = app.media.open(&file.hash, part.start as u64..part.end as u64).await;
        Body::from_stream(stream.inspect_err(|error| {
            app.fault_log.tell("a file of the media library is missing or cannot be read", error);
        })?)
    };
    let mut response = (status, [(header::CONTENT_LENGTH, part.len().to_string())], body).into_response();
    if status == StatusCode::PARTIAL_CONTENT {
        response.headers_mut().insert(header::CONTENT_RANGE, range::describe(&part, length)?);
    }
    Ok(response)
}

/// What kind of file it is, and how browsers have to treat it: a picture is shown, anything else is saved and runs nowhere.
fn describe(headers: &mut HeaderMap, file: &ServedFile, name: &str) -> Result<()> {
    let value = |text: &str| HeaderValue::from_str(text).map_err(|error| Error::internal("a header", error));
    let how = if file.is_picture { "inline" } else { "attachment" };
    // A name in the library has no quotation marks.
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let extension = FileKind::of_content_type(&file.content_type).map_or("bin", FileKind::extension);
    headers.insert(header::CONTENT_TYPE, value(&file.content_type)?);
    headers.insert(header::CONTENT_DISPOSITION, value(&format!("{how}; filename=\"{stem}.{extension}\""))?);
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FILE_POLICY));
    Ok(())
}
