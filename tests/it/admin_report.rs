//! The report over the whole site.

use std::{fs, sync::Arc};

use image::ImageFormat;
use plinth::model::{actor::Actor, audit_log::AuditEntry};
use tempfile::TempDir;

use crate::{
    command_line::{plinth, succeeds},
    contact,
    harness::{TestApp, TestUser},
    media::{pdf, picture, upload},
    postgres,
};

const NEW: &str = "/admin/pages/new";

async fn publish(editor: &TestUser, fields: &[(&str, &str)]) -> String {
    let fields = [&[("layout", "article"), ("do", "publish")], fields].concat();
    editor.post(NEW, &fields).await.is(303).location()
}

#[tokio::test]
async fn what_is_to_be_looked_after_is_counted_and_listed() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    editor.get("/admin").await.says("href=\"/admin/report\"");
    editor.get("/admin/report/sites").await.is(200);
    let lonely =
        publish(&editor, &[("title", "Lonely"), ("slug", "lonely"), ("body", "[own](/lonely)"), ("menu", "hidden")])
            .await;
    let body =
        "[a](https://a.example/x) [b](https://a.example/y) [c](http://b.example) [own](http://127.0.0.1:3000/found)";
    publish(&editor, &[("title", "Found"), ("slug", "found"), ("body", "x"), ("menu", "hidden")]).await;
    publish(&editor, &[("title", "Linking"), ("slug", "linking"), ("body", body), ("menu", "main")]).await;
    let screen = editor.get("/admin/report/orphans").await.is(200).says(&format!("{lonely}\" dir=\"auto\">Lonely"));
    screen.does_not_say(">Found<").does_not_say(">Linking<");
    let screen = editor.get("/admin/report/sites").await.says("https://a.example").says("http://b.example");
    screen.says("1 text").does_not_say("127.0.0.1");
    let screen = editor.get("/admin/report/sites/links?site=https%3A%2F%2Fa.example").await.is(200).says(">Linking<");
    screen.says("https://a.example/x").says("https://a.example/y").does_not_say("b.example");
    editor.get("/admin/report/sites/links").await.is(200).says("No text links to this site");

    // A link takes a page from the list, wherever it goes.
    publish(&editor, &[("title", "Friend"), ("slug", "friend"), ("body", "[x](/lonely)"), ("menu", "main")]).await;
    let moved = [("base", "1"), ("title", "Lonely"), ("slug", "less-lonely"), ("body", "x"), ("menu", "hidden")];
    editor.post(&lonely, &[&moved[..], &[("do", "publish"), ("layout", "article")]].concat()).await.is(303);
    editor.get("/admin/report/orphans").await.does_not_say(">Lonely<");
}

#[tokio::test]
async fn messages_that_wait_for_long_are_listed() {
    let app = TestApp::new().await;
    let reference = contact::send(&app, &[]).await;
    let admin = app.admin().await;
    admin.get("/admin/report/messages").await.is(200).says("No message waits for long");
    app.run_days(8).await;
    let admin = app.admin().await;
    admin.get("/admin/report/messages").await.is(200).says(&reference);
    admin.get("/admin/report").await.is(200).says("Messages that wait");
    contact::copies(&app, &contact::message(&app, &reference).await, 250).await;
    admin.get("/admin/report").await.is(200).says("250");
    admin.get("/admin/report/messages").await.says("Only the first 200 are listed.");
}

#[tokio::test]
async fn what_an_administrator_changed_of_a_menu_counts() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    publish(&editor, &[("title", "Added"), ("slug", "added"), ("body", "x"), ("menu", "hidden")]).await;
    publish(&editor, &[("title", "Shy"), ("slug", "shy"), ("body", "x"), ("menu", "main")]).await;
    let orphans = async || editor.get("/admin/report/orphans").await.is(200);
    orphans().await.says(">Added<").does_not_say(">Shy<");
    admin.post("/admin/menu/new", &[("menu", "footer"), ("target", "/added"), ("label", "")]).await.is(303);
    let shy = app.page_id("/shy").await;
    admin.post(&format!("/admin/menu/main/-{shy}/hidden"), &[("hidden", "yes"), ("was_label", "")]).await.is(303);
    orphans().await.does_not_say(">Added<").says(">Shy<");
}

