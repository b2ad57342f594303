//! The media library in an export and an import.

use std::{fs, path::Path};

use image::ImageFormat;
use tempfile::TempDir;

use crate::{
    command_line::{fails, plinth, succeeds},
    harness::TestApp,
    media::{attribute, pdf, picture, upload},
};

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn an_export_holds_the_files_and_an_import_brings_them_back() {
    if crate::postgres::skips("the commands make the file of SQLite") {
        return;
    }
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let photo = picture(1200, 700, ImageFormat::Jpeg);
    let thing = upload(&editor, &[("Photo.jpg", &photo), ("fees.pdf", &pdf("fees"))]).await.is(303).location();
    let page = [("title", "A page"), ("slug", "shown"), ("body", "![A photo](/media/photo.jpg)"), ("do", "publish")];
    editor.post("/admin/pages/new", &page).await.is(303);
    editor.get(&thing).await.is(200);
    let before = app.visitor().get("/shown").await.says("<picture>").text;
    app.app.db.close().await;

    let folder = TempDir::new().unwrap();
    let out = folder.path().join("site");
    succeeds(&plinth(app.data.path(), &["export", out.to_str().unwrap()], ""));
    assert_eq!(names(&out.join("media")), ["fees.pdf", "photo.jpg"]);
    assert_eq!(fs::read(out.join("media/fees.pdf")).unwrap(), pdf("fees"));
    let words = fs::read_to_string(out.join("media.toml")).unwrap();
    assert!(words.contains("[\"photo.jpg\"]\ntitle = \"Photo\""), "{words}");

    let fresh = TempDir::new().unwrap();
    let said = succeeds(&plinth(fresh.path(), &["import", out.to_str().unwrap()], ""));
    assert!(said.contains("Added 2 files to the media library."), "{said}");
    let said = succeeds(&plinth(fresh.path(), &["import", out.to_str().unwrap()], ""));
    assert!(said.contains("Nothing had to be changed."), "{said}");
    let again = TestApp::over(fresh.into(), &[]).await;
    let after = again.visitor().get("/shown").await.is(200).text;
    // The photo is the same, byte for byte; what is made of it is made again.
    let whole = |page: &str| attribute(page, "srcset")[1].rsplit(", ").next().unwrap().to_owned();
    assert_eq!(whole(&after), whole(&before));
    assert!(whole(&after).ends_with(" 1200w"));
    let first = attribute(&after, "src");
    again.visitor().get(first.iter().find(|src| src.starts_with("/media/")).unwrap()).await.is(200);
}

#[tokio::test]
async fn a_folder_that_was_written_by_hand_is_read_like_what_a_user_adds() {
    if crate::postgres::skips("the commands make the file of SQLite") {
        return;
    }
    let (folder, data) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    let import = || plinth(data.path(), &["import", folder.path().to_str().unwrap()], "");
    write("pages/index.md", b"+++\ntitle = \"Home\"\n+++\n\n![A map](/media/map.png)\n");
    write("media/map.png", &picture(40, 30, ImageFormat::Png));
    write("media/Bad Name.png", b"x");
    write("media/script.svg", b"<svg/>");
    fails(&import(), 1, &["media/Bad Name.png: is not a file of the media library", "media/script.svg: is not a file"]);
    for name in ["Bad Name.png", "script.svg"] {
        fs::remove_file(folder.path().join("media").join(name)).unwrap();
    }
    write("media/fake.pdf", b"<html>");
    write("media/photo.jpg", &picture(20, 10, ImageFormat::Png));
    write("media.toml", b"[\"map.png\"]\ntitle = \"The map\"\nlabels = \"plan\"\n[\"none.png\"]\ntitle = \"x\"\n");
    let why = [
        "media.toml: there is no file media/none.png",
        "media/fake.pdf: ",
        "media/photo.jpg: is kept as png; name it photo.png",
    ];
    fails(&import(), 1, &why);
    for name in ["fake.pdf", "photo.jpg"] {
        fs::remove_file(folder.path().join("media").join(name)).unwrap();
    }
    write("media.toml", b"[\"map.png\"]\ntitle = \"The map\"\nlabels = \"plan\"\n");
    succeeds(&import());
    write("media.toml", b"[\"map.png\"]\ntitle = \"The plan\"\n");
    succeeds(&import());
    write("media/map.png", &picture(41, 30, ImageFormat::Png));
    fails(&import(), 1, &["media/map.png: is another file than the one of this name in the media library"]);
    let app = TestApp::over(data.into(), &[]).await;
    app.visitor().get("/").await.says("alt=\"A map\" loading=\"lazy\"");
    app.editor().await.get("/admin/media").await.says("The plan").says("Used");
}
