//! The mark of a form with files, which is before the files: read without them.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, header},
};
use tokio_stream::StreamExt;

use super::{SUBMISSION_FIELD, user_of};

/// How much of a body is looked through.
const BEGINNING: usize = 4096;

/// Whether a request is a form with files.
#[must_use]
pub(crate) fn is_with_files(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"))
}

/// The user for whom a form with files was drawn, none when it does not say; and the request, whole as it was.
pub(crate) async fn drawn_for(request: Request) -> (Option<i64>, Request) {
    let (parts, body) = request.into_parts();
    let mut rest = body.into_data_stream();
    let (mut read, mut beginning) = (Vec::new(), Vec::new());
    while beginning.len() < BEGINNING && find_mark(&beginning).is_none() {
        let Some(piece) = rest.next().await else { break };
        let Ok(bytes) = &piece else {
            read.push(piece);
            break;
        };
        beginning.extend_from_slice(&bytes[..bytes.len().min(BEGINNING - beginning.len())]);
        read.push(piece);
    }
    let body = Body::from_stream(tokio_stream::iter(read).chain(rest));
    (find_mark(&beginning).and_then(user_of), Request::from_parts(parts, body))
}

/// The value of the first part, if it is the mark.
fn find_mark(body: &[u8]) -> Option<&[u8]> {
    let (head, rest) = split(body, b"\r\n\r\n")?;
    let name = format!("name=\"{SUBMISSION_FIELD}\"");
    split(head, name.as_bytes())?;
    Some(split(rest, b"\r\n")?.0)
}

fn split<'a>(bytes: &'a [u8], at: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let begin = bytes.windows(at.len()).position(|window| window == at)?;
    Some((&bytes[..begin], &bytes[begin + at.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_mark_is_found_in_any_pieces_and_the_body_stays_whole() {
        let field = "--edge\r\nContent-Disposition: form-data; name=\"submission\"\r\n\r\nx.42\r\n--edge\r\n";
        let file = format!("Content-Disposition: form-data; name=\"files\"\r\n\r\n{}", "x".repeat(10_000));
        let before = format!("--edge\r\n{file}\r\n{field}");
        for (text, user) in [(format!("{field}{file}"), Some(42)), (before, None), (field.replace(".42", ""), None)] {
            for size in [1, 7, 5000, 100_000] {
                let pieces: Vec<_> =
                    text.as_bytes().chunks(size).map(|piece| Ok::<_, axum::Error>(piece.to_vec())).collect();
                let body = Body::from_stream(tokio_stream::iter(pieces));
                let (found, request) = drawn_for(Request::new(body)).await;
                assert_eq!(found, user, "{size}");
                assert!(axum::body::to_bytes(request.into_body(), usize::MAX).await.unwrap() == text.as_bytes());
            }
        }
    }
}
