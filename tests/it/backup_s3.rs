//! Backups in a bucket: put there when they are proved, deleted when they are old, tried again when the service does not take them.

use std::fs;

use plinth::app::scheduled_backup;
use tempfile::TempDir;

use crate::{
    backup::{SKIPPED, names, site_with_media},
    command_line::{fails, plinth},
    harness::TestApp,
    media_s3::{self, KEY},
    postgres,
};

const MINUTE: i64 = 60 * 1000;
const DAY: i64 = 24 * 60 * MINUTE;

/// The names of what lies in a folder of the service.
fn objects(folder: &str) -> Vec<String> {
    let mut names: Vec<_> = media_s3::objects(folder);
    names.sort();
    names.into_iter().map(|object| object.rsplit_once('/').unwrap().1.to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn proved_backups_are_put_into_the_bucket_and_old_ones_deleted_there() {
    if postgres::skips(SKIPPED) || media_s3::skips("these backups have a service of their own") {
        return;
    }
    let Some((_service, server)) = media_s3::start_service() else { return };
    let (folder, backups) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (data, _) = site_with_media(folder.path()).await;
    let bucket = format!("{server}/vault");
    let place = format!("{bucket}/portal");
    let options = ["--backup-dir", backups.path().to_str().unwrap(), "--backup-s3", &place];
    let key = ["--backup-s3-key-id", KEY.0, "--backup-s3-secret", KEY.1];
    let app = TestApp::over(data, &[&options[..], &key].concat()).await;
    let admin = app.admin().await;
    let work = async || scheduled_backup::work(app.app.clone()).await;

    // There is no such bucket yet.
    work().await;
    admin.get("/admin").await.says("The last backup is not in the bucket yet");
    let page =
        admin.get("/admin/backup").await.says("is not in the bucket yet").says("The service for objects answers");
    page.does_not_say(KEY.0).does_not_say(KEY.1);
    media_s3::ask("PUT", &bucket);
    work().await;
    assert_eq!(objects(&place).len(), 0, "it waits for ten minutes");
    app.app.clock.advance(10 * MINUTE);
    work().await;
    let [first] = objects(&place).try_into().unwrap();
    assert_eq!(media_s3::read(&format!("{place}/{first}")), fs::read(backups.path().join(&first)).unwrap());
    admin.get("/admin/backup").await.says(&format!("{first} was put into the bucket"));
    admin.get("/admin").await.does_not_say("not in the bucket");

    admin
        .post("/admin/backup", &[("every", "day"), ("kept", "2"), ("was_every", "day"), ("was_kept", "14")])
        .await
        .is(303);
    for _ in 0..3 {
        app.app.clock.advance(DAY);
        work().await;
    }
    let here: Vec<_> = names(backups.path()).into_iter().collect();
    assert_eq!((objects(&place), here.len()), (here.clone(), 2));
    // One that is sent in parts.
    let name = format!("{}2999-01-01T00-00-00Z.tar", &here[0][..16]);
    let content: Vec<u8> = (0..20_000_000_u32).map(|at| at.to_le_bytes()[0] ^ at.to_le_bytes()[2]).collect();
    fs::write(backups.path().join(&name), &content).unwrap();
    work().await;
    assert_eq!(media_s3::read(&format!("{place}/{name}")), content);
}

#[test]
fn a_bucket_needs_a_folder_and_a_key() {
    let (data, backups) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let serve = |more: &[&str]| {
        plinth(
            data.path(),
            &[&["serve", "--listen", "127.0.0.1:0", "--backup-s3", "https://s3.example/b"], more].concat(),
            "",
        )
    };
    fails(&serve(&[]), 1, &["PLINTH_BACKUP_S3 is set, so PLINTH_BACKUP_DIR has to be set too"]);
    let says = "PLINTH_BACKUP_S3 is set, so PLINTH_BACKUP_S3_KEY_ID and PLINTH_BACKUP_S3_SECRET have to be set too";
    fails(&serve(&["--backup-dir", backups.path().to_str().unwrap()]), 1, &[says]);
}
