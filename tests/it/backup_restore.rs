//! What a restore moves aside stays whole: when it is done twice, and wherever it is killed.

use std::{fs, path::Path, process::Command};

use tempfile::TempDir;

use crate::{
    backup::{SKIPPED, messages, names, replace, restore, site_with_media},
    command_line::{fails, succeeds},
    postgres,
    program::{self, Program, plinth, refused},
};

fn aside(data: &Path) -> Vec<String> {
    names(data).into_iter().filter(|name| name.starts_with("before-restore-")).collect()
}

/// A site that was killed, with a message that is in the log of its database only.
fn killed_site() -> TempDir {
    let data = TempDir::new().unwrap();
    let mut program = Program::start(data.path());
    program.takes("of the other site");
    program.kill();
    assert!(fs::metadata(data.path().join("plinth.db-wal")).unwrap().len() > 0);
    fs::create_dir_all(data.path().join("media/ab")).unwrap();
    fs::write(data.path().join("media/ab/old"), "of the other site").unwrap();
    data
}

fn copy(from: &Path, to: &Path) {
    let done = Command::new("cp").arg("-a").arg(from.join(".")).arg(to).status().unwrap();
    assert!(done.success());
}

async fn holds_the_other_site(folder: &Path) -> bool {
    folder.join("media/ab/old").exists() && messages(folder).await.iter().any(|body| body.contains("of the other site"))
}

#[tokio::test]
async fn restores_in_the_same_second_keep_each_site_aside() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let (_site, file) = site_with_media(folder.path()).await;
    let data = killed_site();
    for times in 1..=4 {
        let said = succeeds(&replace(&file, data.path()));
        let kept = aside(data.path());
        assert_eq!(kept.len(), times, "{kept:?}");
        assert_eq!(said.matches("What was there is in").count(), 1, "{said}");
    }
    let mut of_the_other = 0;
    for kept in aside(data.path()) {
        of_the_other += usize::from(holds_the_other_site(&data.path().join(kept)).await);
    }
    assert_eq!(of_the_other, 1, "the first site is whole");
}

#[tokio::test]
async fn a_restore_over_a_site_may_be_killed_anywhere() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let (folder, faults) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (_site, file) = site_with_media(folder.path()).await;
    let original = killed_site();
    let mut refusals = 0;
    for time in 1.. {
        let data = TempDir::new().unwrap();
        copy(original.path(), data.path());
        let mut command = plinth(data.path(), &["restore", "--replace", file.to_str().unwrap()]);
        let Some(output) = Program::killed_at_rename(&mut command, faults.path(), time) else { return };
        if output.status.success() {
            assert!(time > 6, "{time}");
            break;
        }
        if names(data.path()).contains("restore-plan.json") {
            refusals += 1;
            let said = refused(&program::ended(plinth(data.path(), &program::SERVE)), &["did not finish"]);
            assert_eq!(said.contains("restore --replace FILE"), !aside(data.path()).is_empty(), "{said}");
            // What cannot be restored puts back what was there.
            let again = TempDir::new().unwrap();
            copy(data.path(), again.path());
            let output = replace(Path::new("/nowhere/site.tar"), again.path());
            assert!(!output.status.success());
            let broken = folder.path().join("broken.tar");
            fs::write(&broken, "no backup").unwrap();
            assert!(!replace(&broken, again.path()).status.success());
            assert!(holds_the_other_site(again.path()).await, "killed at {time}");
            Program::start(again.path()).takes("it goes on");
        }
        let said = succeeds(&replace(&file, data.path()));
        let kept = aside(data.path());
        assert_eq!(kept.len(), 1, "killed at {time}: {kept:?}");
        assert!(said.contains(&kept[0]) && said.matches("What was there is in").count() == 1, "{said}");
        assert!(holds_the_other_site(&data.path().join(&kept[0])).await, "killed at {time}");
        assert_eq!(messages(data.path()).await, Vec::<String>::new());
        let left = names(data.path());
        assert!(!left.contains("restore-partial") && !left.contains("restore-plan.json"), "{left:?}");
        Program::start(data.path()).takes("of the restored one");
    }
    assert!(refusals > 4, "{refusals}");
}

#[tokio::test]
async fn a_restore_into_an_empty_place_may_be_killed_anywhere() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let (folder, faults) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (_site, file) = site_with_media(folder.path()).await;
    for time in 1.. {
        let data = TempDir::new().unwrap();
        let mut command = plinth(data.path(), &["restore", file.to_str().unwrap()]);
        let Some(output) = Program::killed_at_rename(&mut command, faults.path(), time) else { return };
        if output.status.success() {
            assert!(time > 3, "{time}");
            break;
        }
        let serve = program::ended(plinth(data.path(), &program::SERVE));
        refused(&serve, &["did not finish", "plinth restore"]);
        succeeds(&restore(&file, data.path()));
        assert!(aside(data.path()).is_empty());
        fails(&restore(&file, data.path()), 1, &["There is a site in"]);
    }
}

#[tokio::test]
async fn the_start_takes_away_what_a_restore_has_unpacked() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let data = killed_site();
    fs::create_dir(data.path().join("restore-partial")).unwrap();
    fs::write(data.path().join("restore-partial/plinth.db"), "left").unwrap();
    Program::start(data.path()).takes("it goes on");
    assert!(!names(data.path()).contains("restore-partial"));
}
