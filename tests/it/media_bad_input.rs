//! What may arrive at the media library and must not stay there.

use std::path::PathBuf;

use axum::{
    body::Body,
    http::{Method, header},
};
use image::ImageFormat;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{
    harness::TestApp,
    media::{files_in_store, form, pdf, picture, upload},
};

/// A PNG of a few bytes that says it is as large as this.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = picture(2, 2, ImageFormat::Png);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc32fast::hash(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_with_a_sentence_and_leaves_nothing() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let jpeg = picture(400, 300, ImageFormat::Jpeg);
    let mut broken = picture(400, 300, ImageFormat::Png);
    broken.truncate(broken.len() / 2);
    let svg = b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
    for (name, bytes, why) in [
        ("drawing.svg", &svg[..], "“drawing.svg” is an SVG drawing"),
        ("photo.jpg", b"<html><script>alert(1)</script>", "“photo.jpg” is none of what can be added"),
        ("half.jpg", &jpeg[..jpeg.len() / 2], "“half.jpg” is not whole"),
        ("half.png", &broken, "“half.png” is damaged"),
        ("bomb.png", &bomb(60_000, 60_000), "“bomb.png” is too large"),
        ("wide.png", &bomb(15_000, 15_000), "is too large: 15000 × 15000 pixels"),
        ("empty.pdf", b"", "“empty.pdf” is empty"),
        ("run.exe", b"MZ\x90\0", "is none of what can be added"),
        ("macro.docx", b"PK\x03\x04 [Content_Types].xml word/document.xml word/vbaProject.bin", "holds macros"),
    ] {
        upload(&editor, &[(name, bytes)]).await.is(422).says(why).says("There is a problem");
        assert_eq!(files_in_store(&app), Vec::<PathBuf>::new(), "{name}");
    }
    upload(&editor, &[]).await.is(422).says("Choose a file");
    editor.post("/admin/media/new", &[("files", "x")]).await.is(400);
    editor.get("/admin/media").await.says("There are no pictures and no files yet");

    // One that is refused does not keep the others out.
    let screen = upload(&editor, &[("a.pdf", &pdf("a")), ("b.svg", svg)]).await.is(422);
    screen.says("These are in the library now:").says("“b.svg” is an SVG drawing");
    editor.get("/admin/media").await.says("/media/a.pdf");
}

#[tokio::test]
async fn a_name_decides_nothing() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let png = picture(30, 20, ImageFormat::Png);
    for (number, name) in
        ["../../plinth.db", "a\"b\r\nset-cookie: x.png", "C:\\fakepath\\<b>.png", ""].iter().enumerate()
    {
        let mut bytes = png.clone();
        // Behind its end, so that each is another file.
        bytes.push(u8::try_from(number).unwrap());
        upload(&editor, &[(name, &bytes), (name, &pdf(name))]).await;
    }
    let list = editor.get("/admin/media").await.is(200);
    assert!(!list.text.contains("<b>"), "{}", list.text);
    for path in files_in_store(&app) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(name.len() == 64 && name.bytes().all(|b| b.is_ascii_hexdigit()), "{name}");
    }
    assert!(app.data.path().join("plinth.db").exists() || crate::postgres::is_engine());
    let thing = upload(&editor, &[("photo.jpg", &picture(31, 20, ImageFormat::Png))]).await.is(303).location();
    editor.get(&thing).await.says("“photo.jpg” is a PNG, whatever its name says.").says("/media/photo.png");
}

#[tokio::test]
async fn what_is_too_large_or_cut_off_leaves_nothing() {
    let app = TestApp::with(&["--upload-limit", "1"]).await;
    let editor = app.editor().await;
    let large = vec![b'x'; 1_060_000];
    let reply = upload(&editor, &[("a.pdf", &pdf("a")), ("large.pdf", &large)]).await.is(422);
    reply.says("Nothing was added: the files are larger than 1 MB together");
    // Without a length that says so at once.
    let (kind, body) = form(&[("a.pdf", &pdf("a")), ("large.pdf", &large)]);
    let pieces = body.chunks(50_000).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect::<Vec<_>>();
    let request = editor
        .request(Method::POST, "/admin/media/new")
        .header(header::CONTENT_TYPE, &kind)
        .header("sec-fetch-site", "same-origin")
        .body(Body::from_stream(tokio_stream::iter(pieces)))
        .unwrap();
    app.respond(request).await.is(422).says("larger than 1 MB");
    assert_eq!(files_in_store(&app), Vec::<PathBuf>::new());

    // A form that ends in the middle.
    let (kind, body) = form(&[("a.pdf", &pdf("a")), ("b.pdf", &vec![b'x'; 300_000])]);
    let cut = body[..200_000].to_vec();
    let request = editor
        .request(Method::POST, "/admin/media/new")
        .header(header::CONTENT_TYPE, &kind)
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(cut))
        .unwrap();
    editor.send(request).await.is(400).says("did not arrive whole");
    assert_eq!(files_in_store(&app), Vec::<PathBuf>::new());
    editor.get("/admin/media").await.says("There are no pictures and no files yet");
}

#[tokio::test]
async fn only_editors_add_files_and_only_from_their_own_screens() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    upload(&visitor, &[("a.pdf", &pdf("a"))]).await.is(303);
    let (kind, body) = form(&[("a.pdf", &pdf("a"))]);
    let foreign = editor
        .request(Method::POST, "/admin/media/new")
        .header(header::CONTENT_TYPE, kind)
        .header("sec-fetch-site", "cross-site")
        .header(header::ORIGIN, "https://evil.example")
        .body(Body::from(body))
        .unwrap();
    editor.send(foreign).await.is(403);
    assert_eq!(files_in_store(&app), Vec::<PathBuf>::new());
    editor.get("/admin/media").await.says("There are no pictures and no files yet");
}

#[tokio::test]
async fn a_hundred_files_are_taken_and_no_more() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let files: Vec<_> = (0..104).map(|number| (format!("{number}.pdf"), pdf(&number.to_string()))).collect();
    let files: Vec<_> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let screen = upload(&editor, &files).await.is(422).says("4 files were left out: at most 100 are taken at once");
    screen.says("/admin/media/100\"");
    let list = editor.get("/admin/media").await.says("/media/99.pdf").says("Older");
    let older = list.text.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    editor.get(&older).await.says("/media/59.pdf").does_not_say("/media/99.pdf");
    assert_eq!(files_in_store(&app).len(), 100);
}

#[tokio::test]
async fn a_connection_that_breaks_leaves_nothing() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let address = app.listener.address();
    let (kind, body) = form(&[("a.pdf", &pdf("a")), ("b.pdf", &vec![b'x'; 500_000])]);
    let (name, session) = editor.cookies.lock().unwrap()[0].clone();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /admin/media/new HTTP/1.1\r\nhost: {}\r\ncookie: {name}={session}\r\nsec-fetch-site: same-origin\r\n\
         content-type: {kind}\r\ncontent-length: {}\r\n\r\n",
        editor.host,
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&body[..300_000]).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    assert!(String::from_utf8_lossy(&answer).starts_with("HTTP/1.1 400 "), "{}", String::from_utf8_lossy(&answer));
    assert_eq!(files_in_store(&app), Vec::<PathBuf>::new());
    editor.get("/admin/media").await.says("There are no pictures and no files yet");
}
