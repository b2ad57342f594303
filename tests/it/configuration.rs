//! What a maintainer sets, as they type it: each error names the setting, and help shows the options that apply.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Command, Output, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use crate::{
    command_line::{fails, plinth, succeeds},
    harness::TestApp,
};

/// Runs `plinth` in a directory with these variables and nothing else.
fn run(directory: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plinth"));
    command.args(arguments).env_clear().envs(variables.iter().copied()).current_dir(directory);
    command.output().expect("the program runs")
}

/// What `plinth` prints once it serves, in so many lines; it is stopped then.
fn announced(directory: &Path, variables: &[(&str, &str)], lines: usize) -> Vec<String> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_plinth"))
        .env_clear()
        .envs(variables.iter().copied())
        .current_dir(directory)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let said = BufReader::new(child.stdout.take().unwrap()).lines().take(lines).map(Result::unwrap).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    said
}

#[test]
fn an_address_is_read_as_it_is_usually_written_and_printed_so_that_it_opens() {
    for (typed, host) in
        [("localhost:0", "127.0.0.1"), (":0", "127.0.0.1"), ("0", "127.0.0.1"), ("0.0.0.0:0", "127.0.0.1")]
    {
        let dir = TempDir::new().unwrap();
        let said = announced(dir.path(), &[("PLINTH_LISTEN", typed), ("PLINTH_STARTER", "none")], 2);
        assert!(said[0].starts_with(&format!("The portal is at http://{host}:")), "{typed}: {said:?}");
        assert!(!said[0].ends_with(":0"));
        assert_eq!(said[1].contains("PLINTH_PUBLIC_URL"), typed.starts_with("0.0"), "{said:?}");
    }
}

#[tokio::test]
async fn who_comes_by_another_name_reads_which_setting_is_missing() {
    let app = TestApp::with(&["--listen", "0.0.0.0:3000"]).await;
    let mut visitor = app.visitor();
    visitor.get("/").await.is(200).says("rel=\"canonical\" href=\"http://127.0.0.1:3000/\"");
    visitor.host = "192.168.1.5:3000".to_owned();
    visitor.get("/").await.is(421).says("answers at http://127.0.0.1:3000 only").says("PLINTH_PUBLIC_URL");
    let app = TestApp::with(&["--public-url", "https://portal.example"]).await;
    app.visitor().get("/").await.is(421).does_not_say("PLINTH_");
}

#[test]
fn a_value_that_cannot_be_understood_is_told_by_its_name() {
    let dir = TempDir::new().unwrap();
    for (name, value, says) in [
        ("PLINTH_LISTEN", "portal.example:80", "such as 127.0.0.1:3000"),
        ("PLINTH_LISTEN", "", "such as 127.0.0.1:3000"),
        ("PLINTH_PUBLIC_URL", "portal.example", "begin with http:// or https://"),
        ("PLINTH_PUBLIC_URL", "", "begin with http:// or https://"),
        ("PLINTH_TRUSTED_PROXIES", "10.0.0.1,proxy", "a network such as 10.0.0.0/8"),
        ("PLINTH_CONTACT_LIMIT", "0", "it must be a whole number from 1 to"),
        ("PLINTH_LOGIN_LIMIT", "many", "it must be a whole number from 1 to"),
        ("PLINTH_STARTER", "empty", "it must be one of portal, none"),
        ("PLINTH_DATA", "", "must not be empty"),
    ] {
        let start = format!("plinth: {name} (in the environment or .env) is “{value}”");
        fails(&run(dir.path(), &[(name, value)], &["serve"]), 2, &[&start, says]);
        fs::write(dir.path().join(".env"), format!("{name}=\"{value}\"\n")).unwrap();
        fails(&run(dir.path(), &[], &["migrate"]), 2, &[&start, says]);
        fs::remove_file(dir.path().join(".env")).unwrap();
    }
    fails(&run(dir.path(), &[], &["--listen", "x y"]), 2, &["--listen", "such as 127.0.0.1:3000"]);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "nothing was made");
}

#[test]
fn a_misspelt_setting_is_refused_and_a_foreign_one_named() {
    let dir = TempDir::new().unwrap();
    let says = |origin: &str| format!("PLINTH_PUBLC_URL in {origin} is not a setting. Did you mean PLINTH_PUBLIC_URL?");
    let variable = [("PLINTH_PUBLC_URL", "https://portal.example")];
    fails(&run(dir.path(), &variable, &["migrate"]), 1, &[&says("the environment")]);
    fs::write(dir.path().join(".env"), "PLINTH_PUBLC_URL=https://portal.example\n").unwrap();
    fails(&run(dir.path(), &[], &["migrate"]), 1, &[&says(".env")]);
    fs::write(dir.path().join(".env"), "PLINTH_SERVICE_HOST=10.0.0.1\n").unwrap();
    let done = run(dir.path(), &[], &["migrate"]);
    succeeds(&done);
    assert!(
        String::from_utf8_lossy(&done.stderr).contains("PLINTH_SERVICE_HOST in .env is not a setting and is ignored")
    );
}

#[test]
fn the_file_of_a_folder_above_is_not_read() {
    let dir = TempDir::new().unwrap();
    let inner = dir.path().join("inner");
    fs::create_dir(&inner).unwrap();
    fs::write(dir.path().join(".env"), "PLINTH_DATA=elsewhere\n").unwrap();
    succeeds(&run(&inner, &[], &["migrate"]));
    assert!(inner.join("data/plinth.db").exists());
}

