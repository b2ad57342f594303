//! Nodes that are killed while visitors write: what was acknowledged is there.

use std::{
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

use crate::{
    contact, postgres,
    program::{Program, SERVE, plinth},
};

/// How often something is killed; `PLINTH_KILLS` says another number.
const KILLS: usize = 6;

fn node(data: &Path, url: &str) -> Program {
    Program::run(plinth(data, &SERVE).env("DATABASE_URL", url))
}

/// Sends a message to a node that may be gone; gives its reference when it was acknowledged.
fn send(address: &str, body: &str) -> Option<String> {
    let form = ask(address, "GET", "/contact", "")?;
    let form_token = form.split_once("name=\"form_token\" value=\"")?.1.split_once('"')?.0;
    let mut fields = contact::contact_form(&[("body", body)]);
    fields.push(("form_token", form_token));
    let answer = ask(address, "POST", "/contact", &serde_html_form::to_string(fields).ok()?)?;
    let location = answer.lines().find_map(|line| line.strip_prefix("location: "))?;
    Some(location.split_once("sent=")?.1.trim().to_owned())
}

fn ask(address: &str, method: &str, path: &str, body: &str) -> Option<String> {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

#[test]
fn no_acknowledged_message_is_lost_when_nodes_are_killed() {
    if postgres::server().is_none() {
        return;
    }
    let url = postgres::create("");
    let data = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let mut nodes = [node(data[0].path(), &url), node(data[1].path(), &url)];
    let addresses = Mutex::new([nodes[0].address().to_owned(), nodes[1].address().to_owned()]);
    let (stop, kept) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for sender in 0..4 {
            let (stop, kept, addresses) = (&stop, &kept, &addresses);
            scope.spawn(move || {
                for number in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let address = addresses.lock().unwrap()[(sender + number) % 2].clone();
                    if let Some(reference) = send(&address, &format!("Message {number} of {sender}, while nodes end."))
                    {
                        kept.lock().unwrap().push(reference);
                    }
                }
            });
        }
        let kills = std::env::var("PLINTH_KILLS").ok().map_or(KILLS, |kills| kills.parse().expect("a number"));
        for kill in 0..kills {
            // One of the two does the background work, so every other node that is killed is that one.
            let victim = kill % 2;
            if kill % 3 == 2 {
                postgres::end_connections(&url);
            }
            nodes[victim].kill();
            nodes[victim] = node(data[victim].path(), &url);
            addresses.lock().unwrap()[victim] = nodes[victim].address().to_owned();
        }
        stop.store(true, Ordering::Relaxed);
    });
    let kept = kept.into_inner().unwrap();
    assert!(kept.len() > 10, "only {} messages were taken", kept.len());
    let stored: Vec<(String,)> = postgres::wait({
        let url = url.clone();
        async move {
            let mut connection = PgConnection::connect(&url).await.unwrap();
            sqlx::query_as("select reference from message").fetch_all(&mut connection).await.unwrap()
        }
    });
    for reference in &kept {
        assert!(stored.iter().any(|(one,)| one == reference), "{reference} was acknowledged and is lost");
    }
    drop(nodes);
    postgres::drop_database(&url);
}
