//! The media library: adding, finding, describing and deleting pictures and files, and what texts show of them.

use std::{io::Cursor, path::PathBuf};

use axum::{
    body::Body,
    http::{Method, header},
};
use image::{DynamicImage, ImageFormat, RgbImage};

use crate::{
    forms::hidden,
    harness::{Reply, TestApp, TestUser},
    media_s3,
};

/// A picture with something to see, so that it is not compressed to nothing.
pub fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let byte = |number: u32| u8::try_from(number % 251).unwrap();
    let pixel = |x: u32, y: u32| image::Rgb([byte(x * 7), byte(y * 5), byte(x * y)]);
    let picture = DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, pixel));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// The bytes of a PDF, as far as anything looks at them.
pub fn pdf(words: &str) -> Vec<u8> {
    format!("%PDF-1.7\n% {words}\n%%EOF\n").into_bytes()
}

/// The form that adds files, as a browser sends it.
pub fn form(files: &[(&str, &[u8])]) -> (String, Vec<u8>) {
    form_with(&[], files)
}

/// The same with other fields before the files.
pub fn form_with(fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, value) in fields {
        let field = format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(field.as_bytes());
    }
    for (name, bytes) in files {
        let name = name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
        let head = format!(
            "--edge\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{name}\"\r\ncontent-type: application/x\r\n\r\n"
        );
        body.extend(head.as_bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--edge--\r\n");
    ("multipart/form-data; boundary=edge".to_owned(), body)
}

pub async fn upload(who: &TestUser, files: &[(&str, &[u8])]) -> Reply {
    send_files(who, "/admin/media/new", &[], files).await
}

/// Sends fields and files as a browser without a script does.
pub async fn send_files(who: &TestUser, path: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Reply {
    let (kind, body) = form_with(fields, files);
    let request = who
        .request(Method::POST, path)
        .header(header::CONTENT_TYPE, kind)
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body))
        .unwrap();
    who.send(request).await
}

