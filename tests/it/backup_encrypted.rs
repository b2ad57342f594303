//! Encrypted backups: who can read them, that the program `age` can, and what is said when a key or a file is the wrong one.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use plinth::app::scheduled_backup;
use tempfile::TempDir;

use crate::{
    backup::{SKIPPED, names, restore, site_with_media},
    browser,
    command_line::{fails, plinth, succeeds},
    harness::TestApp,
    postgres,
    program::{self, Program},
};

/// A public key and the secret one that belongs to it; then a secret key that does not.
const RECIPIENT: &str = "age10yq2en2rv5vj4sf8r4cx4ayrg3epy8rlppjlxytxyjjl2y5qz92se4y9zk";
const IDENTITY: &str =
    "# created by age-keygen\nAGE-SECRET-KEY-1C4NSYSWELNAQH8XQYX0893P02C5G9VVPGHQL9A0RWSX6F8DDGUMSAQGVLN\n";
const OTHER_IDENTITY: &str = "AGE-SECRET-KEY-1VTR66C6D6X3NKQLV6RCJ690PP8W93LUJL9NF95HW85SL6UAVNGUSUWAW9M\n";

fn run(data: &Path, arguments: &[&str], file: &Path, keys: &[&str]) -> Output {
    plinth(data, &[arguments, &[file.to_str().unwrap()], keys].concat(), "")
}

/// A file with this content.
fn written(folder: &Path, name: &str, content: &str) -> String {
    let file = folder.join(name);
    fs::write(&file, content).unwrap();
    file.to_str().unwrap().to_owned()
}

#[track_caller]
fn is_refused(file: &Path, keys: &[&str], says: &str) {
    let data = TempDir::new().unwrap();
    fails(&run(data.path(), &["restore"], file, keys), 1, &[says]);
    assert_eq!(names(data.path()), BTreeSet::new());
    fails(&run(data.path(), &["backup", "--verify"], file, keys), 1, &[says]);
    assert_eq!(names(data.path()), BTreeSet::new());
}

/// A site and an encrypted backup of it, beside a plain one.
async fn encrypted(folder: &Path) -> (std::sync::Arc<TempDir>, PathBuf) {
    let (data, _) = site_with_media(folder).await;
    let file = folder.join("site.tar.age");
    let said = succeeds(&run(data.path(), &["backup"], &file, &["--recipient", RECIPIENT]));
    assert!(said.contains("encrypted: the database and"), "{said}");
    (data, file)
}

#[tokio::test]
async fn the_secret_key_opens_what_was_made_for_its_public_one() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let (data, file) = encrypted(folder.path()).await;
    let whole = fs::read(&file).unwrap();
    assert!(whole.starts_with(b"age-encryption.org/v1\n-> X25519 "));
    let key = written(folder.path(), "key.txt", IDENTITY);
    let other = written(folder.path(), "other.txt", OTHER_IDENTITY);
    let said = succeeds(&run(data.path(), &["backup", "--verify"], &file, &["--identity", &key]));
    assert!(said.contains("can be restored: “"), "{said}");
    let restored = TempDir::new().unwrap();
    succeeds(&run(restored.path(), &["restore"], &file, &["--identity", &key]));
    let shards =
        |data: &Path| names(&data.join("media")).into_iter().filter(|name| name.len() == 2).collect::<BTreeSet<_>>();
    assert_eq!(shards(restored.path()), shards(data.path()));
    Program::start(restored.path()).takes("it goes on");

    is_refused(&file, &[], "It is encrypted: name the file with your key with --identity");
    is_refused(&file, &["--identity", &other], "It was encrypted for other keys than");
    is_refused(&file, &["--passphrase-file", &other], "It was encrypted for keys and with no passphrase");
    is_refused(&folder.path().join("site.tar"), &["--identity", &key], "It is not encrypted");
    let both = ["--identity", &key, "--passphrase-file", &key];
    fails(&run(restored.path(), &["restore"], &file, &both), 2, &["cannot be used with"]);
    is_refused(&file, &["--identity", "/nowhere/key.txt"], "/nowhere/key.txt cannot be read: it is not there.");
    let public = written(folder.path(), "public.txt", RECIPIENT);
    is_refused(&file, &["--identity", &public], "public.txt is not a file with secret keys");

    let damaged = folder.path().join("damaged.tar.age");
    for at in [25, 60, 130, 180, 260, whole.len() / 2, whole.len() - 1] {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(&damaged, bytes).unwrap();
        let to = TempDir::new().unwrap();
        let output = run(to.path(), &["restore"], &damaged, &["--identity", &key]);
        fails(&output, 1, &["was not restored, and nothing was changed. ", "encrypt"]);
        assert_eq!(names(to.path()), BTreeSet::new(), "a bit of byte {at}");
    }
    // Within the content and its salt, and in the head.
    let head = whole.windows(4).position(|four| four == b"\n---").unwrap() + 1 + 48 + 16;
    for bytes in [whole.len() - 1, whole.len() / 2, head + 100, head, head - 10, 100, 30] {
        fs::write(&damaged, &whole[..bytes]).unwrap();
        is_refused(&damaged, &["--identity", &key], "cut off");
    }
}

