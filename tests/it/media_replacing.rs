//! Replacing a file of the media library everywhere, and putting the previous one back.

use image::ImageFormat;

use crate::{
    forms::hidden,
    harness::{Reply, TestApp, TestUser},
    media::{attribute, file_at, files_in_store, pdf, picture, publish, send_files, upload},
};

async fn seen_uses(who: &TestUser, thing: &str) -> String {
    let replace = format!("{thing}/replace");
    let fields = hidden(&who.get(&replace).await.is(200), &replace);
    fields.into_iter().find(|(name, _)| name == "seen_uses").expect("what it is used for").1
}

async fn replace(who: &TestUser, thing: &str, file: (&str, &[u8])) -> Reply {
    let seen = seen_uses(who, thing).await;
    send_files(who, &format!("{thing}/replace"), &[("seen_uses", &seen)], &[file]).await
}

async fn previous(who: &TestUser, thing: &str, todo: &str) -> Reply {
    let fields = hidden(&who.get(thing).await.is(200), &format!("{thing}/previous"));
    let seen = fields.into_iter().find(|(name, _)| name == "seen").expect("the previous file").1;
    who.post(&format!("{thing}/previous"), &[("seen", &seen), ("do", todo)]).await
}

/// The addresses of a picture on a page.
fn shown(page: &Reply) -> Vec<String> {
    attribute(&page.text, "srcset").iter().flat_map(|set| set.split(", ")).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_picture_is_replaced_everywhere_at_once() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let (one, other) = (picture(1200, 800, ImageFormat::Jpeg), picture(1000, 1000, ImageFormat::Png));
    let thing = upload(&editor, &[("plan.jpg", &one)]).await.is(303).location();
    let edit = publish(&editor, "plan", "![A plan](/media/plan.jpg)").await;
    let text = [("base", "1"), ("title", "A page"), ("slug", "plan"), ("body", "![Our plan](/media/plan.jpg)")];
    editor.post(&edit, &[&text[..], &[("do", "publish")]].concat()).await.is(303);
    let before = visitor.get("/plan").await.is(200).says("width=\"1200\" height=\"800\" alt=\"Our plan\"");
    let question = editor.get(&format!("{thing}/replace")).await.is(200).says("version 2, which visitors see");
    question.says("Visitors see the new one at once, in earlier versions of pages too");

    replace(&editor, &thing, ("drawn.png", &other)).await.is(303);
    let after = visitor.get("/plan").await.is(200).says("width=\"1000\" height=\"1000\" alt=\"Our plan\"");
    assert!(shown(&after).iter().all(|address| !shown(&before).contains(address)), "all addresses are new");
    for address in shown(&after) {
        visitor.get(address.split(' ').next().unwrap()).await.is(200);
    }
    // A page that a browser has open goes on showing what it named.
    visitor.get(shown(&before)[0].split(' ').next().unwrap()).await.is(200);
    let earlier = format!("/versions/P-{}/1", app.page_id("/plan").await);
    visitor.get(&earlier).await.is(200).says("width=\"1000\" height=\"1000\" alt=\"A plan\"");
    let address = visitor.get("/media/plan.jpg").await.is(307).location();
    let kept = image::guess_format(&file_at(&app, &address)).unwrap();
    assert_eq!(kept, ImageFormat::Jpeg, "it is what its address says");
    let screen = editor.get(&thing).await.says("was replaced, everywhere it is used").says("JPEG, 1000 × 1000");
    screen.says("Previous file").says("JPEG, 1200 × 800").says("by <bdi>Edith Editor</bdi>");

    previous(&editor, &thing, "back").await.is(303);
    assert_eq!(shown(&visitor.get("/plan").await), shown(&before));
    editor.get(&thing).await.says("was put back, everywhere it is used").says("JPEG, 1200 × 800");
    let log = app.admin().await.get("/admin/audit-log").await.says("put back the previous file of");
    log.says("replaced “<bdi>plan</bdi>” in the media library").says("/media/plan.jpg");
}