/// What is in the store, and what was not finished; in a service for objects by its address there.
pub fn files_in_store(app: &TestApp) -> Vec<PathBuf> {
    let objects = media_s3::folder(app.data.path()).map(|folder| media_s3::objects(&folder));
    let mut found: Vec<_> = objects.into_iter().flatten().map(PathBuf::from).collect();
    let mut waiting = vec![app.data.path().join("media")];
    while let Some(path) = waiting.pop() {
        for entry in std::fs::read_dir(path).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { waiting.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// The file behind an address with a content.
pub fn file_at(app: &TestApp, address: &str) -> Vec<u8> {
    let key = address.rsplit('/').next().unwrap();
    let found =
        files_in_store(app).into_iter().find(|path| path.file_name().unwrap().to_string_lossy().starts_with(key));
    let found = found.expect("a file with this hash");
    if found.starts_with("http:") { media_s3::read(&found.to_string_lossy()) } else { std::fs::read(found).unwrap() }
}

/// Takes everything out of the store, as nothing here does.
pub fn empty_store(app: &TestApp) {
    for path in files_in_store(app) {
        if path.starts_with("http:") {
            media_s3::remove(&path.to_string_lossy());
        } else {
            std::fs::remove_file(path).unwrap();
        }
    }
}

/// The values of an attribute on a page.
pub fn attribute<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    page.split(&format!(" {name}=\"")).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

pub async fn publish(editor: &TestUser, slug: &str, body: &str) -> String {
    let page = [("title", "A page"), ("slug", slug), ("body", body), ("do", "publish")];
    editor.post("/admin/pages/new", &page).await.is(303).location()
}

/// A photograph from the side, with what cameras write into it.
fn photograph() -> Vec<u8> {
    let bytes = picture(1200, 800, ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    exif.extend(b"SECRET PLACE");
    let mut with_exif = bytes[..2].to_vec();
    with_exif.extend([0xff, 0xe1]);
    with_exif.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    with_exif.extend(exif);
    with_exif.extend(&bytes[2..]);
    with_exif
}

#[tokio::test]
async fn a_picture_is_added_and_a_page_shows_it() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    editor.get("/admin/media").await.says("There are no pictures and no files yet");
    let thing = upload(&editor, &[("Team Photo.JPG", &photograph())]).await.is(303).location();
    let screen = editor.get(&thing).await.says("“Team Photo” was added.").says("JPEG, 800 × 1200");
    screen.says("![What the picture shows](/media/team-photo.jpg)").says("Nowhere yet: visitors cannot see it.");
    let unused = "<span class=\"tag draft\">Not used</span>";
    editor.get("/admin/media").await.says("Team Photo").says(unused);

    // Nobody can guess the address of what no page shows.
    visitor.get("/media/team-photo.jpg").await.is(404);
    let address = editor.get("/media/team-photo.jpg").await.is(307).location();
    let file = file_at(&app, &address);
    assert!(!String::from_utf8_lossy(&file).contains("SECRET PLACE"), "what the camera wrote is gone");
    assert_eq!(image::load_from_memory(&file).unwrap().width(), 800, "it is upright");

    publish(&editor, "team", "![The team](/media/team-photo.jpg)\n\n[As a file](/media/team-photo.jpg)").await;
    let page = visitor.get("/team").await.is(200);
    let page =
        page.says("<picture><source type=\"image/webp\"").says(" width=\"800\" height=\"1200\" alt=\"The team\"");
    let page = page.says("loading=\"lazy\"").says(&format!("<a href=\"{address}\">As a file</a>"));
    assert_eq!(attribute(&page.text, "srcset").len(), 2, "WebP and JPEG");
    for set in attribute(&page.text, "srcset") {
        for choice in set.split(", ") {
            let (address, width) = choice.split_once(' ').unwrap();
            let made = visitor.get(address).await.is(200);
            assert_eq!(made.header("cache-control"), "public, max-age=31536000, immutable");
            let shown = image::load_from_memory(&file_at(&app, address)).unwrap();
            assert_eq!(format!("{}w", shown.width()), width);
            let ratio = f64::from(shown.height()) / f64::from(shown.width());
            assert!((ratio - 1.5).abs() < 0.01, "{ratio}");
        }
    }
    visitor.get("/media/team-photo.jpg").await.is(307);
    editor.get("/admin/media").await.does_not_say(unused);
    editor.get(&thing).await.says("version 1, which visitors see");
    // A preview shows it in the same way.
    let form = [("title", "A page"), ("slug", "x"), ("body", "![The team](/media/team-photo.jpg)")];
    editor.post("/admin/pages/new/preview", &form).await.says("<picture>");
}

#[tokio::test]
async fn the_same_file_twice_is_one_and_names_are_given_once() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let (one, two) = (picture(300, 200, ImageFormat::Png), picture(301, 200, ImageFormat::Png));
    let first = upload(&editor, &[("logo.png", &one)]).await.is(303).location();
    let files = files_in_store(&app);
    let again = upload(&editor, &[("other.png", &one)]).await.is(303).location();
    assert_eq!((again.as_str(), files_in_store(&app)), (first.as_str(), files));
    editor.get(&again).await.says("This file was there already, as “logo”.");
    let list =
        upload(&editor, &[("logo.png", &two), ("logo.png", &one), ("b.pdf", &pdf("b"))]).await.is(303).location();
    editor.get(&list).await.says("2 files were added, and 1 file was there already.").says("/media/logo-2.png");

    let screen = editor.get(&format!("{first}/delete")).await.is(200);
    let fields = hidden(&screen, &format!("{first}/delete"));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    editor.post_and_follow(&format!("{first}/delete"), &fields).await.says("“logo” was deleted.");
    editor.get(&first).await.is(404);
    editor.get("/media/logo.png").await.is(410);
    upload(&editor, &[("logo.png", &one)]).await.is(303);
    editor.get("/admin/media").await.says("/media/logo-3.png");
}

#[tokio::test]
async fn a_thing_that_is_used_is_deleted_after_a_question_only() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let bytes = picture(640, 480, ImageFormat::Jpeg);
    let thing = upload(&editor, &[("map.jpg", &bytes)]).await.is(303).location();
    let delete = format!("{thing}/delete");
    let before = hidden(&editor.get(&delete).await.is(200).does_not_say("It is used here"), &delete);
    let edit = publish(&editor, "map", "![A map](/media/map.jpg)").await;
    let saved = [("base", "1"), ("title", "A page"), ("slug", "map"), ("body", "Without."), ("do", "save")];
    editor.post(&edit, &saved).await.is(303);
    let key = "A".repeat(43);
    let draft = [("title", "New"), ("body", "![](/media/map.jpg)"), ("draft", key.as_str())];
    editor.post("/admin/pages/new/draft", &draft).await;

    // What the question said is not so any more.
    let before: Vec<_> = before.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let screen = editor.post(&delete, &before).await.is(409).says("Where it is used has changed in the meantime");
    let screen = screen.says("version 1, which visitors see").says("Something that Edith Editor is writing");
    let now = hidden(&screen, &delete);
    let now: Vec<_> = now.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    visitor.get("/map").await.says("<picture>");
    editor.post(&delete, &now[1..]).await.is(303);
    visitor.get("/map").await.says("<img src=\"/media/map.jpg\"").does_not_say("<picture>");
    visitor.get("/media/map.jpg").await.is(410);
    assert_eq!(files_in_store(&app), Vec::<PathBuf>::new(), "its files are gone");
    app.admin()
        .await
        .get("/admin/audit-log")
        .await
        .says("from the media library")
        .says("/media/map.jpg, which was used");
}

#[tokio::test]
async fn things_are_found_and_described() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let thing = upload(&editor, &[("scan0001.png", &picture(50, 40, ImageFormat::Png))]).await.is(303).location();
    upload(&editor, &[("fees.pdf", &pdf("fees"))]).await.is(303);
    let fields = hidden(&editor.get(&thing).await, &thing);
    let mut form: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    form.extend([("title", "Café plan"), ("labels", " plan ,, Draft"), ("focus", "right-top")]);
    editor.post_and_follow(&thing, &form).await.says("“Café plan” was saved.").says("value=\"plan, Draft\"");
    for (query, found) in
        [("q=cafe", true), ("q=draft", true), ("q=scan", true), ("q=fees", false), ("kind=picture", true)]
    {
        let list = editor.get(&format!("/admin/media?{query}")).await.is(200);
        assert_eq!(list.text.contains("Café plan"), found, "{query}");
    }
    let list = editor.get("/admin/media?kind=file").await.says("fees").does_not_say("Café plan");
    list.says("PDF, ").does_not_say("<img");
    editor.get("/admin/media?used=yes").await.says("Nothing was found");
    editor.get("/admin/media").await.says("class=\"thumbnail focus-right-top\"");
    // Two users at once.
    let mut late: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    late.extend([("title", "Late"), ("labels", ""), ("focus", "centre")]);
    editor.post(&thing, &late).await.is(409).says("changed while you were writing");
    let empty = hidden(&editor.get(&thing).await, &thing);
    let mut empty: Vec<_> = empty.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    empty.extend([("title", " "), ("labels", ""), ("focus", "centre")]);
    editor.post(&thing, &empty).await.is(422).says("Enter a title");
}

