//! PostgreSQL servers of a test's own, beside the one that all tests share: new ones, and standbys.

use std::{
    env, fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command},
};

use tempfile::TempDir;

use crate::{
    postgres,
    program::{done, skipped},
};

const SETTINGS: [&str; 5] =
    ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "max_connections=400", "autovacuum=off"];

/// Stopped when it is dropped.
pub struct PostgresServer {
    child: Child,
    /// The address of its database `postgres`.
    pub url: String,
    _directory: TempDir,
}

impl PostgresServer {
    /// An empty server. None where PostgreSQL's programs are not known, and the test says so.
    pub fn start() -> Option<Self> {
        let directory = directory();
        let data = directory.path().join("data");
        let mut initdb = program("initdb")?;
        initdb.args(["-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "-U", "postgres", "--no-sync", "-D"]).arg(&data);
        done(&initdb.output().unwrap());
        Self::run(directory, &data)
    }

    /// A standby of the server at an address.
    pub fn standby_of(url: &str) -> Option<Self> {
        let directory = directory();
        let data = directory.path().join("data");
        let port = url::Url::parse(url).unwrap().port().unwrap().to_string();
        let mut backup = program("pg_basebackup")?;
        backup
            .args(["-h", "127.0.0.1", "-p", &port, "-U", "postgres", "-c", "fast", "-R", "--no-sync", "-D"])
            .arg(&data);
        done(&backup.output().unwrap());
        let mut standby = Self::run(directory, &data)?;
        let of = url::Url::parse(url).unwrap();
        standby.url = postgres::address(&standby.url, of.path());
        Some(standby)
    }

    fn run(directory: TempDir, data: &Path) -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut postgres = program("postgres")?;
        postgres.arg("-D").arg(data).args(["-p", &port.to_string()]);
        for setting in SETTINGS {
            postgres.args(["-c", setting]);
        }
        let log = fs::File::create(directory.path().join("log")).unwrap();
        let child = postgres.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        Some(Self { child, url: format!("postgres://postgres@127.0.0.1:{port}/postgres"), _directory: directory })
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        let id = rustix::process::Pid::from_child(&self.child);
        let _ = rustix::process::kill_process(id, rustix::process::Signal::QUIT);
        let _ = self.child.wait();
    }
}

/// In memory where there is room for it, and open to the server's user.
fn directory() -> TempDir {
    let directory = tempfile::Builder::new().tempdir_in("/dev/shm").or_else(|_| TempDir::new()).unwrap();
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o777)).unwrap();
    directory
}

/// One of PostgreSQL's programs, as its user.
fn program(name: &str) -> Option<Command> {
    let Ok(programs) = env::var("PLINTH_TEST_PROGRAMS") else {
        skipped("PLINTH_TEST_PROGRAMS does not say where PostgreSQL's programs are; tests/with-postgres does");
        return None;
    };
    let path = format!("{programs}/{name}");
    let user = env::var("PLINTH_TEST_AS").unwrap_or_default();
    let mut words = user.split_whitespace();
    let mut command = match words.next() {
        None => Command::new(path),
        Some(first) => {
            let mut command = Command::new(first);
            command.args(words).arg(path);
            command
        }
    };
    command.current_dir("/");
    Some(command)
}
