//! Nodes that are killed while visitors write: what was acknowledged is there.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

use crate::{
    command_line::{self, succeeds},
    contact,
    harness::PASSWORD,
    postgres,
    program::{PATIENCE, Program, SERVE, plinth},
};

/// How often something is killed; `PLINTH_KILLS` says another number.
const KILLS: usize = 6;
/// How many writes of one writer are acknowledged between two kills at most: a hundred kills do not make a site of thousands of pages.
const ROUND: usize = 20;

fn node(data: &Path, url: &str) -> Program {
    Program::run(plinth(data, &SERVE).env("DATABASE_URL", url))
}

/// What is sent to a node that may be gone.
struct Client<'a> {
    address: String,
    cookie: &'a str,
}

impl Client<'_> {
    /// Sends a message; gives its reference when it was acknowledged.
    fn send(&self, body: &str) -> Option<String> {
        let form = self.ask("GET", "/contact", "")?;
        let form_token = form.split_once("name=\"form_token\" value=\"")?.1.split_once('"')?.0;
        let mut fields = contact::contact_form(&[("body", body)]);
        fields.push(("form_token", form_token));
        let answer = self.ask("POST", "/contact", &serde_html_form::to_string(fields).ok()?)?;
        Some(location(&answer)?.split_once("sent=")?.1.split('&').next()?.to_owned())
    }

    /// Makes a page and publishes it; gives its path when that was acknowledged.
    fn publish(&self, slug: &str) -> Option<String> {
        let fields = [("base", "0"), ("title", slug), ("slug", slug), ("body", "Published."), ("do", "publish")];
        let answer = self.ask("POST", "/admin/pages/new", &serde_html_form::to_string(fields).ok()?)?;
        answer.starts_with("HTTP/1.1 303").then(|| format!("/{slug}"))
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Option<String> {
        use std::io::{Read, Write};
        let mut stream = std::net::TcpStream::connect(&self.address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\nCookie: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            self.cookie,
            body.len()
        );
        stream.write_all(head.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer)
    }
}

fn location(answer: &str) -> Option<&str> {
    answer.lines().find_map(|line| line.strip_prefix("location: ")).map(str::trim)
}

/// The cookie of an editor who signs in.
fn sign_in(address: &str, url: &str) -> String {
    let data = TempDir::new().unwrap();
    let user =
        ["user", "add", "--email", "e@portal.example", "--name", "Edith", "--role", "editor", "--password-stdin"];
    let arguments = [&user[..], &["--database-url", url]].concat();
    succeeds(&command_line::plinth(data.path(), &arguments, &format!("{PASSWORD}\n")));
    let client = Client { address: address.to_owned(), cookie: "" };
    let fields = [("email", "e@portal.example"), ("password", PASSWORD)];
    let answer = client.ask("POST", "/admin/sign-in", &serde_html_form::to_string(fields).unwrap()).unwrap();
    let cookies = answer.lines().filter_map(|line| line.strip_prefix("set-cookie: ")?.split(';').next());
    let cookie = cookies.collect::<Vec<_>>().join("; ");
    assert!(cookie.contains("plinth="), "{answer}");
    cookie
}

#[derive(Default)]
struct Kept {
    messages: Mutex<Vec<String>>,
    pages: Mutex<Vec<String>>,
}

impl Kept {
    /// Waits until something of both kinds was acknowledged, so that what follows happens under load.
    fn grows(&self) {
        let counts = || (self.messages.lock().unwrap().len(), self.pages.lock().unwrap().len());
        let (before, since) = (counts(), Instant::now());
        while counts().0 < before.0 + 2 || counts().1 < before.1 + 2 {
            assert!(since.elapsed() < PATIENCE, "nothing is acknowledged: {before:?}, {:?}", counts());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

#[test]
fn nothing_that_was_acknowledged_is_lost_when_nodes_are_killed() {
    if postgres::server().is_none() {
        return;
    }
    let url = postgres::create("");
    let data = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let mut nodes = [node(data[0].path(), &url), node(data[1].path(), &url)];
    let cookie = sign_in(nodes[0].address(), &url);
    let addresses = Mutex::new([nodes[0].address().to_owned(), nodes[1].address().to_owned()]);
    let (stop, kept, killed) = (AtomicBool::new(false), Kept::default(), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for writer in 0..6 {
            let (stop, kept, killed, addresses, cookie) = (&stop, &kept, &killed, &addresses, &cookie);
            scope.spawn(move || {
                let mut acknowledged = 0;
                for number in 0.. {
                    while acknowledged >= (killed.load(Ordering::Relaxed) + 1) * ROUND && !stop.load(Ordering::Relaxed)
                    {
                        std::thread::sleep(Duration::from_millis(1));
                    }
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let address = addresses.lock().unwrap()[(writer + number) % 2].clone();
                    let client = Client { address, cookie };
                    if writer % 2 == 0 {
                        let body = format!("Message {number} of {writer}, while nodes end.");
                        let reference = client.send(&body);
                        acknowledged += usize::from(reference.is_some());
                        kept.messages.lock().unwrap().extend(reference);
                    } else {
                        let path = client.publish(&format!("page-{writer}-{number}"));
                        acknowledged += usize::from(path.is_some());
                        kept.pages.lock().unwrap().extend(path);
                    }
                }
            });
        }
        let kills = std::env::var("PLINTH_KILLS").ok().map_or(KILLS, |kills| kills.parse().expect("a number"));
        for kill in 0..kills {
            kept.grows();
            // One of the two does the background work, so every other node that is killed is that one.
            let victim = kill % 2;
            if kill % 3 == 2 {
                postgres::end_connections(&url);
            }
            nodes[victim].kill();
            nodes[victim] = node(data[victim].path(), &url);
            addresses.lock().unwrap()[victim] = nodes[victim].address().to_owned();
            killed.store(kill + 1, Ordering::Relaxed);
        }
        stop.store(true, Ordering::Relaxed);
    });
    check(&url, "select reference from message", &kept.messages.into_inner().unwrap());
    let published = "select p.path from page p join document d on d.id = p.document_id \
                     where d.published_revision_id = d.latest_revision_id and p.path is not null";
    check(&url, published, &kept.pages.into_inner().unwrap());
    drop(nodes);
    let verify = command_line::plinth(data[0].path(), &["audit", "verify", "--database-url", &url], "");
    succeeds(&verify);
    postgres::drop_database(&url);
}

/// Everything that was acknowledged is among what a statement finds.
fn check(url: &str, sql: &'static str, acknowledged: &[String]) {
    assert!(acknowledged.len() > 10, "only {} were taken", acknowledged.len());
    let url = url.to_owned();
    let stored: BTreeSet<String> = postgres::wait(async move {
        let mut connection = PgConnection::connect(&url).await.unwrap();
        let rows: Vec<(String,)> = sqlx::query_as(sql).fetch_all(&mut connection).await.unwrap();
        rows.into_iter().map(|(one,)| one).collect()
    });
    for one in acknowledged {
        assert!(stored.contains(one), "{one} was acknowledged and is lost");
    }
}