#[test]
fn help_shows_the_options_that_act() {
    let dir = TempDir::new().unwrap();
    let variables = [("PLINTH_LISTEN", "127.0.0.1:3000"), ("PLINTH_PUBLIC_URL", "https://portal.example")];
    let help = |command: &[&str]| succeeds(&run(dir.path(), &variables, &[command, &["--help"]].concat()));
    for command in [&["serve"][..], &[]] {
        assert!(help(command).contains("--listen") && help(command).contains("--starter"));
    }
    for command in [
        &["import"][..],
        &["export"],
        &["backup"],
        &["restore"],
        &["migrate"],
        &["user"],
        &["user", "add"],
        &["user", "list"],
    ] {
        let text = help(command);
        assert!(text.contains("--data") && text.contains("--log"), "{text}");
        for serving in ["--listen", "--public-url", "--trusted-proxies", "--page-cache", "--starter", "-limit"] {
            assert!(!text.contains(serving), "{serving} is below {command:?}: {text}");
        }
        let faulty = run(dir.path(), &variables, &[command, &["--nonsense"]].concat());
        assert!(!String::from_utf8_lossy(&faulty.stderr).contains("--listen"), "{command:?}");
    }
    // They are accepted where they always were.
    succeeds(&run(dir.path(), &[], &["--data", "x", "--listen", "3000", "migrate"]));
    succeeds(&run(dir.path(), &[], &["migrate", "--listen", "3000"]));
    assert!(dir.path().join("x/plinth.db").exists() && dir.path().join("data/plinth.db").exists());
}

#[tokio::test]
async fn one_can_begin_with_a_front_page_alone() {
    let app = TestApp::over(std::sync::Arc::new(TempDir::new().unwrap()), &["--starter", "none"]).await;
    let home = app.visitor().get("/").await.is(200).says("<h1").says("Welcome – A new site</title>");
    home.does_not_say("ISO").does_not_say("portal.example").does_not_say("href=\"/faq").does_not_say("href=\"/contact");
    let map = app.visitor().get("/sitemap.xml").await.is(200);
    assert_eq!(map.text.matches("<loc>").count(), 1);
    app.visitor().get("/about").await.is(404);
    app.visitor().get("/search?q=welcome").await.is(200);
    let admin = app.admin().await;
    for path in ["/admin", "/admin/pages", "/admin/faq", "/admin/settings", "/admin/search?q=welcome"] {
        admin.get(path).await.is(200);
    }
}

#[test]
fn a_backup_is_whole_and_private() {
    use std::os::unix::fs::PermissionsExt;
    let dir = TempDir::new().unwrap();
    let (data, copy) = (dir.path().join("data"), dir.path().join("copy"));
    let file = dir.path().join("site.tar");
    fails(&plinth(&data, &["backup", file.to_str().unwrap()], ""), 1, &["There is no database at"]);
    succeeds(&plinth(&data, &["import", concat!(env!("CARGO_MANIFEST_DIR"), "/starter")], ""));
    let said = succeeds(&plinth(&data, &["backup", file.to_str().unwrap()], ""));
    assert!(said.starts_with("Backed up the site to") && said.contains("site.tar"));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let (one, other) = (dir.path().join("one"), dir.path().join("other"));
    succeeds(&plinth(&data, &["export", one.to_str().unwrap()], ""));
    let before = fs::read(&file).unwrap();
    fails(&plinth(&data, &["backup", file.to_str().unwrap()], ""), 1, &["Name a file that is not there yet"]);
    assert_eq!(fs::read(&file).unwrap(), before);
    succeeds(&plinth(&copy, &["restore", file.to_str().unwrap()], ""));
    for path in [&copy, &copy.join("plinth.db")] {
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o077, 0, "{}", path.display());
    }
    succeeds(&plinth(&copy, &["export", other.to_str().unwrap()], ""));
    let read = |folder: &Path| fs::read_to_string(folder.join("pages/standards/part-1.md")).unwrap();
    assert_eq!(read(&one), read(&other));
    fails(&plinth(&data, &["backup", "/nowhere/site.tar"], ""), 1, &["/nowhere/site.tar cannot be made"]);
}

#[test]
fn the_times_for_a_head_and_between_requests_are_settings() {
    let directory = TempDir::new().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_plinth"))
        .args(["--listen", "127.0.0.1:0", "--starter", "none"])
        .env_clear()
        .envs([("PLINTH_HEADER_TIMEOUT", "1"), ("PLINTH_KEEPALIVE_TIMEOUT", "1")])
        .current_dir(directory.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let said = BufReader::new(child.stdout.take().unwrap()).lines().next().unwrap().unwrap();
    let address = said.rsplit_once("http://").unwrap().1.to_owned();
    let heads = ["", "\r\n"].map(|end| format!("GET /robots.txt HTTP/1.1\r\nHost: {address}\r\n{end}"));
    let streams = heads.map(|head| {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(8))).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream
    });
    let answers = streams.map(|mut stream| {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the connection ends by itself");
        answer[..12].to_owned()
    });
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(answers, ["HTTP/1.1 408", "HTTP/1.1 200"]);
}
