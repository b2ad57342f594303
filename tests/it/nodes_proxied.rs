//! Two nodes behind a proxy that gives them the requests in turn: nobody notices, not even when each is restarted.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use tempfile::TempDir;

use crate::{
    browser, contact, postgres,
    program::{PATIENCE, plinth},
    proxy::Proxy,
};

/// A node that the proxy leads to.
struct Node {
    child: Child,
    address: String,
    setup_link: String,
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

fn command(data: &Path, url: &str, proxy: &Proxy, address: &str) -> Command {
    let mut command = plinth(data, &["serve", "--listen", address, "--trusted-proxies", "127.0.0.1"]);
    command.args(["--drain-time", "1", "--contact-limit", "100000"]);
    command.args(["--public-url", &format!("http://{}", proxy.address)]).env("DATABASE_URL", url);
    command
}

impl Node {
    fn start(data: &Path, url: &str, proxy: &Proxy) -> Self {
        let address = free_address();
        let mut child = command(data, url, proxy, &address).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        lines.find(|line| line.starts_with("The portal is at ")).expect("it serves");
        let setup_link = lines.find(|line| line.trim().starts_with("http")).expect("a link").trim().to_owned();
        Self { child, address, setup_link }
    }

    /// Ends it as a service manager does.
    fn stop(mut self) {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        assert!(self.child.wait().unwrap().success());
    }
}

/// What is answered; an error in words when nothing is.
fn ask(proxy: &str, method: &str, path: &str, body: &str) -> String {
    let mut answer = Vec::new();
    let sent = TcpStream::connect(proxy).and_then(|mut stream| {
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {proxy}\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        stream.read_to_end(&mut answer)
    });
    sent.map_or_else(|error| error.to_string(), |_| String::from_utf8_lossy(&answer).into_owned())
}

/// Sends a message; its own page answers with a redirect.
fn send(proxy: &str, number: usize) -> String {
    let form = ask(proxy, "GET", "/contact", "");
    let Some((_, token)) = form.split_once("name=\"form_token\" value=\"") else { return form };
    let body = format!("Message {number}.");
    let mut fields = contact::contact_form(&[("body", &body)]);
    fields.push(("form_token", token.split('"').next().unwrap()));
    ask(proxy, "POST", "/contact", &serde_html_form::to_string(fields).unwrap())
}

#[test]
fn no_request_is_lost_when_one_node_after_the_other_is_restarted() {
    if postgres::server().is_none() {
        return;
    }
    let url = postgres::create("");
    let data = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let proxy = Proxy::bind();
    let mut nodes = data.each_ref().map(|data| Some(Node::start(data.path(), &url, &proxy)));
    let addresses = |nodes: &[Option<Node>]| nodes.iter().flatten().map(|node| node.address.clone()).collect();
    proxy.lead_to(addresses(&nodes));
    proxy.serve();
    let (stop, answered, failed) = (AtomicBool::new(false), AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for visitor in 0..6 {
            let (stop, answered, failed, proxy) = (&stop, &answered, &failed, &proxy.address);
            scope.spawn(move || {
                for number in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                    // A page comes from memory, a search is rendered each time, and a message is never sent again.
                    let (answer, expected) = match visitor % 3 {
                        0 => (ask(proxy, "GET", "/", ""), "HTTP/1.1 200"),
                        1 => (ask(proxy, "GET", "/search?q=foundation", ""), "HTTP/1.1 200"),
                        _ => (send(proxy, number), "HTTP/1.1 303"),
                    };
                    if !answer.starts_with(expected) {
                        failed.lock().unwrap().push(answer);
                    }
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for node in [0, 1, 0, 1] {
            let before = answered.load(Ordering::Relaxed);
            nodes[node].take().unwrap().stop();
            nodes[node] = Some(Node::start(data[node].path(), &url, &proxy));
            proxy.lead_to(addresses(&nodes));
            while answered.load(Ordering::Relaxed) < before + 20 {
                std::thread::yield_now();
            }
        }
        stop.store(true, Ordering::Relaxed);
    });
    assert_eq!(failed.into_inner().unwrap(), Vec::<String>::new(), "of {}", answered.into_inner());
    drop(nodes);
    postgres::drop_database(&url);
}

#[test]
fn two_nodes_work_in_a_browser() {
    if postgres::server().is_none() {
        return;
    }
    let url = postgres::create("");
    let data = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    // The files of the media library lie where all nodes see them.
    let media = TempDir::new().unwrap();
    for data in &data {
        std::os::unix::fs::symlink(media.path(), data.path().join("media")).unwrap();
    }
    let proxy = Proxy::bind();
    let nodes = data.each_ref().map(|data| Node::start(data.path(), &url, &proxy));
    proxy.lead_to(nodes.iter().map(|node| node.address.clone()).collect());
    proxy.serve();
    browser::run_suite(&format!("http://{}", proxy.address), &nodes[0].setup_link);
    drop(nodes);
    postgres::drop_database(&url);
}
