//! How files of the media library are sent: in parts, under conditions, as what they are; and what becomes of files that
//! nothing names.

use std::{fs, path::PathBuf, time::SystemTime};

use axum::{
    body::Body,
    http::{HeaderName, Method, header},
};
use image::ImageFormat;
use plinth::app::background;

use crate::{
    harness::{Reply, TestApp, TestUser},
    media::{empty_store, file_at, files_in_store, pdf, picture, upload},
    media_s3,
};

async fn ask(who: &TestUser, method: Method, path: &str, headers: &[(HeaderName, &str)]) -> Reply {
    let mut request = who.request(method, path);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    who.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_file_is_sent_whole_or_in_part() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let words = "0123456789".repeat(30_000);
    upload(&editor, &[("Annual Report.pdf", &pdf(&words))]).await.is(303);
    let path = editor.get("/media/annual-report.pdf").await.is(307).location();
    let whole = visitor.get(&path).await.is(200);
    assert_eq!(whole.text.as_bytes(), pdf(&words));
    for (name, value) in [
        ("content-type", "application/pdf"),
        ("content-disposition", "attachment; filename=\"annual-report.pdf\""),
        ("content-security-policy", "default-src 'none'; sandbox; frame-ancestors 'none'"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("accept-ranges", "bytes"),
        ("set-cookie", ""),
    ] {
        assert_eq!(whole.header(name), value, "{name}");
    }
    let length = pdf(&words).len();
    let tag = whole.header("etag").to_owned();
    let range = |range| [(header::RANGE, range)];
    let part = ask(&visitor, Method::GET, &path, &range("bytes=11-14")).await.is(206);
    assert_eq!((part.text.as_str(), part.header("content-range")), ("0123", format!("bytes 11-14/{length}").as_str()));
    let last = ask(&visitor, Method::GET, &path, &range("bytes=-6")).await.is(206);
    assert_eq!(last.text, "%%EOF\n");
    let beyond = ask(&visitor, Method::GET, &path, &range("bytes=9999999-")).await.is(416);
    assert_eq!(beyond.header("cache-control"), "no-store");
    let head = ask(&visitor, Method::HEAD, &path, &[]).await.is(200);
    assert_eq!((head.header("content-length"), head.text.as_str()), (length.to_string().as_str(), ""));

    for (name, value, status) in [
        (header::IF_NONE_MATCH, tag.as_str(), 304),
        (header::IF_NONE_MATCH, "\"other\"", 200),
        (header::IF_MATCH, tag.as_str(), 200),
        (header::IF_MATCH, "\"other\"", 412),
    ] {
        ask(&visitor, Method::GET, &path, &[(name.clone(), value)]).await.is(status);
    }
    let with = |condition| [(header::RANGE, "bytes=0-3"), (header::IF_RANGE, condition)];
    ask(&visitor, Method::GET, &path, &with(tag.as_str())).await.is(206);
    ask(&visitor, Method::GET, &path, &with("\"other\"")).await.is(200);
    let (before, key) = path.rsplit_once('/').unwrap();
    for wrong in
        [format!("{before}/{}", "0".repeat(32)), format!("/media/other.pdf/{key}"), format!("{before}/%25/{key}")]
    {
        visitor.get(&wrong).await.is(404);
    }
    visitor.post(&path, &[]).await.is(405);
}

/// In parts of its way to a service for objects.
#[tokio::test]
async fn a_large_file_arrives_whole_and_is_sent_from_any_place() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let lines: Vec<_> = (0..2_200_000).map(|number| format!("{number:08}")).collect();
    let large = pdf(&lines.join("\n"));
    upload(&editor, &[("large.pdf", &large)]).await.is(303);
    let path = editor.get("/media/large.pdf").await.is(307).location();
    assert!(visitor.get(&path).await.is(200).text.as_bytes() == large);
    for from in [0, 8 * 1024 * 1024 - 5, large.len() - 9] {
        let part = ask(&visitor, Method::GET, &path, &[(header::RANGE, &format!("bytes={from}-{}", from + 8))]).await;
        assert_eq!(part.is(206).text.as_bytes(), &large[from..from + 9]);
    }
    assert_eq!(files_in_store(&app).len(), 1);
}

#[tokio::test]
async fn a_picture_is_shown_and_a_missing_file_is_no_fault_of_the_visitor() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    upload(&editor, &[("a.png", &picture(9, 9, ImageFormat::Png))]).await.is(303);
    let path = editor.get("/media/a.png").await.is(307).location();
    let shown = app.visitor().get(&path).await.is(200);
    assert_eq!(shown.header("content-type"), "image/png");
    assert_eq!(shown.header("content-disposition"), "inline; filename=\"a.png\"");
    empty_store(&app);
    app.visitor().get(&path).await.is(404);
}

/// Pictures that move stay moving, others become what all browsers show well.
#[tokio::test]
async fn each_form_is_kept_in_one_that_fits() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let mut moving = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut moving);
    for colour in [10, 200] {
        let frame = image::RgbaImage::from_pixel(20, 10, image::Rgba([colour, 0, 0, 255]));
        encoder.encode_frame(image::Frame::new(frame)).unwrap();
    }
    drop(encoder);
    for (name, bytes, path) in [
        ("moving.gif", &moving, "/media/moving.gif"),
        ("still.gif", &picture(20, 10, ImageFormat::Gif), "/media/still.png"),
        ("photo.webp", &picture(20, 10, ImageFormat::WebP), "/media/photo.jpg"),
    ] {
        let thing = upload(&editor, &[(name, bytes)]).await.is(303).location();
        editor.get(&thing).await.says(path).says("20 × 10");
    }
    let address = editor.get("/media/moving.gif").await.location();
    let file = file_at(&app, &address);
    assert_ne!(file, moving, "it was written again");
    let decoder = image::codecs::gif::GifDecoder::new(std::io::Cursor::new(file)).unwrap();
    assert_eq!(image::AnimationDecoder::into_frames(decoder).count(), 2);
}

#[tokio::test]
async fn files_that_nothing_names_are_deleted_after_a_week() {
    if media_s3::skips("files in a folder can be made to look old") {
        return;
    }
    let app = TestApp::new().await;
    let editor = app.editor().await;
    upload(&editor, &[("a.pdf", &pdf("a"))]).await.is(303);
    let named = files_in_store(&app);
    let folder = app.data.path().join("media");
    let left = |name: &str, days: u64| {
        let path: PathBuf = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let file = fs::File::create(&path).unwrap();
        let time = SystemTime::now() - std::time::Duration::from_secs(days * 86_400 + 60);
        file.set_modified(time).unwrap();
        path
    };
    let old = left(&format!("0f/0f{}", "a".repeat(62)), 7);
    let young = left(&format!("0f/0f{}", "b".repeat(62)), 6);
    let cut_off = left("incoming/xyz", 1);
    // Each minute a part of them is looked at.
    let look = async || {
        for _ in 0..256 {
            app.app.clock.advance(60_000);
            background::tick(&app.app).await.unwrap();
        }
    };
    look().await;
    // An older database may be in place, so one that has no name now is kept for a week more.
    assert!(old.exists() && young.exists() && !cut_off.exists());
    left(&format!("unnamed/{}", old.file_name().unwrap().to_str().unwrap()), 7);
    look().await;
    assert!(!old.exists() && young.exists());
    assert!(named.iter().all(|path| path.exists()));
}
