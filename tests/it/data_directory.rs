//! The program's data directory and its protection: file modes, one serving process, other programs' files, several
//! starts at once.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    time::Instant,
};

use plinth::{app::background, model::searchable, search::indexer};
use sqlx::{Connection, Executor, SqliteConnection};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::{
    contact,
    harness::TestApp,
    postgres,
    program::{PATIENCE, Program, SERVE, done, ended, plinth, refused, skipped},
};

/// Everything in a directory, and the directory itself.
fn everything(directory: &Path) -> Vec<PathBuf> {
    let mut found = vec![directory.to_owned()];
    let mut at = 0;
    while let Some(path) = found.get(at).cloned() {
        at += 1;
        if path.is_dir() {
            found.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
    }
    found
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

/// The program with a mask that leaves everything open to everyone.
fn careless(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", "umask 0; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_plinth")]).args(arguments);
    command.env_clear().env("PLINTH_DATA", data).current_dir(std::env::temp_dir());
    command
}

#[test]
fn nobody_else_can_read_what_the_program_makes() {
    let dir = TempDir::new().unwrap();
    let (data, export) = (dir.path().join("data"), dir.path().join("export"));
    let program = Program::run(&mut careless(&data, &SERVE));
    program.takes("private");
    program.logs("the search index was made");
    done(&ended(careless(&data, &["export", export.to_str().unwrap()])));
    let all = [everything(&data), everything(&export)].concat();
    assert!(all.len() > 20, "{all:?}");
    for path in all {
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(&path), expected, "{}", path.display());
    }
    assert!(!program.log().contains("Others on this machine"), "{}", program.log());
    program.stop();
    fs::set_permissions(&data, fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(data.join("plinth.db"), fs::Permissions::from_mode(0o644)).unwrap();
    let program = Program::start(&data);
    for line in ["plinth.db (644)", "data (755)"] {
        assert!(program.log().contains(line), "“{line}” is not in: {}", program.log());
    }
}

/// The content of a file, read by another process: closing it in this one would release SQLite's locks.
fn bytes(path: &Path) -> Vec<u8> {
    Command::new("cat").arg(path).output().unwrap().stdout
}

pub fn holds(data: &Path, text: &str) -> Vec<PathBuf> {
    let mut found = everything(data);
    found.retain(|path| path.is_file() && bytes(path).windows(text.len()).any(|part| part == text.as_bytes()));
    found
}

#[tokio::test]
async fn a_deleted_message_cannot_be_read_in_any_file() {
    const SECRET: &str = "Zarathustra-4711";
    if postgres::skips("it is about the files of SQLite") {
        return;
    }
    let app = TestApp::new().await;
    let data = app.data.path();
    let (stop, state) = (CancellationToken::new(), app.app.clone());
    let indexer = tokio::spawn({
        let stop = stop.clone();
        async move { indexer::run(&state.search, &state.db, stop).await }
    });
    let reference = contact::send(&app, &[("body", SECRET)]).await;
    contact::send(&app, &[("body", "Another one, which stays.")]).await;
    let id = contact::message(&app, &reference).await.id;
    app.app.search.wait_for(searchable::newest(app.app.read()).await.unwrap().id).await;
    assert!(!holds(data, SECRET).is_empty(), "it is stored");
    let admin = app.admin().await;
    let question = admin.get(&format!("/admin/messages/{id}/delete")).await.is(200);
    let (_, rest) = question.text.split_once("name=\"expected_version\" value=\"").unwrap();
    let seen = rest.split_once('"').unwrap().0;
    admin.post(&format!("/admin/messages/{id}/delete"), &[("expected_version", seen)]).await.is(303);
    app.app.search.wait_for(searchable::newest(app.app.read()).await.unwrap().id).await;
    // It is in the log still, unless that was written over meanwhile.
    background::tick(&app.app).await.unwrap();
    // The index gets round to erasing it when it is idle.
    let erased = async {
        while !holds(data, SECRET).is_empty() {
            tokio::task::yield_now().await;
        }
    };
    let in_time = tokio::time::timeout(PATIENCE, erased).await;
    assert!(in_time.is_ok(), "it is in {:?}", holds(data, SECRET));
    stop.cancel();
    indexer.await.unwrap();
}

#[test]
fn settings_come_from_the_working_directory_only() {
    let dir = TempDir::new().unwrap();
    let inside = dir.path().join("inside");
    fs::create_dir(&inside).unwrap();
    fs::write(dir.path().join(".env"), "PLINTH_DATA=elsewhere\n").unwrap();
    let run = || Command::new(env!("CARGO_BIN_EXE_plinth")).arg("migrate").env_clear().current_dir(&inside).output();
    done(&run().unwrap());
    assert!(inside.join("data").join("plinth.db").exists());
    fs::write(inside.join(".env"), "PLINTH_DATA=here\n").unwrap();
    done(&run().unwrap());
    assert!(inside.join("here").exists() && !inside.join("elsewhere").exists());
}

#[test]
fn a_second_serving_process_is_told_who_is_first() {
    let dir = TempDir::new().unwrap();
    let (data, other) = (dir.path().join("data"), dir.path().join("other"));
    let program = Program::start(&data);
    let process = format!("process {}", program.id());
    let says = ["Another Plinth", process.as_str(), "plinth.db", "PLINTH_DATA"];
    refused(&ended(plinth(&data, &SERVE)), &says);
    // The same database by another path, and the same data directory for another database.
    std::os::unix::fs::symlink(&data, dir.path().join("link")).unwrap();
    refused(&ended(plinth(&dir.path().join("link"), &SERVE)), &says);
    let url = format!("sqlite:{}", data.join("plinth.db").display());
    refused(&ended(plinth(&other, &SERVE).env("DATABASE_URL", url)), &says);
    let url = format!("sqlite:{}", other.join("site.db").display());
    refused(&ended(plinth(&data, &SERVE).env("DATABASE_URL", url)), &says[..1]);
    // Everything else goes on beside it.
    let export = dir.path().join("export");
    done(&ended(plinth(&data, &["export", export.to_str().unwrap()])));
    for command in [&["migrate"][..], &["user", "list"], &["import", export.to_str().unwrap()]] {
        done(&ended(plinth(&data, command)));
    }
    program.takes("still served");
    drop(program);
    // After a kill nothing has to be cleared away.
    Program::start(&data).takes("served again");
}

#[test]
fn a_database_with_two_names_is_refused_until_it_has_one() {
    let dir = TempDir::new().unwrap();
    let (data, other) = (dir.path().join("data"), dir.path().join("other"));
    let program = Program::start(&data);
    fs::create_dir(&other).unwrap();
    fs::hard_link(data.join("plinth.db"), other.join("plinth.db")).unwrap();
    let says = ["plinth.db has 2 names (hard links)", "find / -samefile", "plinth backup"];
    for command in [&SERVE[..], &["migrate"], &["user", "list"], &["import", "starter-empty"], &["audit", "verify"]] {
        let mut command = plinth(&other, command);
        refused(&ended(command.current_dir(env!("CARGO_MANIFEST_DIR"))), &says);
    }
    program.takes("by its first name");
    program.stop();
    refused(&ended(plinth(&data, &SERVE)), &says);
    fs::remove_file(other.join("plinth.db")).unwrap();
    Program::start(&data).takes("with one name again");
}

/// Mounts one file at the place of another, as containers do.
struct MountedFile(PathBuf);

impl MountedFile {
    fn mount(from: &Path, at: &Path) -> Option<Self> {
        fs::write(at, "").unwrap();
        let done = Command::new("mount").arg("--bind").args([from, at]).output();
        if done.is_ok_and(|done| done.status.success()) {
            return Some(Self(at.to_owned()));
        }
        skipped("mounting a file is not allowed here");
        None
    }
}

impl Drop for MountedFile {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[test]
fn a_database_that_is_mounted_without_its_directory_is_refused() {
    let dir = TempDir::new().unwrap();
    let (data, other) = (dir.path().join("data"), dir.path().join("other"));
    let program = Program::start(&data);
    fs::create_dir(&other).unwrap();
    let Some(_mounted) = MountedFile::mount(&data.join("plinth.db"), &other.join("plinth.db")) else { return };
    for command in [&SERVE[..], &["migrate"]] {
        refused(&ended(plinth(&other, command)), &["mounted as a single file", "Mount its directory"]);
    }
    program.takes("where it is");
}

#[test]
fn starts_at_the_same_time_do_not_harm_one_another() {
    for _ in 0..3 {
        let dir = TempDir::new().unwrap();
        let data = dir.path().join("data");
        let begin = |arguments: &[&str]| {
            plinth(&data, arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let commands: Vec<_> = (0..6).map(|_| begin(&["migrate"])).collect();
        let program = Program::start(&data);
        for command in commands {
            done(&command.wait_with_output().unwrap());
        }
        program.takes("the one site");
    }
}

#[test]
fn of_two_first_starts_one_serves() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    let log = |name: &str| fs::File::create(dir.path().join(name)).unwrap();
    let mut starts: Vec<_> = (0..4)
        .map(|number| plinth(&data, &SERVE).stdout(Stdio::null()).stderr(log(&number.to_string())).spawn().unwrap())
        .collect();
    // All but one end by themselves.
    let mut ended = Vec::new();
    let since = Instant::now();
    while ended.len() < 3 {
        assert!(since.elapsed() < PATIENCE, "more than one serves");
        for (number, start) in starts.iter_mut().enumerate() {
            if !ended.contains(&number) && start.try_wait().unwrap().is_some() {
                ended.push(number);
            }
        }
        std::thread::yield_now();
    }
    for (number, mut start) in starts.into_iter().enumerate() {
        if !ended.contains(&number) {
            start.kill().unwrap();
            start.wait().unwrap();
            continue;
        }
        let said = fs::read_to_string(dir.path().join(number.to_string())).unwrap();
        assert!(said.starts_with("plinth: Another Plinth") && said.contains("serves the site in"), "{said}");
    }
}

async fn with_table(file: &Path, more: &str) {
    let url = format!("sqlite:{}?mode=rwc", file.display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    connection.execute("create table moz_places (id integer primary key)").await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(more.to_owned())).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_file_of_another_program_is_refused_and_left_alone() {
    for more in ["", "pragma application_id = 1196437808", "pragma journal_mode = wal"] {
        let data = TempDir::new().unwrap();
        let file = data.path().join("plinth.db");
        with_table(&file, more).await;
        let before = fs::read(&file).unwrap();
        for command in [&SERVE[..], &["migrate"], &["user", "list"]] {
            let output = ended(plinth(data.path(), command));
            refused(&output, &[file.to_str().unwrap(), "another program", "PLINTH_DATA"]);
        }
        assert_eq!(fs::read(&file).unwrap(), before);
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 2, "the file, and the lock file of serving");
    }
    let data = TempDir::new().unwrap();
    let url = format!("sqlite:{}", data.path().join("places.sqlite").display());
    with_table(&data.path().join("places.sqlite"), "").await;
    let output = ended(plinth(data.path(), &["migrate"]).env("DATABASE_URL", url));
    refused(&output, &["places.sqlite", "another program", "“moz_places”", "DATABASE_URL"]);
}

#[test]
fn a_wrong_file_or_path_is_told_in_a_sentence() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    fs::create_dir(&data).unwrap();
    let file = data.join("plinth.db");
    fs::write(&file, b"these bytes are no database at all\n".repeat(200)).unwrap();
    refused(&ended(plinth(&data, &SERVE)), &[file.to_str().unwrap(), "not a database", "PLINTH_DATA"]);
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    refused(&ended(plinth(&data, &["migrate"])), &[file.to_str().unwrap(), "not a file", "PLINTH_DATA"]);
    fs::remove_dir(&file).unwrap();
    fs::write(&file, "").unwrap();
    done(&ended(plinth(&data, &["migrate"])));
    let output = ended(plinth(&file, &["migrate"]));
    refused(&output, &["The data directory", file.to_str().unwrap(), "a file in its place", "PLINTH_DATA"]);
    let other = dir.path().join("other");
    for url in ["sqlite::memory:", "sqlite:a.db?immutable=1", "sqlite:", "sqlite:a.db?mode=memory"] {
        let output = ended(plinth(&other, &["migrate"]).env("DATABASE_URL", url));
        refused(&output, &["DATABASE_URL must name a file"]);
    }
    assert!(!other.exists());
}

#[tokio::test]
async fn a_database_begun_by_sqlx_cli_is_ours() {
    if postgres::skips("it is about the files of SQLite") {
        return;
    }
    // With the id that the first migration sets, and by its migrations alone.
    for is_marked in [true, false] {
        let data = Arc::new(TempDir::new().unwrap());
        let url = format!("sqlite:{}?mode=rwc", data.path().join("plinth.db").display());
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
        sqlx::migrate::Migrator::new(folder).await.unwrap().run_to(20_261_123_000_001, &mut connection).await.unwrap();
        let (own,): (i32,) = sqlx::query_as("pragma application_id").fetch_one(&mut connection).await.unwrap();
        assert_eq!(own.to_be_bytes(), *b"Plnt");
        if !is_marked {
            sqlx::query("pragma application_id = 0").execute(&mut connection).await.unwrap();
        }
        connection.close().await.unwrap();
        TestApp::over(data, &[]).await.visitor().get("/").await.is(200);
    }
}

/// The program with another file as `/etc/fstab`, for it alone. None when this machine does not permit that.
fn with_fstab(fstab: &Path, data: &Path, arguments: &[&str]) -> Option<std::process::Output> {
    let script = "mount --bind \"$1\" /etc/fstab || exit 77; shift; exec \"$@\"";
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-c", script, "sh"]).arg(fstab).arg(env!("CARGO_BIN_EXE_plinth")).args(arguments);
    command.env("PLINTH_DATA", data).current_dir(std::env::temp_dir());
    let output = command.output().ok()?;
    if output.status.code() == Some(77) || String::from_utf8_lossy(&output.stderr).starts_with("unshare:") {
        skipped("a file system table of one's own is not allowed here");
        return None;
    }
    Some(output)
}

#[test]
fn no_new_site_is_begun_where_a_volume_is_not_mounted() {
    let dir = TempDir::new().unwrap();
    let (fstab, data) = (dir.path().join("fstab"), dir.path().join("volume").join("data"));
    let volume = data.parent().unwrap().to_owned();
    fs::create_dir(&volume).unwrap();
    fs::write(&fstab, format!("/dev/sdz1 {} ext4 defaults 0 2\n", volume.display())).unwrap();
    let Some(output) = with_fstab(&fstab, &data, &["migrate"]) else { return };
    refused(&output, &["/etc/fstab", volume.to_str().unwrap(), "not mounted", "PLINTH_DATA", "--new-site"]);
    assert!(!data.join("plinth.db").exists());
    done(&with_fstab(&fstab, &data, &["migrate", "--new-site"]).unwrap());
    // A database that is there needs no volume.
    done(&with_fstab(&fstab, &data, &["migrate"]).unwrap());
    // And an empty directory without an entry there counts as missing.
    let empty = dir.path().join("empty");
    fs::create_dir(&empty).unwrap();
    done(&with_fstab(&fstab, &empty, &["migrate"]).unwrap());
}
