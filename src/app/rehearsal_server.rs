//! A program that serves a copy of the site to a rehearsal, and to nobody else: with none of the settings of the site but its public
//! address, so that it reaches neither its database nor its bucket nor a mail server.

use std::{
    fs::{self, File},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use axum_extra::routing::TypedPath;
use bytes::Bytes;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::{Request, header};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::time::{sleep, timeout};

use crate::{db::opening::io_fault, render::site_paths::HealthPath};

/// How long it may take until it serves, and for one answer.
const START: Duration = Duration::from_mins(2);
const ANSWER: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(50);
/// Bytes of the longest answer.
const LONGEST: usize = 64 * 1024 * 1024;
/// The names of what it is given of the environment of the command.
const KEPT: [&str; 3] = ["PATH", "TZ", "TMPDIR"];

/// Ended when this is dropped.
pub(super) struct RehearsalServer {
    child: Child,
    client: Client<HttpConnector, Empty<Bytes>>,
    address: String,
    /// The host and the port of the public address.
    host: String,
    log: PathBuf,
}

impl RehearsalServer {
    /// Starts `program` over the data directory `data`, and waits until it answers.
    /// Errors: a sentence.
    pub(super) async fn start(program: &Path, data: &Path, public_url: &url::Url) -> Result<Self, String> {
        let (data, named) = (absolute(data), program);
        // A bare name is looked up in PATH.
        let program = if named.components().count() > 1 { absolute(named) } else { named.to_owned() };
        let failed = |fault: String| format!("{} does not serve the copy: {fault}", named.display());
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
        let address = port.map_err(|error| failed(format!("{}.", io_fault(&error))))?.to_string();
        let log = data.join("rehearsal.log");
        let mut command = Command::new(&program);
        command.args(["serve", "--listen", &address]).env_clear().current_dir(&data);
        command.envs(KEPT.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        command.env("PLINTH_DATA", &data).env("PLINTH_PUBLIC_URL", public_url.as_str()).env("PLINTH_LOG", "warn");
        let child = File::create(&log)
            .and_then(|log| command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::from(log)).spawn());
        let child = child.map_err(|error| failed(format!("{}.", io_fault(&error))))?;
        let host = public_url.host_str().unwrap_or_default();
        let host = public_url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let client = Client::builder(TokioExecutor::new()).build_http();
        let mut server = Self { child, client, address, host, log };
        server.wait().await.map_err(failed)?;
        Ok(server)
    }

    async fn wait(&mut self) -> Result<(), String> {
        let since = Instant::now();
        while self.get(HealthPath::PATH).await.is_err() {
            let has_ended = self.child.try_wait().is_ok_and(|ended| ended.is_some());
            if has_ended || since.elapsed() > START {
                let said = fs::read_to_string(&self.log).unwrap_or_default();
                return Err(said.trim().lines().last().unwrap_or("It says nothing.").to_owned());
            }
            sleep(PAUSE).await;
        }
        Ok(())
    }

    /// Status and text of an answer.
    /// Errors: why there is none, as a part of a sentence.
    pub(super) async fn get(&self, path: &str) -> Result<(u16, String), String> {
        let request = Request::get(format!("http://{}{path}", self.address)).header(header::HOST, &self.host);
        let request = request.body(Empty::new()).map_err(|error| error.to_string())?;
        let answered = async {
            let response = self.client.request(request).await.map_err(|_| "gives no answer".to_owned())?;
            let status = response.status().as_u16();
            let body = Limited::new(response.into_body(), LONGEST).collect().await;
            let body = body.map_err(|_| "breaks its answer off".to_owned())?.to_bytes();
            Ok((status, String::from_utf8_lossy(&body).into_owned()))
        };
        timeout(ANSWER, answered).await.unwrap_or_else(|_| Err("takes too long to answer".to_owned()))
    }
}

/// It is started in another folder.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

impl Drop for RehearsalServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
