//! The folder of the backups that are made by themselves: what is kept in it and deleted, and who chooses that.

use std::{fs, path::Path, sync::Arc};

use plinth::app::scheduled_backup;
use tempfile::TempDir;

use crate::{
    backup::{SKIPPED, backup, names, site_with_media},
    command_line::{fails, plinth, succeeds},
    harness::TestApp,
    postgres,
    program::{self, Disk, Program, SERVE},
};

const DAY: i64 = 24 * 60 * 60 * 1000;

/// A site with this folder.
async fn site(backups: &Path) -> TestApp {
    TestApp::over(Arc::new(TempDir::new().unwrap()), &["--backup-dir", backups.to_str().unwrap()]).await
}

fn verify(file: &Path, data: &Path) -> std::process::Output {
    plinth(data, &["backup", "--verify", file.to_str().unwrap()], "")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_killed_backups_left_is_removed_and_nothing_else() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let backups = TempDir::new().unwrap();
    let app = site(backups.path()).await;
    scheduled_backup::work(app.app.clone()).await;
    let made = names(backups.path()).pop_first().unwrap();
    let prefix = &made[..made.len() - "2026-11-27T11-58-03Z.tar".len()];
    let killed = format!("{prefix}2026-01-01T00-00-00Z-unproved.tar.partial");
    let held = format!("{prefix}2026-01-02T00-00-00Z-unproved.tar.partial");
    let foreign =
        ["plinth-ffffffff-2026-01-01T00-00-00Z-unproved.tar.partial", "notes.tar.partial", "notes.tar.partial.db"];
    let left = ["", ".db", ".db.zst", ".db-wal"].map(|end| format!("{killed}{end}"));
    let orphan = format!("{prefix}2026-01-03T00-00-00Z-unproved.tar.partial.db");
    for name in left.iter().map(String::as_str).chain([&*held, &*orphan]).chain(foreign) {
        fs::write(backups.path().join(name), "left").unwrap();
    }
    let lock = fs::File::open(backups.path().join(&held)).unwrap();
    lock.try_lock().unwrap();
    fs::create_dir(app.data.path().join("restore-drill")).unwrap();
    fs::write(app.data.path().join("restore-drill/plinth.db"), "left").unwrap();
    scheduled_backup::begin(&app.app).await;
    let expected = foreign.into_iter().chain([&*made, &*held]).map(str::to_owned).collect();
    assert_eq!(names(backups.path()), expected);
    assert!(!names(app.data.path()).contains("restore-drill"));
    drop(lock);
    app.app.clock.advance(DAY);
    scheduled_backup::work(app.app.clone()).await;
    assert!(!names(backups.path()).contains(&held), "each backup removes what others have left");
}

