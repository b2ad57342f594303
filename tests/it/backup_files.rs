//! The backups on the screen: asking for one now, and downloading one.

use std::fs;

use axum::{
    body::Body,
    http::{HeaderName, Method, header},
};
use plinth::app::scheduled_backup;
use tempfile::TempDir;

use crate::{
    backup::{SKIPPED, names, site_with_media},
    harness::{PASSWORD, Reply, TestApp, TestUser},
    postgres,
};

const DOWNLOAD: &str = "/admin/backup/download";

#[tokio::test(flavor = "multi_thread")]
async fn administrators_have_one_made_now_and_download_it() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let (folder, backups) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (data, _) = site_with_media(folder.path()).await;
    let app = TestApp::over(data, &["--backup-dir", backups.path().to_str().unwrap()]).await;
    let admin = app.admin().await;
    let work = async || scheduled_backup::work(app.app.clone()).await;
    work().await;
    work().await;
    assert_eq!(names(backups.path()).len(), 1, "none is due");
    app.app.clock.advance(1000);
    admin.get("/admin/backup").await.says("Back up now").does_not_say("Look again");
    admin.post_and_follow("/admin/backup/now", &[]).await.says("A backup was asked for").says("begins in a moment");
    admin.post_and_follow("/admin/backup/now", &[]).await.says("A backup is being made already");
    work().await;
    let made = names(backups.path());
    assert_eq!(made.len(), 2);
    let name = made.last().unwrap();
    let page = admin.get("/admin/backup").await.does_not_say("Look again").says("Restored on trial");
    page.says(&format!("name=\"file\" value=\"{name}\""));

    // Signing in is no confirmation.
    admin.post("/admin/sign-in", &[("email", admin.email.as_str()), ("password", PASSWORD)]).await.is(303);
    let file = [("file", name.as_str())];
    admin
        .post(DOWNLOAD, &file)
        .await
        .is(200)
        .says("Confirm with your password")
        .says("The download begins then")
        .does_not_say("manifest.json");
    admin.get("/admin/audit-log").await.does_not_say("downloaded the backup");
    let at = format!("{DOWNLOAD}?file={name}");
    assert_eq!(admin.get(&at).await.is(303).location(), "/admin/backup", "not before it was asked for");
    let to = admin.post(DOWNLOAD, &[file[0], ("confirm_password", PASSWORD)]).await.is(303).location();
    assert_eq!(to, at);
    let sent = admin.get(&at).await.is(200);
    assert_eq!(sent.header("content-disposition"), format!("attachment; filename=\"{name}\""));
    assert_eq!(sent.header("content-length"), fs::metadata(backups.path().join(name)).unwrap().len().to_string());
    assert_eq!(sent.header("cache-control"), "no-store");
    let tag = sent.says("plinth.db.zst").says("manifest.sha256").header("etag").to_owned();
    goes_on(&admin, &at, &tag, &fs::read(backups.path().join(name)).unwrap()).await;
    let first = format!("{DOWNLOAD}?file={}", made.first().unwrap());
    assert_eq!(admin.get(&first).await.is(303).location(), "/admin/backup", "each file is asked for");
    assert_eq!(app.admin().await.get(&at).await.is(303).location(), "/admin/backup", "and by each session");
    admin.get("/admin/audit-log").await.says("downloaded the backup").says(name);

    // Nothing else can be had by it, whatever it is called.
    fs::write(backups.path().join("notes.tar"), "of the maintainer").unwrap();
    fs::write(folder.path().join(name), "of the maintainer").unwrap();
    let up = format!("../{}/{name}", folder.path().file_name().unwrap().to_str().unwrap());
    let absolute = folder.path().join(name);
    for other in ["notes.tar", "", ".", "..", "../plinth.db", &up, absolute.to_str().unwrap()] {
        let page = admin.post_and_follow(DOWNLOAD, &[("file", other)]).await.is(200);
        page.says("is not there any more").does_not_say("of the maintainer");
    }
    app.editor().await.post(DOWNLOAD, &[file[0], ("confirm_password", PASSWORD)]).await.is(403);
    app.editor().await.post("/admin/backup/now", &[]).await.is(403);
}

async fn part(who: &TestUser, path: &str, fields: &[(HeaderName, &str)]) -> Reply {
    let request =
        fields.iter().fold(who.request(Method::GET, path), |request, (name, value)| request.header(name, *value));
    who.send(request.body(Body::empty()).unwrap()).await
}

/// A download that broke off gets the rest of the same file, and all of another one.
async fn goes_on(admin: &TestUser, path: &str, tag: &str, file: &[u8]) {
    let length = file.len();
    let range = (header::RANGE, "bytes=1000-");
    for fields in [&[range.clone()][..], &[range.clone(), (header::IF_RANGE, tag)]] {
        let rest = part(admin, path, fields).await.is(206);
        assert_eq!(rest.header("content-range"), format!("bytes 1000-{}/{length}", length - 1));
        assert_eq!(rest.header("content-length"), (length - 1000).to_string());
        assert_eq!(rest.header("etag"), tag);
        assert_eq!(rest.isolated, String::from_utf8_lossy(&file[1000..]));
    }
    let other = part(admin, path, &[range, (header::IF_RANGE, "\"other\"")]).await.is(200);
    assert_eq!(other.header("content-length"), length.to_string());
    let beyond = part(admin, path, &[(header::RANGE, "bytes=999999999-")]).await.is(416);
    assert_eq!(beyond.header("content-range"), format!("bytes */{length}"));
    part(admin, path, &[(header::IF_NONE_MATCH, tag)]).await.is(304);
}
