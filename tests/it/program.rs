//! The real program as a process of its own, spoken to over a real connection, on a storage that can be made to fail.

use std::{
    borrow::BorrowMut,
    fs::{self, File},
    io::{BufRead, BufReader, Lines, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Output, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{media_s3, postgres};

/// How long anything may take before the test gives up.
pub const PATIENCE: Duration = Duration::from_secs(40);

/// The program, serving. Killed when the test ends, for whatever reason.
pub struct Program {
    child: Child,
    address: String,
    log: PathBuf,
    _log_directory: TempDir,
    /// Kept open: the program may say more.
    _said: Lines<BufReader<ChildStdout>>,
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A command line with nothing in the environment but the data directory.
pub fn plinth(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plinth"));
    command.args(arguments).env_clear().env("PLINTH_DATA", data).current_dir(std::env::temp_dir());
    command.envs(media_s3::variables(data));
    command.envs(postgres::known(data).map(|url| ("DATABASE_URL", url)));
    command
}

/// What `serve` needs in tests.
pub const SERVE: [&str; 7] = ["serve", "--listen", "127.0.0.1:0", "--contact-limit", "10000", "--drain-time", "0"];

/// What a command says before it ends; one that does not end is a failure.
pub fn ended(mut command: impl BorrowMut<Command>) -> Output {
    let command = command.borrow_mut().stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let since = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if since.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("it goes on: {:?}", child.wait_with_output().unwrap());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().unwrap()
}

/// Asserts that a command is refused, and gives what it said.
#[track_caller]
pub fn refused(output: &Output, says: &[&str]) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    for part in says {
        assert!(said.contains(part), "“{part}” is not in: {said}");
    }
    for word in ["code:", "os error", "returned from database"] {
        assert!(!said.contains(word), "“{word}” is nothing for a maintainer: {said}");
    }
    said
}

/// Asserts that a command succeeds.
#[track_caller]
pub fn done(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

impl Program {
    /// Starts it over a data directory.
    pub fn start(data: &Path) -> Self {
        Self::run(&mut plinth(data, &SERVE))
    }

    /// Starts it with a storage that fails when there is a file in `faults`; see `tests/faults/storage.c`.
    pub fn start_with_faults(data: &Path, faults: &Path) -> Option<Self> {
        let preload = fault_library()?;
        Some(Self::run(plinth(data, &SERVE).env("LD_PRELOAD", preload).env("FAULTS", faults)))
    }

    /// Lets a command be killed instead of renaming a file for the `n`th time.
    #[must_use]
    pub fn killed_at_rename(command: &mut Command, faults: &Path, n: u32) -> Option<Output> {
        fs::write(faults.join("kill"), n.to_string()).unwrap();
        Some(ended(command.env("LD_PRELOAD", fault_library()?).env("FAULTS", faults)))
    }

    /// Starts what a command says and waits until it serves.
    pub fn run(command: &mut Command) -> Self {
        let log_directory = TempDir::new().unwrap();
        let log = log_directory.path().join("log");
        let mut child = command.stdout(Stdio::piped()).stderr(File::create(&log).unwrap()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let after = |line: &str, scheme| Some(line.split_once(scheme)?.1.trim().to_owned());
        let address = lines.find_map(|line| {
            let line = line.ok()?;
            after(&line, "http://").or_else(|| after(&line, "https://"))
        });
        let Some(address) = address else {
            panic!("it does not serve: {}", fs::read_to_string(&log).unwrap());
        };
        Self { child, address, log, _log_directory: log_directory, _said: lines }
    }

    /// Kills it, as a power failure would.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Ends it in order.
    pub fn stop(mut self) {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        self.ends();
    }

    /// Waits until it has ended in order.
    pub fn ends(&mut self) {
        assert!(self.child.wait().unwrap().success(), "{}", self.log());
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it logged, without colours.
    pub fn log(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap();
        let mut pieces = text.split('\u{1b}');
        let first = pieces.next().unwrap_or_default().to_owned();
        pieces.fold(first, |plain, piece| plain + piece.split_once('m').map_or("", |(_, rest)| rest))
    }

    /// Status and everything else of an answer.
    pub fn send(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        self.send_with("", method, path, body)
    }

    /// The same with a cookie.
    pub fn send_with(&self, cookie: &str, method: &str, path: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let address = &self.address;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\n\
             Cookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        (answer[9..12].parse().unwrap(), answer)
    }

    #[track_caller]
    pub fn get(&self, path: &str, status: u16) -> String {
        let (got, text) = self.send("GET", path, "");
        assert_eq!(got, status, "{path}: {text}\n{}", self.log());
        text
    }

    /// Sends a message through the contact form; the status and the page.
    pub fn message(&self, body: &str) -> (u16, String) {
        let form = self.get("/contact", 200);
        let (_, rest) = form.split_once("name=\"form_token\" value=\"").expect("the form has a token");
        let form_token = rest.split_once('"').unwrap().0;
        let mut fields = super::contact::contact_form(&[("body", body)]);
        fields.push(("form_token", form_token));
        self.send("POST", "/contact", &serde_html_form::to_string(fields).unwrap())
    }

    /// Sends a message that must be taken.
    #[track_caller]
    pub fn takes(&self, body: &str) {
        let (status, text) = self.message(body);
        assert_eq!(status, 303, "{text}\n{}", self.log());
    }

    /// Sends a message that must be refused with its text kept.
    #[track_caller]
    pub fn refuses(&self, body: &str) {
        let (status, text) = self.message(body);
        assert_eq!(status, 503, "{text}");
        assert!(text.contains("could not be stored") && text.contains(body), "{text}");
    }

    /// Asks until it is ready; says how long that took.
    #[track_caller]
    pub fn ready_after(&self) -> Duration {
        let since = Instant::now();
        until(&self.log, || self.send("GET", "/readyz", "").0 == 200);
        since.elapsed()
    }

    /// Asks until it is not ready, as an answer is good for a second; gives the reason.
    #[track_caller]
    pub fn not_ready(&self) -> String {
        until(&self.log, || self.send("GET", "/readyz", "").0 == 503);
        self.get("/readyz", 503)
    }

    /// Waits until the log says something.
    #[track_caller]
    pub fn logs(&self, text: &str) {
        until(&self.log, || self.log().contains(text));
    }
}

#[track_caller]
fn until(log: &Path, happened: impl Fn() -> bool) {
    let since = Instant::now();
    while !happened() {
        assert!(since.elapsed() < PATIENCE, "it does not happen: {}", fs::read_to_string(log).unwrap());
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The compiled `tests/faults/storage.c`. None when this machine cannot compile it, and the test says so.
fn fault_library() -> Option<&'static Path> {
    static LIBRARY: OnceLock<Option<(TempDir, PathBuf)>> = OnceLock::new();
    let made = LIBRARY.get_or_init(|| {
        let directory = TempDir::new().unwrap();
        let library = directory.path().join("storage.so");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/storage.c");
        let done =
            Command::new("cc").args(["-shared", "-fPIC", "-O1", "-Wall", "-o"]).arg(&library).arg(source).status();
        done.is_ok_and(|status| status.success()).then_some((directory, library))
    });
    if made.is_none() {
        skipped("there is no C compiler that makes a shared library");
    }
    made.as_ref().map(|(_, library)| library.as_path())
}

/// Says that a test did not run; in CI it must.
pub fn skipped(why: &str) {
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "this must not be skipped in CI: {why}");
    println!("skipped: {why}");
}

/// A small file system of its own.
pub struct Disk(TempDir);

impl Disk {
    /// Mounts one of this many KiB. None when this machine does not permit it, and the test says so.
    pub fn mount(kibibytes: u32) -> Option<Self> {
        let disk = Self(TempDir::new().unwrap());
        let size = format!("size={kibibytes}k");
        let done = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(disk.path()).output();
        if done.is_ok_and(|done| done.status.success()) {
            return Some(disk);
        }
        skipped("mounting a small file system is not allowed here");
        None
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Leaves nothing free.
    pub fn fill(&self) {
        let mut filler = File::create(self.path().join("filler")).unwrap();
        for size in [65536, 4096, 1] {
            while filler.write_all(&vec![0; size]).is_ok() {}
        }
    }

    pub fn free(&self) {
        fs::remove_file(self.path().join("filler")).unwrap();
    }

    pub fn make_read_only(&self) {
        done(&Command::new("mount").args(["-o", "remount,ro"]).arg(self.path()).output().unwrap());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}
