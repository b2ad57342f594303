//! Editorial dates: what a file says of when its version was published and reviewed, and by whom it was approved, is what
//! visitors see, not the time of the import.

use std::{fs, sync::Arc};

use plinth::{
    app::start,
    model::{document::fields::FieldTable, transfer::export},
};
use tempfile::TempDir;

use crate::{
    command_line::{fails, plinth, succeeds},
    harness::{TestApp, config},
};

const HEAD: &str = "published = \"2026-03-01\"\napproved_by = \"Board of editors\"\nreviewed = \"2026-05-02T08:00:00.25Z\"\n\
                    review_by = \"2027-06-30\"\n";

fn file(fields: &str) -> String {
    format!("+++\ntitle = \"A title\"\n{fields}+++\n\nText.\n")
}

fn import(data: &TempDir, folder: &TempDir) -> std::process::Output {
    crate::postgres::of(data.path());
    plinth(data.path(), &["import", folder.path().to_str().unwrap()], "")
}

#[tokio::test]
async fn the_dates_of_a_file_are_those_of_its_page() {
    let (data, folder) = (Arc::new(TempDir::new().unwrap()), TempDir::new().unwrap());
    let pages = folder.path().join("pages");
    fs::create_dir_all(&pages).unwrap();
    fs::write(pages.join("index.md"), file("")).unwrap();
    // What is no day, what is still to come, and a review without a next one are refused, each with a sentence.
    for (fields, told) in [
        ("published = \"soon\"\n", "pages/a.md: published: “soon” is neither a day such as 2026-11-27"),
        ("published = \"2026-02-30\"\n", "pages/a.md: published: “2026-02-30” is neither a day"),
        ("published = 5\n", "pages/a.md: published: “5” is neither a day"),
        ("approved_by = 5\n", "pages/a.md: the value of approved_by is of another kind"),
        ("published = \"2999-01-01\"\n", "pages/a.md: published: 2999-01-01 is still to come"),
        ("review_by = \"2027-06-30\"\nreviewed = 2999-01-01\n", "pages/a.md: reviewed: 2999-01-01 is still to come"),
        ("reviewed = \"2026-01-01\"\n", "pages/a.md: says when it was reviewed, so it needs a review_by"),
    ] {
        fs::write(pages.join("a.md"), file(fields)).unwrap();
        fails(&import(&data, &folder), 1, &["Nothing was imported.", told]);
    }
    fs::write(pages.join("a.md"), file(HEAD)).unwrap();
    succeeds(&import(&data, &folder));
    let again = succeeds(&import(&data, &folder));
    assert!(again.contains("Nothing had to be changed."), "{again}");

    let app = TestApp::over(data, &[]).await;
    let visitor = app.visitor();
    let page = visitor.get("/a").await.is(200);
    page.says("<time datetime=\"2026-03-01T00:00:00Z\">1 March 2026</time>")
        .says("<dt>Approved by</dt><dd><bdi>Board of editors</bdi>")
        .says("<dt>Last reviewed</dt><dd><time datetime=\"2026-05-02T08:00:00Z\">2 May 2026</time>")
        .says("\"dateModified\":\"2026-03-01T00:00:00Z\"")
        .says("\"datePublished\":\"2026-03-01T00:00:00Z\"");
    visitor.get("/feed.xml").await.is(200).says("<updated>2026-03-01T00:00:00Z</updated>");
    visitor.get("/a.md").await.is(200).says("published: \"2026-03-01T00:00:00Z\"");
    visitor.get("/sitemap.xml").await.is(200).says("<lastmod>2026-03-01");

    // Later versions are published when they are, and the first date stays.
    let (editor, id) = (app.editor().await, app.page_id("/a").await);
    let form = [("base", "1"), ("title", "A title"), ("slug", "a"), ("body", "New."), ("do", "publish")];
    editor.post(&format!("/admin/pages/{id}"), &form).await.is(303);
    let page = visitor.get("/a").await.is(200).does_not_say("<dt>Last reviewed");
    page.says("\"datePublished\":\"2026-03-01T00:00:00Z\"").does_not_say("\"dateModified\":\"2026-03-01");
    let exported = export::read(app.app.read(), &FieldTable::default()).await.unwrap();
    let text = &exported["pages/a.md"];
    assert!(
        text.contains("\npublished = \"20") && !text.contains("2026-03-01") && !text.contains("approved_by"),
        "{text}"
    );
}

#[tokio::test]
async fn an_export_has_them_and_the_starter_site_too() {
    let (data, folder) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let pages = folder.path().join("pages");
    fs::create_dir_all(&pages).unwrap();
    fs::write(folder.path().join("site.toml"), "time_zone = \"Asia/Tokyo\"\n").unwrap();
    fs::write(pages.join("index.md"), file(HEAD)).unwrap();
    succeeds(&import(&data, &folder));
    let db = start::open(&config(data.path(), &[])).await.unwrap();
    let exported = export::read(db.read(), &FieldTable::default()).await.unwrap();
    db.close().await;
    let lines: Vec<&str> = HEAD.lines().collect();
    for line in lines {
        assert!(exported["pages/index.md"].lines().any(|one| one == line), "{line}: {}", exported["pages/index.md"]);
    }
    let app = TestApp::new().await;
    let about = app.visitor().get("/about").await.is(200);
    about.says("<time datetime=\"2026-11-27T00:00:00Z\">27 November 2026</time>").says("<bdi>Portal editor</bdi>");
}