#[tokio::test]
async fn texts_are_checked_for_what_is_in_the_library() {
    let app = TestApp::new().await;
    let (editor, admin) = (app.editor().await, app.admin().await);
    let thing = upload(&editor, &[("fees.pdf", &pdf("fees"))]).await.is(303).location();
    let check = async |body: &str| {
        let fields = [("title", "A page"), ("slug", "a-page"), ("body", body)];
        editor.post("/admin/pages/new/checks", &fields).await.is(200)
    };
    check("[Fees](/media/fees.pdf#page=2)").await.does_not_say("leads nowhere");
    check("[Fees](/media/none.pdf)").await.says("This link leads nowhere: /media/none.pdf");
    check("![](/media/a.png)").await.says("This picture has no description");
    check("![](/media/a.png \"decorative\")").await.does_not_say("has no description");
    check("[![](/media/a.png \"decorative\")](/about)").await.says("This link has no words");

    publish(&editor, "fees", "[Fees](/media/fees.pdf)").await;
    let missing = [("title", "B"), ("slug", "b"), ("body", "![Gone](/media/gone.png)"), ("do", "publish")];
    let edit = editor.post("/admin/pages/new", &missing).await.is(303).location();
    editor.get(&edit).await.says("1 picture is missing: /media/gone.png.");
    admin.get("/admin/dead-links").await.does_not_say("/media/fees.pdf");
    editor.confirm(&format!("{thing}/delete")).await.is(303);
    admin.get("/admin/dead-links").await.says("/media/fees.pdf");

    // The foot of every page counts too.
    upload(&editor, &[("mark.png", &picture(20, 20, ImageFormat::Png))]).await.is(303);
    let settings = hidden(&admin.get("/admin/settings").await, "/admin/settings");
    let was = |name: &str| settings.iter().find(|(known, _)| *known == format!("was_{name}")).unwrap().1.clone();
    let names = ["site_name", "tagline", "contact_address", "language", "time_zone", "retention_months"];
    let mut fields = settings.clone();
    fields.extend(names.map(|name| (name.to_owned(), was(name))));
    fields.push(("footer".to_owned(), "![A mark](/media/mark.png)".to_owned()));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    admin.post("/admin/settings", &fields).await.is(303);
    app.visitor().get("/about").await.says("alt=\"A mark\" loading=\"lazy\"");
    editor.get("/admin/media?used=yes").await.says("/media/mark.png");
}

#[tokio::test]
async fn a_script_is_told_what_became_of_its_files_and_what_there_is_to_choose() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let (kind, body) = form(&[("Plan.png", &picture(40, 30, ImageFormat::Png)), ("b.svg", b"<svg/>")]);
    let request = editor
        .request(Method::POST, "/admin/media/new")
        .header(header::CONTENT_TYPE, kind)
        .header(header::ACCEPT, "application/json")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body))
        .unwrap();
    let told =
        editor.send(request).await.is(200).says("\"path\":\"/media/plan.png\"").says("“b.svg” is an SVG drawing");
    let told: serde_json::Value = serde_json::from_str(&told.text).unwrap();
    let choices = editor.get("/admin/media/choices?q=plan&kind=picture").await.is(200);
    let choices: serde_json::Value = serde_json::from_str(&choices.text).unwrap();
    assert_eq!(choices["things"], told["things"]);
    assert_eq!(choices["things"][0]["about"].as_str().unwrap().split(", ").nth(1), Some("40 × 30"));
    editor.get("/admin/media/choices?kind=file").await.is(200).says("\"things\":[]");
    app.visitor().get("/admin/media/choices").await.is(303);
}
