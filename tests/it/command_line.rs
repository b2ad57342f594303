//! The program as a maintainer starts it: a real process, its output and its exit code.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output, Stdio},
    sync::Arc,
};

use sqlx::{Connection, Executor, SqliteConnection};
use tempfile::TempDir;

use plinth::db::migrator;

use crate::harness::{PASSWORD, TestApp};

const NEW: &str = "copper lantern willow drum";

/// Runs `plinth` with nothing in its environment but the data directory.
pub fn plinth(data: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = crate::program::plinth(data, arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that needs no input may have ended already.
    let _ = child.stdin.take().expect("its input").write_all(input.as_bytes());
    child.wait_with_output().expect("its end")
}

#[track_caller]
pub fn succeeds(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[track_caller]
pub fn fails(output: &Output, code: i32, says: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert_eq!(output.stdout, b"");
    for part in says {
        assert!(said.contains(part), "“{part}” is not in: {said}");
    }
}

fn add(data: &Path, email: &str, name: &str, role: &str, input: &str) -> Output {
    let arguments = ["user", "add", "--email", email, "--name", name, "--role", role, "--password-stdin"];
    plinth(data, &arguments, input)
}

#[tokio::test]
async fn users_are_added_and_listed_and_get_new_passwords() {
    if crate::postgres::skips("the first command makes the file of SQLite") {
        return;
    }
    let directory = Arc::new(TempDir::new().unwrap());
    let data = directory.path();
    fails(&plinth(data, &["user", "list"], ""), 1, &["There is no database at", data.to_str().unwrap()]);
    assert_eq!(fs::read_dir(data).unwrap().count(), 0, "a question makes no database");
    succeeds(&plinth(data, &["migrate"], ""));
    assert_eq!(succeeds(&plinth(data, &["user", "list"], "")), "");
    let said = succeeds(&add(data, "Ada@Portal.example", "Ada  Admin", "administrator", &format!("{PASSWORD}\n")));
    assert_eq!(said, "Ada Admin can sign in as ada@portal.example and is an administrator.\n");
    succeeds(&add(data, "eve@portal.example", "Eve", "editor", &format!("{PASSWORD}\r\n")));
    let list = "ada@portal.example\tAda Admin\tadministrator\tactive\neve@portal.example\tEve\teditor\tactive\n";
    assert_eq!(succeeds(&plinth(data, &["user", "list"], "")), list);

    let password = ["user", "password", "--email", "EVE@portal.example", "--password-stdin"];
    assert!(succeeds(&plinth(data, &password, NEW)).contains("Eve has a new password"));
    let nobody = ["user", "password", "--email", "no@portal.example", "--password-stdin"];
    fails(&plinth(data, &nobody, NEW), 1, &["Nobody has the e-mail address no@portal.example."]);

    let app = TestApp::over(directory, &[]).await;
    for (email, password, status) in
        [("ada@portal.example", PASSWORD, 303), ("eve@portal.example", PASSWORD, 422), ("eve@portal.example", NEW, 303)]
    {
        app.visitor().post("/admin/sign-in", &[("email", email), ("password", password)]).await.is(status);
    }
}

#[test]
fn what_breaks_a_rule_is_refused_in_a_sentence() {
    let data = TempDir::new().unwrap();
    let data = data.path();
    fails(&add(data, "ada", " ", "editor", PASSWORD), 1, &["Enter a name of", "Enter an e-mail address"]);
    fails(&add(data, "a@b.example", "Ada", "editor", ""), 1, &["no password on standard input"]);
    fails(&add(data, "a@b.example", "Ada", "editor", "short\n"), 1, &["plinth: Choose a password of at least 12"]);
    fails(&add(data, "a@b.example", "Ada", "editor", "qwertyuiop123"), 1, &["most used passwords"]);
    fails(&add(data, "a@b.example", "Ada", "owner", PASSWORD), 2, &["administrator or editor"]);
    let without = ["user", "add", "--email", "a@b.example", "--name", "Ada", "--role", "editor"];
    fails(&plinth(data, &without, PASSWORD), 2, &["--password-stdin"]);
    assert_eq!(succeeds(&plinth(data, &["user", "list"], "")), "", "nobody was added");
    succeeds(&add(data, "a@b.example", "Ada", "editor", PASSWORD));
    fails(
        &add(data, "a@b.example", "Ada", "editor", PASSWORD),
        1,
        &["There is already an account with this e-mail address."],
    );
}

#[test]
fn a_data_directory_that_cannot_be_is_told() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("a-file");
    fs::write(&file, "a file").unwrap();
    let data = file.join("data");
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["migrate"]] {
        fails(&plinth(&data, command, ""), 1, &["The data directory", data.to_str().unwrap(), "cannot be created"]);
    }
    assert_eq!(fs::read(&file).unwrap(), b"a file");
}