#[tokio::test(flavor = "multi_thread")]
async fn backups_of_other_sites_say_nothing_of_this_one() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let (_other, file) = site_with_media(folder.path()).await;
    let app = site(folder.path()).await;
    let said = succeeds(&verify(&file, app.data.path()));
    assert!(said.contains("It is no backup of the site in"), "{said}");
    let garbage = folder.path().join("garbage.tar");
    fs::write(&garbage, "no backup").unwrap();
    fails(&verify(&garbage, app.data.path()), 1, &["garbage.tar cannot be restored"]);
    fails(&verify(&folder.path().join("nowhere.tar"), app.data.path()), 1, &["it is not there"]);
    let admin = app.admin().await;
    admin.get("/admin/backup").await.does_not_say("was restored on trial").does_not_say("The restore drill of");
    admin.get("/admin").await.does_not_say("restore drill");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drill_that_could_not_be_made_is_no_failure_of_a_backup() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let (data, file) = site_with_media(folder.path()).await;
    let scratch = data.path().join("restore-drill");
    fs::create_dir(&scratch).unwrap();
    let lock = fs::File::open(&scratch).unwrap();
    lock.try_lock().unwrap();
    fails(&verify(&file, data.path()), 1, &["site.tar was not tried. Another restore drill is under way"]);
    drop(lock);
    let app = TestApp::over(data, &[]).await;
    app.admin().await.get("/admin/backup").await.does_not_say("The restore drill of");
    let Some(disk) = Disk::mount(16 * 1024) else { return };
    fails(&verify(&file, disk.path()), 1, &["site.tar was not tried. A restore drill needs at least", "MB are free"]);
    assert!(names(disk.path()).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_who_choose_at_the_same_time_are_asked() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let backups = TempDir::new().unwrap();
    let app = site(backups.path()).await;
    let (one, two) = (app.admin().await, app.admin().await);
    let was = [("was_every", "day"), ("was_kept", "14")];
    let send = |every, kept| [("every", every), ("kept", kept), was[0], was[1]];
    one.post("/admin/backup", &send("hour", "14")).await.is(303);
    two.post("/admin/backup", &send("day", "30")).await.is(303);
    two.get("/admin/backup").await.says("<option value=\"hour\" selected").says("<option value=\"30\" selected");
    let page = two.post("/admin/backup", &send("week", "14")).await.is(409);
    page.says("Every hour").says("Every week").says("was changed while you were writing");
    one.get("/admin/backup").await.says("<option value=\"hour\" selected");
    let asked = [("was_every", "hour"), ("was_kept", "30"), ("clash_every", "yes")];
    let answer = [&[("every", "week"), ("kept", "30"), ("keep_every", "mine")], &asked[..]].concat();
    two.post("/admin/backup", &answer).await.is(303);
    two.get("/admin/backup").await.says("<option value=\"week\" selected").says("<option value=\"30\" selected");
}

#[tokio::test(flavor = "multi_thread")]
async fn keeping_fewer_says_how_many_are_deleted() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let backups = TempDir::new().unwrap();
    let app = site(backups.path()).await;
    for _ in 0..4 {
        scheduled_backup::work(app.app.clone()).await;
        app.app.clock.advance(DAY);
    }
    let made = names(backups.path());
    assert_eq!(made.len(), 4);
    let admin = app.admin().await;
    let form = [("every", "day"), ("kept", "2"), ("was_every", "day"), ("was_kept", "14")];
    admin.post("/admin/backup", &form).await.is(422).says("Type 2 below").does_not_say("There is a problem");
    admin.post("/admin/backup", &[&form[..], &[("count", "5")]].concat()).await.is(422).says("Type 2 to delete these");
    admin.get("/admin/backup").await.says("<option value=\"14\" selected");
    admin.post("/admin/backup", &[&form[..], &[("count", "2")]].concat()).await.is(303);
    assert_eq!(names(backups.path()), made, "the next backup deletes them");
    scheduled_backup::work(app.app.clone()).await;
    assert_eq!(names(backups.path()).len(), 2);
}

#[test]
fn sites_that_share_a_folder_have_names_of_their_own() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let backups = TempDir::new().unwrap();
    for _ in 0..2 {
        let data = TempDir::new().unwrap();
        let program = Program::run(program::plinth(data.path(), &SERVE).env("PLINTH_BACKUP_DIR", backups.path()));
        program.logs("a backup was made");
        program.stop();
    }
    let sites: std::collections::BTreeSet<_> = names(backups.path()).iter().map(|name| name[..16].to_owned()).collect();
    assert_eq!(sites.len(), 2, "{sites:?}");
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_told() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let (data, file) = site_with_media(folder.path()).await;
    let nowhere = folder.path().join("nowhere");
    let says = format!("the folder {} is not there", nowhere.display());
    fails(&backup(data.path(), &nowhere.join("x.tar")), 1, &[&says]);
    fails(&backup(data.path(), &file), 1, &["There is a file", "Name a file that is not there yet"]);
    let program = Program::run(program::plinth(data.path(), &SERVE).env("PLINTH_BACKUP_DIR", &nowhere));
    program.logs("No backup can be put into the folder");
    program.stop();
}
