//! The program stops by a signal, under load, again and again: nobody whose connection was taken is cut off.

use std::{
    io::{BufRead, BufReader, ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Sender},
    },
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::program::{Program, plinth};

/// How often it is stopped.
const STOPS: usize = 20;
/// Answers before the signal comes: some for each of the clients, so that all of them are at work.
const ANSWERS: usize = 64;

/// The program, listening at any free port.
fn start(data: &Path) -> (Child, SocketAddr) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_plinth"))
        .args(["--listen", "127.0.0.1:0", "--contact-limit", "1000000", "--data"])
        .arg(data)
        .current_dir(data)
        .env_clear()
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let url = lines.find_map(|line| line.strip_prefix("The portal is at http://").map(str::to_owned)).unwrap();
    // It may say more, and would end if nobody listened.
    thread::spawn(move || lines.for_each(drop));
    (child, url.parse().unwrap())
}

/// What several clients tell.
struct Seen {
    answered: Sender<()>,
    stopping: AtomicBool,
}

#[derive(Debug, PartialEq, Eq)]
enum End {
    /// A whole answer, and whether the connection goes on.
    Answered { goes_on: bool },
    /// No connection was made: the program has ended.
    NotConnected,
    /// A kept connection ended in order before anything of an answer came; to be sent again, as browsers do.
    Ended,
}

/// Sends one request and reads the answer. A string: the connection was cut off.
fn exchange(stream: &mut TcpStream, request: &str, first: bool) -> Result<End, String> {
    if let Err(error) = stream.write_all(request.as_bytes()) {
        return Err(format!("sending: {error}"));
    }
    let mut read = Vec::new();
    let mut bytes = [0; 16 * 1024];
    loop {
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&read[..end]).to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
            if read.len() >= end + 4 + length.unwrap_or(0) {
                return Ok(End::Answered { goes_on: !head.contains("connection: close") });
            }
        }
        match stream.read(&mut bytes) {
            Ok(0) if read.is_empty() && !first => return Ok(End::Ended),
            Ok(0) => return Err(format!("ended after {} bytes", read.len())),
            Ok(length) => read.extend_from_slice(&bytes[..length]),
            Err(error) => return Err(format!("reading after {} bytes: {error}", read.len())),
        }
    }
}

/// One connection with up to `requests`.
fn visit(address: SocketAddr, request: &str, requests: usize, seen: &Seen) -> Result<End, String> {
    let mut stream = match TcpStream::connect_timeout(&address, Duration::from_secs(5)) {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::TimedOut) => {
            return Ok(End::NotConnected);
        }
        Err(error) => return Err(format!("connecting: {error}")),
    };
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    for number in 0..requests {
        match exchange(&mut stream, request, number == 0)? {
            End::Answered { goes_on } => {
                seen.answered.send(()).unwrap();
                if !goes_on {
                    break;
                }
            }
            other => return Ok(other),
        }
    }
    Ok(End::Answered { goes_on: false })
}

/// Visits until the program has gone; gives what went wrong.
fn client(address: SocketAddr, number: usize, seen: &Seen) -> Vec<String> {
    let mut faults = Vec::new();
    let since = Instant::now();
    for visit_number in 0.. {
        let host = format!("Host: {address}\r\n");
        let body = format!(
            "topic=general&name=Vera&email=vera%40portal.example&consent=on&body=Question+{number}+{visit_number}"
        );
        let post = format!(
            "POST /contact HTTP/1.1\r\n{host}Sec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let (request, requests) = match number % 4 {
            0 => (format!("GET /about HTTP/1.1\r\n{host}\r\n"), 1),
            1 => (post, 1),
            2 => (format!("GET /contact HTTP/1.1\r\n{host}Connection: close\r\n\r\n"), 1),
            _ => (format!("GET /about HTTP/1.1\r\n{host}\r\n"), 20),
        };
        match visit(address, &request, requests, seen) {
            Ok(End::NotConnected) if seen.stopping.load(Ordering::Relaxed) => break,
            Ok(End::NotConnected) => faults.push("refused before the signal".to_owned()),
            Ok(_) => {}
            Err(fault) => faults.push(format!("{} {fault}", &request[..12])),
        }
        if since.elapsed() > Duration::from_mins(1) {
            faults.push("it does not stop".to_owned());
            break;
        }
    }
    faults
}

#[test]
fn a_stop_under_load_cuts_nobody_off() {
    let data = TempDir::new().unwrap();
    let mut faults = Vec::new();
    let mut answered = 0;
    for _ in 0..STOPS {
        let (mut child, address) = start(data.path());
        let (tell, answers) = mpsc::channel();
        let seen = Arc::new(Seen { answered: tell, stopping: AtomicBool::default() });
        let clients: Vec<_> = (0..16)
            .map(|number| {
                let seen = seen.clone();
                thread::spawn(move || client(address, number, &seen))
            })
            .collect();
        for _ in 0..ANSWERS {
            answers.recv_timeout(Duration::from_secs(50)).expect("answers before the signal");
        }
        seen.stopping.store(true, Ordering::Relaxed);
        assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
        for client in clients {
            faults.extend(client.join().unwrap());
        }
        assert!(child.wait().unwrap().success());
        answered += ANSWERS + answers.try_iter().count();
    }
    assert!(faults.is_empty(), "{} of {answered} were cut off: {faults:#?}", faults.len());
}

/// A node that is about to stop is left out by its proxy before it takes no more.
#[test]
fn a_node_says_that_it_is_not_ready_before_it_takes_no_more() {
    let data = TempDir::new().unwrap();
    let mut program =
        Program::run(&mut plinth(data.path(), &["serve", "--listen", "127.0.0.1:0", "--drain-time", "600"]));
    program.get("/readyz", 200);
    let signal = |program: &Program| {
        assert!(Command::new("kill").args(["-TERM", &program.id().to_string()]).status().unwrap().success());
    };
    signal(&program);
    program.logs("stopping");
    assert!(program.not_ready().contains("about to stop"));
    program.get("/", 200);
    program.takes("Sent while the node is about to stop.");
    // A second signal ends it at once.
    signal(&program);
    program.ends();
}
