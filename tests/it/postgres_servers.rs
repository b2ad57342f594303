//! Servers that cannot be written to: a standby that takes over, a disk that is full. Writes get a sentence and keep the text,
//! and when the server is put right, nothing has to be restarted.

use std::{
    env, fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    process::{Child, Command},
    sync::Arc,
    time::Duration,
};

use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

use crate::{
    command_line::{fails, plinth},
    harness::TestApp,
    nodes::{Site, start, until},
    postgres,
    program::{Disk, skipped},
    relay::{Loss, Relay},
};

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

/// A standby of the test server.
struct Standby {
    child: Child,
    url: String,
    _directory: TempDir,
}

impl Standby {
    fn start(url: &str) -> Option<Self> {
        let directory = tempfile::Builder::new().tempdir_in("/dev/shm").or_else(|_| TempDir::new()).unwrap();
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let data = directory.path().join("data");
        let server = url::Url::parse(url).unwrap();
        let port = server.port().unwrap().to_string();
        let mut backup = program("pg_basebackup")?;
        backup
            .args(["-h", "127.0.0.1", "-p", &port, "-U", "postgres", "-c", "fast", "-R", "--no-sync", "-D"])
            .arg(&data);
        let backup = backup.output().unwrap();
        assert!(backup.status.success(), "{}", String::from_utf8_lossy(&backup.stderr));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut postgres = program("postgres")?;
        postgres.arg("-D").arg(&data).args(["-p", &port.to_string()]);
        for setting in ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "max_connections=400"] {
            postgres.args(["-c", setting]);
        }
        let log = fs::File::create(directory.path().join("log")).unwrap();
        let child = postgres.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        let mut url = server;
        url.set_port(Some(port)).unwrap();
        Some(Self { child, url: url.into(), _directory: directory })
    }

    /// Whether it has all that is in this database.
    async fn has(&self, url: &str) -> bool {
        let sql = "select count(*) from audit_log";
        let count = async |url: &str| -> sqlx::Result<i64> {
            let mut connection = PgConnection::connect(url).await?;
            let (count,) = sqlx::query_as(sql).fetch_one(&mut connection).await?;
            connection.close().await?;
            Ok(count)
        };
        let there = count(&self.url).await.ok();
        there.is_some_and(|there| there > 0) && there == count(url).await.ok()
    }
}

impl Drop for Standby {
    fn drop(&mut self) {
        let id = rustix::process::Pid::from_child(&self.child);
        let _ = rustix::process::kill_process(id, rustix::process::Signal::QUIT);
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn a_standby_is_refused_until_it_is_promoted() {
    let Some(site) = Site::new() else { return };
    let relay = Relay::to(&site.url);
    let app = TestApp::over(Arc::new(TempDir::new().unwrap()), &["--database-url", &relay.url()]).await;
    let tasks = start(&app, true);
    let (visitor, editor) = (app.visitor(), app.editor().await);
    let Some(standby) = Standby::start(&site.url) else { return };
    until(Duration::from_secs(30), "the standby has everything", async || standby.has(&site.url).await).await;
    let data = TempDir::new().unwrap();
    let migrate = plinth(data.path(), &["migrate", "--database-url", &standby.url], "");
    fails(&migrate, 1, &["a standby", "the server that is written to"]);
    // The server is lost, and its address leads to the standby.
    relay.lose(Loss::Closed);
    relay.lead_to(&standby.url);
    relay.come_back();
    let page = [("base", "0"), ("title", "Kept title"), ("slug", "kept"), ("body", "Kept text."), ("do", "publish")];
    visitor.get("/standards").await.is(200);
    editor.post("/admin/pages/new", &page).await.is(503).says("nothing was changed").says("Kept text.");
    let is_red = async || visitor.get("/readyz").await.status == 503;
    until(Duration::from_secs(10), "it is not ready", is_red).await;
    postgres::run(&standby.url, "select pg_promote()".into());
    let is_ready = async || visitor.get("/readyz").await.status == 200;
    until(Duration::from_secs(20), "it is ready", is_ready).await;
    editor.post("/admin/pages/new", &page).await.is(303);
    visitor.get("/kept").await.is(200);
    until(Duration::from_secs(10), "it leads", async || app.app.db.leads()).await;
    tasks.end().await;
    app.app.db.close().await;
}

#[tokio::test]
async fn a_full_disk_of_the_server_is_told_and_keeps_the_text() {
    let Some(server) = postgres::server() else { return };
    let Some(disk) = Disk::mount(24 * 1024) else { return };
    // The directory of a tablespace is that of the server's user.
    let owner = Command::new("chown").arg("--reference").arg(data_directory(&server).await).arg(disk.path()).status();
    assert!(owner.unwrap().success());
    let space = format!("small_{}", std::process::id());
    postgres::run(&server, format!("create tablespace {space} location '{}'", disk.path().display()));
    let url = postgres::create(&format!("tablespace {space}"));
    let app = TestApp::over(Arc::new(TempDir::new().unwrap()), &["--database-url", &url]).await;
    let (visitor, editor) = (app.visitor(), app.editor().await);
    visitor.get("/about").await.is(200);
    disk.fill();
    // What is there already has a little room left.
    let text = "A text that needs room of its own. ".repeat(400);
    let page = |slug: &str| -> Vec<(String, String)> {
        let fields = [("base", "0"), ("title", slug), ("slug", slug), ("body", &*text), ("do", "publish")];
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let mut refused = None;
    for number in 0..60 {
        let fields = page(&format!("full-{number}"));
        let fields: Vec<_> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        let reply = editor.post("/admin/pages/new", &fields).await;
        if reply.status != 303 {
            refused = Some((number, reply));
            break;
        }
    }
    let (number, refused) = refused.expect("the disk is full");
    refused.is(503).says("nothing was changed").says("needs room of its own");
    visitor.get("/about").await.is(200);
    for earlier in 0..number {
        visitor.get(&format!("/full-{earlier}")).await.is(200);
    }
    disk.free();
    let fields = page("room");
    let fields: Vec<_> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    editor.post("/admin/pages/new", &fields).await.is(303);
    visitor.get("/room").await.is(200);
    visitor.get("/readyz").await.is(200);
    app.app.db.close().await;
    postgres::drop_database(&url);
    postgres::run(&server, format!("drop tablespace {space}"));
}

/// Where the server keeps its data.
async fn data_directory(server: &str) -> String {
    let mut connection = PgConnection::connect(server).await.unwrap();
    let (directory,): (String,) =
        sqlx::query_as("select current_setting('data_directory')").fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    directory
}