#[test]
fn a_damaged_database_is_told_and_left_alone() {
    let data = TempDir::new().unwrap();
    let file = data.path().join("plinth.db");
    let damaged = b"this is no database, but it may be all that someone has left of one\n".repeat(100);
    fs::write(&file, &damaged).unwrap();
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["migrate"]] {
        fails(&plinth(data.path(), command, ""), 1, &[file.to_str().unwrap(), "not a database"]);
    }
    assert_eq!(fs::read(&file).unwrap(), damaged);
}

#[test]
fn a_port_in_use_is_told_before_anything_is_made() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    let output = plinth(&data, &["--listen", &address], "");
    fails(&output, 1, &["Cannot listen on", &address, "PLINTH_LISTEN"]);
    assert!(!data.exists());
}

#[tokio::test]
async fn a_newer_database_is_refused() {
    let data = TempDir::new().unwrap();
    succeeds(&plinth(data.path(), &["migrate"], ""));
    let file = data.path().join("plinth.db");
    let mut database = SqliteConnection::connect(&format!("sqlite:{}", file.display())).await.unwrap();
    database
        .execute(
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
             values (29991231000001, 'from the future', true, x'00', 0)",
        )
        .await
        .unwrap();
    database.close().await.unwrap();
    let says = [file.to_str().unwrap(), "newer than this program", "29991231000001"];
    fails(&plinth(data.path(), &["serve", "--listen", "127.0.0.1:0"], ""), 1, &says);
    fails(&plinth(data.path(), &["user", "list"], ""), 1, &says);
}

#[test]
fn a_site_travels_by_the_command_line() {
    let dir = TempDir::new().unwrap();
    let (one, two) = (dir.path().join("one"), dir.path().join("two"));
    let starter = concat!(env!("CARGO_MANIFEST_DIR"), "/starter");
    let questions = crate::starter_content::read("items").len();
    let told = format!("Imported 147 pages and {questions} questions; {}", 147 + questions);
    assert!(succeeds(&plinth(&one, &["import", starter], "")).starts_with(&told));
    let first = dir.path().join("first");
    succeeds(&plinth(&one, &["export", first.to_str().unwrap()], ""));
    fails(&plinth(&one, &["export", first.to_str().unwrap()], ""), 1, &["is not empty"]);
    succeeds(&plinth(&two, &["import", first.to_str().unwrap()], ""));
    assert!(succeeds(&plinth(&two, &["import", first.to_str().unwrap()], "")).contains("0 versions were new"));
    let empty = dir.path().join("one");
    fails(&plinth(&two, &["import", empty.to_str().unwrap()], ""), 1, &["holds no site"]);
    fails(&plinth(&two, &["import", "/nowhere"], ""), 1, &["/nowhere cannot be read"]);
}

#[test]
fn a_setting_that_cannot_be_understood_stops_the_program() {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join(".env"), "PLINTH_LOG=info\nX=My Portal x\nPLINTH_DATA=elsewhere\n").unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_plinth"));
    let output = command.arg("migrate").env_clear().current_dir(dir.path()).output().unwrap();
    fails(&output, 1, &["The file .env cannot be read"]);
    assert!(!dir.path().join("data").exists());
    let other = plinth(dir.path(), &["migrate", "--database-url", "mysql://a/b"], "");
    fails(&other, 1, &["DATABASE_URL must begin with sqlite: or postgres:"]);
    let odd = dir.path().join("my data?x%41");
    succeeds(&plinth(&odd, &["migrate"], ""));
    assert!(odd.join("plinth.db").exists());
}