#[tokio::test]
async fn a_passphrase_comes_from_a_file_and_opens_what_it_closed() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let (data, _) = site_with_media(folder.path()).await;
    let file = folder.path().join("site.tar.age");
    let right = written(folder.path(), "right", "seven small words\n");
    let wrong = written(folder.path(), "wrong", "seven small word");
    let key = written(folder.path(), "key.txt", IDENTITY);
    succeeds(&run(data.path(), &["backup"], &file, &["--passphrase-file", &right]));
    let restored = TempDir::new().unwrap();
    succeeds(&run(restored.path(), &["restore"], &file, &["--passphrase-file", &right]));
    is_refused(&file, &["--passphrase-file", &wrong], "The passphrase is another one than it was encrypted with");
    is_refused(&file, &["--identity", &key], "It was encrypted with a passphrase");
    let unusable = folder.path().join("unusable.tar.age");
    for text in ["", "\n", "two\nlines\n"] {
        let empty = written(folder.path(), "empty", text);
        let output = run(data.path(), &["backup"], &unusable, &["--passphrase-file", &empty]);
        fails(&output, 1, &["must hold the passphrase alone, in one line"]);
    }
    let output = run(data.path(), &["backup"], &unusable, &["--identity", &key]);
    fails(&output, 1, &["name the public key that belongs to it with --recipient"]);
    let output = run(data.path(), &["backup"], &unusable, &["--recipient", "AGE-SECRET-KEY-1C4NSYSWELNAQ"]);
    fails(&output, 2, &["it must be a public key as age-keygen prints it"]);
    let mut command = program::plinth(data.path(), &["backup", unusable.to_str().unwrap()]);
    let output = program::ended(command.env("PLINTH_BACKUP_RECIPIENT", OTHER_IDENTITY.trim()));
    fails(&output, 2, &["PLINTH_BACKUP_RECIPIENT", "(a secret key)", "it must be a public key"]);
    assert!(!String::from_utf8_lossy(&output.stderr).contains("1VTR66C6D6X3"), "it is not shown");
    assert!(!unusable.exists());
}

#[tokio::test]
async fn the_program_age_reads_ours_and_we_read_what_it_writes() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let Some(age) = browser::find(&["age"]) else {
        println!("skipped: there is no age on the path; a package of that name has it");
        return;
    };
    let folder = TempDir::new().unwrap();
    let (_data, file) = encrypted(folder.path()).await;
    let key = written(folder.path(), "key.txt", IDENTITY);
    let [plain, theirs, text] = ["plain.tar", "theirs.tar.age", "text.age"].map(|name| folder.path().join(name));
    let run_age = |arguments: &[&str], to: &Path, from: &Path| {
        program::done(&Command::new(&age).args(arguments).arg("-o").arg(to).arg(from).output().unwrap());
    };
    run_age(&["--decrypt", "-i", &key], &plain, &file);
    succeeds(&restore(&plain, &folder.path().join("of-ours")));
    run_age(&["-r", RECIPIENT], &theirs, &plain);
    succeeds(&run(&folder.path().join("of-theirs"), &["restore"], &theirs, &["--identity", &key]));
    run_age(&["--armor", "-r", RECIPIENT], &text, &plain);
    is_refused(&text, &["--identity", &key], "It is encrypted as a text");
}

#[tokio::test(flavor = "multi_thread")]
async fn backups_made_by_themselves_are_encrypted_and_proved() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let (folder, backups) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (data, _) = site_with_media(folder.path()).await;
    let options = ["--backup-dir", backups.path().to_str().unwrap(), "--backup-recipient", RECIPIENT];
    let app = TestApp::over(data, &options).await;
    let admin = app.admin().await;
    admin.get("/admin/backup").await.says(RECIPIENT).says("Whether your secret key opens a backup was not tried yet");
    admin
        .post("/admin/backup", &[("every", "day"), ("kept", "2"), ("was_every", "day"), ("was_kept", "14")])
        .await
        .is(303);
    let day = 24 * 60 * 60 * 1000;
    for _ in 0..3 {
        scheduled_backup::work(app.app.clone()).await;
        app.app.clock.advance(day);
    }
    let admin = app.admin().await;
    let made = names(backups.path());
    assert!(made.len() == 2 && made.iter().all(|name| name.ends_with("Z.tar.age")), "rotated: {made:?}");
    let name = made.last().unwrap();
    let page = admin.get("/admin/backup").await.says("was restored on trial").says("the key that it was made with");
    page.says(name).does_not_say("The restore drill of");
    let file = backups.path().join(name);
    let key = written(folder.path(), "key.txt", IDENTITY);
    let other = written(folder.path(), "other.txt", OTHER_IDENTITY);
    fails(&run(app.data.path(), &["backup", "--verify"], &file, &["--identity", &other]), 1, &["other keys"]);
    admin.get("/admin/backup").await.says("was not tried yet").does_not_say("The restore drill of");
    succeeds(&run(app.data.path(), &["backup", "--verify"], &file, &["--identity", &key]));
    admin.get("/admin/backup").await.says("A key opened").does_not_say("was not tried yet");
}