#[tokio::test]
async fn one_previous_file_is_kept() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let thing = upload(&editor, &[("fees.pdf", &pdf("1"))]).await.is(303).location();
    editor.get(&thing).await.does_not_say("Previous file");
    replace(&editor, &thing, ("2.pdf", &pdf("2"))).await.is(303);
    replace(&editor, &thing, ("3.pdf", &pdf("3"))).await.is(303);
    assert_eq!(files_in_store(&app).len(), 2);
    // Back to one that is there as the previous one.
    replace(&editor, &thing, ("2.pdf", &pdf("2"))).await.is(303);
    assert_eq!(files_in_store(&app).len(), 2);
    let shown = editor.get("/media/fees.pdf").await.is(307).location();
    assert_eq!(file_at(&app, &shown), pdf("2"));
    previous(&editor, &thing, "forget").await.is(303);
    editor.get(&thing).await.does_not_say("Previous file");
    assert_eq!(files_in_store(&app).len(), 1);
    editor.post(&format!("{thing}/previous"), &[("seen", ""), ("do", "back")]).await.is(303);
    editor.get(&thing).await.says("The previous file is another one by now");

    replace(&editor, &thing, ("4.pdf", &pdf("4"))).await.is(303);
    editor.confirm(&format!("{thing}/delete")).await.is(303);
    assert_eq!(files_in_store(&app).len(), 0);
}

#[tokio::test]
async fn what_does_not_fit_in_its_place_is_refused() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let glass = image::DynamicImage::ImageRgba8(image::RgbaImage::from_pixel(9, 9, image::Rgba([1, 2, 3, 4])));
    let mut clear = std::io::Cursor::new(Vec::new());
    glass.write_to(&mut clear, ImageFormat::Png).unwrap();
    let still = picture(30, 20, ImageFormat::Jpeg);
    let photo = upload(&editor, &[("photo.jpg", &still)]).await.is(303).location();
    let paper = upload(&editor, &[("paper.pdf", &pdf("1"))]).await.is(303).location();
    let word = b"PK\x03\x04 [Content_Types].xml word/document.xml";
    let files = files_in_store(&app);
    for (thing, name, bytes, why) in [
        (&photo, "a.pdf", &pdf("1")[..], "is a PDF, which cannot take the place of a JPEG"),
        (&photo, "a.svg", b"<svg/>", "is an SVG drawing"),
        (&photo, "clear.png", clear.get_ref(), "can be seen through, which a JPEG cannot"),
        (&paper, "a.docx", word, "is a Word document, which cannot take the place of a PDF"),
        (&paper, "", b"", "Choose a file"),
    ] {
        replace(&editor, thing, (name, bytes)).await.is(422).says(why);
    }
    replace(&editor, &photo, ("again.jpg", &still)).await.is(409).says("This is the file that is there already");
    let seen = seen_uses(&editor, &paper).await;
    publish(&editor, "paper", "[Paper](/media/paper.pdf)").await;
    let (to, other) = (format!("{paper}/replace"), pdf("2"));
    let late = send_files(&editor, &to, &[("seen_uses", &seen)], &[("2.pdf", &other)]).await;
    late.is(409).says("Where it is used has changed in the meantime").says("version 1, which visitors see");
    editor.get(&paper).await.does_not_say("Previous file");
    assert_eq!(files_in_store(&app), files, "nothing is left behind");

    // Of two who replace or delete the same file, the second is told.
    let seen = seen_uses(&editor, &paper).await;
    replace(&editor, &paper, ("3.pdf", &pdf("3"))).await.is(303);
    let late = send_files(&editor, &to, &[("seen_uses", &seen)], &[("2.pdf", &other)]).await;
    late.is(409).says("Someone else has replaced the file in the meantime");
    let late = editor.post(&format!("{paper}/delete"), &[("seen_uses", &seen)]).await;
    late.is(409).says("Someone else has replaced the file in the meantime").says("Nothing was deleted");
    let shown = editor.get("/media/paper.pdf").await.is(307).location();
    assert_eq!(file_at(&app, &shown), pdf("3"));
    editor.get(&paper).await.says("Previous file");
}