#[tokio::test]
async fn the_audit_log_is_checked_at_the_terminal() {
    let dir = TempDir::new().unwrap();
    let data = dir.path();
    let starter = concat!(env!("CARGO_MANIFEST_DIR"), "/starter");
    succeeds(&plinth(data, &["import", starter], ""));
    let head = succeeds(&plinth(data, &["audit", "head"], ""));
    let verify = ["audit", "verify", "--head", head.trim()];
    let said = succeeds(&plinth(data, &verify, ""));
    assert!(said.contains("nothing up to it was changed since") && said.contains(&format!("Head: {head}")), "{said}");
    fails(&plinth(data, &["audit", "verify", "--head", "x"], ""), 2, &["a number, a colon and 64"]);
    let mut file = SqliteConnection::connect(&format!("sqlite:{}", data.join("plinth.db").display())).await.unwrap();
    file.execute("drop trigger revision_keeps_values").await.unwrap();
    file.execute("update revision set body = 'Forged.' where id = 9").await.unwrap();
    file.close().await.unwrap();
    fails(&plinth(data, &["audit", "verify"], ""), 1, &["Revision 9 is not what was recorded"]);
    let other = format!("999999:{}", "0".repeat(64));
    let says = ["There is no entry 999999 yet", "Revision 9"];
    fails(&plinth(data, &["audit", "verify", "--head", &other], ""), 1, &says);
}

#[test]
fn the_head_of_the_audit_log_is_logged_at_the_start() {
    let data = TempDir::new().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_plinth"))
        .args(["serve", "--listen", "127.0.0.1:0"])
        .env_clear()
        .env("PLINTH_DATA", data.path())
        .current_dir(std::env::temp_dir())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let lines = BufReader::new(child.stderr.take().expect("its log")).lines();
    let found = lines.map_while(Result::ok).take(50).find(|line| line.contains("the head of the audit log"));
    child.kill().unwrap();
    child.wait().unwrap();
    let line = found.expect("the head is in the log");
    assert!(line.contains("head=") || line.contains("head"), "{line}");
    let hash = line.rsplit(':').next().unwrap();
    assert!(hash.chars().filter(char::is_ascii_hexdigit).count() >= 64, "{line}");
}

#[test]
fn nobody_has_to_read_what_a_command_says() {
    let data = TempDir::new().unwrap();
    for arguments in [&["migrate"][..], &["user", "list"]] {
        let full = || std::fs::File::options().write(true).open("/dev/full").unwrap();
        let mut command = crate::program::plinth(data.path(), arguments);
        assert!(command.stdout(full()).stderr(full()).status().unwrap().success(), "{arguments:?}");
    }
    let mut command = crate::program::plinth(data.path(), &["import", "nothing here"]);
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    assert_eq!(command.stderr(full).status().unwrap().code(), Some(1));
}

#[tokio::test]
async fn the_audit_commands_write_nothing() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    let starter = concat!(env!("CARGO_MANIFEST_DIR"), "/starter-empty");
    succeeds(&plinth(&data, &["import", starter], ""));
    let file = data.join("plinth.db");
    let before = fs::read(&file).unwrap();
    let (made, names) = (fs::metadata(&file).unwrap().modified().unwrap(), || {
        let mut names: Vec<_> = fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    });
    let there = names();
    let head = succeeds(&plinth(&data, &["audit", "head"], ""));
    succeeds(&plinth(&data, &["audit", "verify", "--head", head.trim()], ""));
    assert!(fs::read(&file).unwrap() == before && fs::metadata(&file).unwrap().modified().unwrap() == made);
    assert_eq!(names(), there, "nothing is left beside it");

    // A copy that nobody can write to, such as a mounted backup.
    let copy = dir.path().join("copy");
    fs::create_dir(&copy).unwrap();
    fs::copy(&file, copy.join("plinth.db")).unwrap();
    let url = format!("sqlite:{}", copy.join("plinth.db").display());
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o500)).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_plinth"))
        .args(["audit", "head"])
        .env_clear()
        .env("DATABASE_URL", &url)
        .env("PLINTH_DATA", &copy)
        .current_dir(std::env::temp_dir())
        .output()
        .unwrap();
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(succeeds(&output), head);

    // A database of an older program is not migrated on the way.
    let mut old = SqliteConnection::connect(&url).await.unwrap();
    old.execute("delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)")
        .await
        .unwrap();
    old.close().await.unwrap();
    for arguments in [["audit", "head"], ["audit", "verify"]] {
        fails(&plinth(&copy, &arguments, ""), 1, &["plinth migrate", "nothing in it was changed"]);
    }
    let mut old = SqliteConnection::connect(&url).await.unwrap();
    let (applied,): (i64,) = sqlx::query_as("select count(*) from _sqlx_migrations").fetch_one(&mut old).await.unwrap();
    assert_eq!(usize::try_from(applied).unwrap() + 1, migrator::list().count());
    let missing = dir.path().join("missing");
    fails(&plinth(&missing, &["audit", "head"], ""), 1, &["There is no database"]);
    assert!(!missing.exists());
}
