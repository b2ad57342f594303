//! Restore drills, and backups that are made by themselves.

use std::{fs, sync::Arc};

use plinth::app::scheduled_backup;
use tempfile::TempDir;

use crate::{
    backup::{SKIPPED, names, site_with_media},
    command_line::{fails, plinth, succeeds},
    harness::TestApp,
    postgres,
    program::{self, Program, SERVE},
};

const MINUTE: i64 = 60 * 1000;
const DAY: i64 = 24 * 60 * MINUTE;

/// The form, as long as nothing was chosen.
fn choice<'a>(every: &'a str, kept: &'a str) -> [(&'a str, &'a str); 4] {
    [("every", every), ("kept", kept), ("was_every", "day"), ("was_kept", "14")]
}

#[tokio::test]
async fn a_drill_says_whether_a_backup_can_be_restored() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let (data, file) = site_with_media(folder.path()).await;
    let verify = |file: &std::path::Path, data: &std::path::Path| {
        plinth(data, &["backup", "--verify", file.to_str().unwrap()], "")
    };
    let before = names(data.path());
    let said = succeeds(&verify(&file, data.path()));
    assert!(said.contains("site.tar can be restored: “") && said.contains(" pages were tried, in "), "{said}");
    assert!(!said.contains(" 0 pages"), "{said}");
    assert_eq!(names(data.path()), before, "nothing is left of it");
    // Where there is no site at all.
    let elsewhere = TempDir::new().unwrap();
    succeeds(&verify(&file, elsewhere.path()));
    assert!(names(elsewhere.path()).is_empty());

    let app = TestApp::over(data, &[]).await;
    let admin = app.admin().await;
    admin.get("/admin/backup").await.is(200).says("was restored on trial");
    admin.get("/admin").await.does_not_say("restore drill failed");
    let data = app.data.clone();
    let damaged = folder.path().join("damaged.tar");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&damaged, bytes).unwrap();
    fails(&verify(&damaged, data.path()), 1, &["damaged.tar cannot be restored. ", "not as it was"]);
    admin.get("/admin/backup").await.says("The restore drill of damaged.tar failed").says("not as it was");
    admin.get("/admin").await.says("The last restore drill failed");
    app.editor().await.get("/admin").await.does_not_say("restore drill");
}

#[tokio::test(flavor = "multi_thread")]
async fn backups_are_made_when_they_are_due_and_old_ones_deleted() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let backups = folder.path().join("backups");
    let app = TestApp::over(Arc::new(TempDir::new().unwrap()), &["--backup-dir", backups.to_str().unwrap()]).await;
    let admin = app.admin().await;
    let due = async || scheduled_backup::work(app.app.clone()).await;

    due().await;
    admin.get("/admin").await.says("The backup that was due failed");
    admin.get("/admin/backup").await.says("The backup that was due failed").says("is not there");
    let ready = app.visitor().get("/readyz").await.is(200).says("no backup is known");
    ready.says("0 e-mails wait to be sent, 0 were given up").says("the disk ");
    fs::create_dir(&backups).unwrap();
    due().await;
    assert_eq!(names(&backups).len(), 0, "it waits for ten minutes");
    app.app.clock.advance(10 * MINUTE);
    due().await;
    assert_eq!(names(&backups).len(), 1);
    let page = admin.get("/admin/backup").await.says("was restored on trial");
    page.does_not_say("The backup that was due failed");
    app.visitor().get("/readyz").await.says("the newest backup is 0 minutes old");

    admin.post("/admin/backup", &choice("hour", "2")).await.is(303);
    admin.get("/admin/backup").await.says("<option value=\"hour\" selected");
    admin.get("/admin/audit-log").await.says("chose how often a backup is made: <bdi>hour, 2 kept");
    admin.post("/admin/backup", &choice("second", "2")).await.is(400);
    fs::write(backups.join("plinth-notes.tar"), "of the maintainer").unwrap();
    let first = names(&backups);
    for _ in 0..3 {
        app.app.clock.advance(59 * MINUTE);
        due().await;
        app.app.clock.advance(MINUTE);
        due().await;
    }
    let kept = names(&backups);
    assert_eq!(kept.len(), 3, "{kept:?}");
    assert_eq!(kept.intersection(&first).collect::<Vec<_>>(), ["plinth-notes.tar"]);

    let admin = app.admin().await;
    let never = [("every", "never"), ("kept", "2"), ("was_every", "hour"), ("was_kept", "2")];
    admin.post("/admin/backup", &never).await.is(303);
    app.app.clock.advance(DAY);
    due().await;
    assert_eq!(names(&backups), kept);
}

#[tokio::test(flavor = "multi_thread")]
async fn backups_that_lack_something_never_take_the_place_of_whole_ones() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let (data, _) = site_with_media(folder.path()).await;
    let backups = folder.path().join("backups");
    fs::create_dir(&backups).unwrap();
    let app = TestApp::over(data, &["--backup-dir", backups.to_str().unwrap()]).await;
    let due = async || scheduled_backup::work(app.app.clone()).await;
    app.admin().await.post("/admin/backup", &choice("day", "2")).await.is(303);
    due().await;
    let whole = names(&backups);
    assert_eq!(whole.len(), 1);
    let media = app.data.path().join("media");
    let shard = names(&media).into_iter().find(|shard| shard.len() == 2).unwrap();
    fs::remove_dir_all(media.join(shard)).unwrap();
    app.app.clock.advance(DAY);
    due().await;
    assert_eq!(names(&backups).len(), 2);
    app.app.clock.advance(10 * MINUTE);
    due().await;
    assert_eq!(names(&backups).len(), 2, "the next one is due in a day, as this one was made");
    for _ in 0..3 {
        app.app.clock.advance(DAY);
        due().await;
    }
    assert!(names(&backups).is_superset(&whole), "the only whole one: {:?}", names(&backups));
    assert_eq!(names(&backups).len(), 3, "and two of those that lack something: {:?}", names(&backups));
    let admin = app.admin().await;
    admin.get("/admin").await.says("The backup that was due failed");
    admin.get("/admin/backup").await.says("is missing").says("the whole ones that are kept stay");
}

#[test]
fn the_program_makes_the_first_backup_at_its_start() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let (data, backups) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let program = Program::run(program::plinth(data.path(), &SERVE).env("PLINTH_BACKUP_DIR", backups.path()));
    program.logs("a backup was made");
    assert_eq!(names(backups.path()).len(), 1);
    program.stop();
}
