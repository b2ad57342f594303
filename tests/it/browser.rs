//! The browser suite: starts the real program, and Chromium as its visitor and administrator.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

/// Stops the program when the test ends, for whatever reason.
pub struct Server {
    child: Child,
    pub url: String,
    pub setup_link: String,
    _data: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program as a stranger starts it: no environment, a directory of its own, any free port.
pub fn start() -> Server {
    let data = TempDir::new().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_plinth"))
        .args(["--listen", "127.0.0.1:0", "--data"])
        .arg(data.path().join("data"))
        .current_dir(data.path())
        .env_clear()
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let url = lines.find_map(|line| line.strip_prefix("The portal is at ").map(str::to_owned)).expect("an address");
    let setup_link = lines.map(|line| line.trim().to_owned()).find(|line| line.starts_with("http")).expect("a link");
    Server { child, url, setup_link, _data: data }
}

/// The first of these programs on `PATH`, by its whole path.
pub fn find(programs: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places: Vec<PathBuf> = std::env::split_paths(&path).collect();
    programs.iter().flat_map(|program| places.iter().map(move |place| place.join(program))).find(|file| file.is_file())
}

/// Runs the suite against an address.
pub fn run_suite(url: &str, setup_link: &str) {
    run("suite.test.mjs", &[("PLINTH_URL", url), ("PLINTH_SETUP_LINK", setup_link)]);
}

/// Runs a file of the suite; says so when something it needs is missing, which is a failure where it must run.
fn run(file: &str, environment: &[(&str, &str)]) {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let node = find(&["node"]).filter(|_| suite.join("node_modules").exists());
    let chromium = find(&["chromium", "chromium-browser", "google-chrome"]);
    let (Some(node), Some(chromium)) = (node, chromium) else {
        let required = ["CI", "PLINTH_BROWSER_TESTS"].iter().any(|name| std::env::var_os(name).is_some());
        assert!(!required, "Chromium, Node or tests/browser/node_modules is missing; tests/all installs them");
        println!("skipped: Chromium, Node or tests/browser/node_modules is missing; tests/all installs them");
        return;
    };
    let status = Command::new(node)
        .args(["--test", "--test-reporter=spec", file])
        .current_dir(suite)
        .envs(environment.iter().copied())
        .env("PLINTH_CHROMIUM", chromium)
        .status()
        .unwrap();
    assert!(status.success(), "the browser suite failed; its report is above");
}

#[test]
fn the_portal_works_in_a_browser() {
    let server = start();
    run_suite(&server.url, &server.setup_link);
}

/// Runs a file of the suite that starts the program itself, and kills it.
fn run_with_program(file: &str) {
    let data = TempDir::new().unwrap();
    let data = data.path().join("data").to_string_lossy().into_owned();
    run(file, &[("PLINTH_PROGRAM", env!("CARGO_BIN_EXE_plinth")), ("PLINTH_DATA", &data)]);
}

#[test]
fn nothing_typed_in_a_browser_is_lost() {
    run_with_program("drafts.test.mjs");
}

#[test]
fn passkeys_work_in_a_browser() {
    run_with_program("passkeys.test.mjs");
}

#[test]
fn a_type_and_its_documents_are_made_and_kept() {
    run_with_program("supplier.test.mjs");
}

#[test]
fn nothing_typed_is_lost_in_chaos() {
    run_with_program("chaos.test.mjs");
}