#[tokio::test]
async fn pictures_without_a_description_are_listed() {
    let (data, folder) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    fs::create_dir_all(folder.path().join("pages")).unwrap();
    let page = |title: &str, body: &str| format!("+++\ntitle = \"{title}\"\n+++\n\n{body}\n");
    fs::write(folder.path().join("pages/index.md"), page("Home", "![](/a.png \"decorative\") ![b](/b.png)")).unwrap();
    fs::write(folder.path().join("pages/bare.md"), page("Bare picture", "Text ![](/a.png)")).unwrap();
    fs::write(folder.path().join("pages/named.md"), page("By name", "![][ref]\n\n[ref]: /a.png")).unwrap();
    fs::write(folder.path().join("pages/blank.md"), page("Blank words", "![ ](/a.png)")).unwrap();
    for number in 0..60 {
        let name = format!("pages/more-{number}.md");
        fs::write(folder.path().join(name), page(&format!("More {number}"), "![](/b.png)")).unwrap();
    }
    postgres::of(data.path());
    succeeds(&plinth(data.path(), &["import", folder.path().to_str().unwrap()], ""));
    let app = TestApp::over(Arc::new(data), &[]).await;
    let editor = app.editor().await;
    let (mut next, mut text) = (Some("/admin/report/pictures".to_owned()), String::new());
    while let Some(path) = next {
        let screen = editor.get(&path).await.is(200).text;
        next = screen
            .split("href=\"/admin/report/pictures?after=")
            .nth(1)
            .map(|rest| format!("/admin/report/pictures?after={}", rest.split('"').next().unwrap()));
        text += &screen;
    }
    for title in ["Bare picture", "By name", "Blank words", "More 0", "More 59"] {
        assert!(text.contains(&format!(">{title}</a>")), "{title}");
    }
    assert!(!text.contains(">Home</a>"));
    editor.get("/admin/report").await.is(200).says("Pictures without a description").says("63");
}

#[tokio::test]
async fn pictures_that_are_missing_are_listed() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    upload(&editor, &[("gone.png", &picture(8, 8, ImageFormat::Png)), ("terms.pdf", &pdf("x"))]).await.is(303);
    let body = "![a](/media/gone.png) ![b](/media/never.png) [terms](/media/terms.pdf)";
    let [one, two] = ["Broken", "Whole"];
    publish(&editor, &[("title", one), ("slug", "broken"), ("body", body), ("menu", "hidden")]).await;
    let body = "![a](/media/gone.png)";
    publish(&editor, &[("title", two), ("slug", "whole"), ("body", body), ("menu", "hidden")]).await;
    let draft = [("title", "Draft"), ("slug", "draft"), ("body", "![b](/media/never.png)"), ("do", "save")];
    editor.post(NEW, &draft).await.is(303);
    let list = "/admin/report/missing-pictures";
    let body = "[slides](https://other.example/media/86/slides.pdf)";
    publish(&editor, &[("title", "Elsewhere"), ("slug", "elsewhere"), ("body", body), ("menu", "hidden")]).await;
    editor.get(list).await.does_not_say(">Elsewhere</a>").does_not_say("/media/8614");
    let screen = editor.get(list).await.is(200).says(">Broken</a>").says("<bdi>/media/never.png</bdi>");
    screen.does_not_say(">Whole</a>").does_not_say(">Draft</a>");
    editor.get("/admin/report").await.is(200).says(list).says("Pictures that are missing");

    let sql = "update media set deleted_at = 1 where path in ('/media/gone.png', '/media/terms.pdf')";
    let write = app.app.write(Actor::system("test")).await.unwrap();
    write.execute(sql, ()).await.unwrap();
    write.record(AuditEntry::new("media.delete", "media", Some(1), "gone"));
    write.commit().await.unwrap();
    // A link to a file that is gone is in the other list.
    editor.get(list).await.says("<bdi>/media/gone.png and 1 more</bdi>").says(">Whole</a>");
    editor.get("/admin/dead-links").await.is(200).says("/media/terms.pdf");
}
