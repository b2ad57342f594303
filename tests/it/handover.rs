//! Restarts under load on a socket that outlives the program, and the proxies of `deploy/` before it.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    os::fd::OwnedFd,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{
    postgres,
    program::{PATIENCE, Program, SERVE, plinth, refused, skipped},
};

/// A shell that hands its standard input over as systemd does, and becomes the program.
const HAND_OVER: &str = "exec 3<&0 </dev/null; export LISTEN_PID=$$ LISTEN_FDS=${FDS:-1}; exec \"$@\"";

/// The command with a socket handed over.
fn handing(socket: impl Into<OwnedFd>, data: &Path) -> Command {
    let program = plinth(data, &SERVE);
    let mut command = Command::new("/bin/sh");
    command.args(["-c", HAND_OVER, "sh"]).arg(program.get_program()).args(program.get_args());
    command.env_clear().envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.current_dir(std::env::temp_dir()).stdin(Stdio::from(socket.into()));
    command
}

/// Sends a request on a connection of its own; the whole answer.
fn ask(address: &str, head: &str) -> Result<String, String> {
    let mut stream = TcpStream::connect(address).map_err(|error| format!("connecting: {error}"))?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(|error| error.to_string())?;
    let sent = stream.write_all(format!("{head}\r\nConnection: close\r\n\r\n").as_bytes());
    sent.map_err(|error| format!("sending: {error}"))?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).map_err(|error| format!("reading: {error}"))?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[test]
fn no_request_fails_while_the_program_is_restarted_on_a_socket_of_systemd() {
    const RESTARTS: usize = 3;
    let directory = TempDir::new().unwrap();
    let data = directory.path();
    postgres::of(data);
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap().to_string();
    let start = || Program::run(&mut handing(socket.try_clone().unwrap(), data));
    let mut program = start();
    assert_eq!(program.address(), address, "the handed socket counts, not --listen");
    let (over, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let clients: Vec<_> = ["/about", "/contact", "/faq", "/readyz"]
        .map(|path| {
            let (over, answered, address) = (over.clone(), answered.clone(), address.clone());
            thread::spawn(move || {
                let mut faults = Vec::new();
                while !over.load(Ordering::Relaxed) {
                    match ask(&address, &format!("GET {path} HTTP/1.1\r\nHost: {address}")) {
                        // A node that is about to stop says so to probes.
                        Ok(answer)
                            if answer.starts_with("HTTP/1.1 200")
                                || path == "/readyz" && answer.starts_with("HTTP/1.1 503") =>
                        {
                            answered.fetch_add(1, Ordering::Relaxed);
                        }
                        Ok(answer) => faults.push(format!("{path}: {answer}")),
                        Err(fault) => faults.push(format!("{path}: {fault}")),
                    }
                }
                faults
            })
        })
        .into();
    let work = |more: usize| {
        let (until, since) = (answered.load(Ordering::Relaxed) + more, Instant::now());
        while answered.load(Ordering::Relaxed) < until {
            assert!(since.elapsed() < PATIENCE, "nobody is answered");
            thread::sleep(Duration::from_millis(2));
        }
    };
    for _ in 0..RESTARTS {
        work(40);
        program.stop();
        program = start();
    }
    work(40);
    over.store(true, Ordering::Relaxed);
    let faults: Vec<_> = clients.into_iter().flat_map(|client| client.join().unwrap()).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    program.stop();
    // The socket is as it was: a connection waits in it.
    let waiting = TcpStream::connect(&address).unwrap();
    start().get("/about", 200);
    drop(waiting);
}

#[test]
fn what_is_no_listening_socket_is_refused_in_words() {
    let directory = TempDir::new().unwrap();
    let data = directory.path().join("data");
    let file = fs::File::open("/dev/null").unwrap();
    refused(&crate::program::ended(handing(file, &data)), &["LISTEN_FDS", "not a socket"]);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let connected = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    refused(&crate::program::ended(handing(connected, &data)), &["the socket does not listen"]);
    let two = crate::program::ended(handing(listener, &data).env("FDS", "2"));
    refused(&two, &["2 sockets were handed over"]);
    assert!(!data.exists(), "nothing is made");
}

/// A proxy, killed when the test ends.
struct Proxy(Child);

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn example(name: &str, changes: &[(&str, &str)]) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(name);
    changes.iter().fold(fs::read_to_string(path).unwrap(), |text, (from, to)| {
        assert!(text.contains(from), "{name} does not say “{from}”");
        text.replace(from, to)
    })
}

/// Runs the portal behind a proxy that `start` starts over a folder, at a port, before an address.
fn behind(start: impl Fn(&Path, u16, &str) -> std::io::Result<Child>) {
    let directory = TempDir::new().unwrap();
    let data = directory.path().join("data");
    fs::create_dir(&data).unwrap();
    postgres::of(&data);
    let options = ["--public-url", "https://portal.example", "--trusted-proxies", "127.0.0.1"];
    let port = free_port();
    let mut program = plinth(&data, &["serve", "--listen", &format!("127.0.0.1:{port}"), "--contact-limit", "1"])
        .args(options)
        .stdout(Stdio::piped())
        .stderr(fs::File::create(directory.path().join("log")).unwrap())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(program.stdout.take().unwrap()).lines();
    let _program = Proxy(program);
    // It takes its port before it makes the site, and a proxy would wait there meanwhile.
    assert!(said.any(|line| line.unwrap().contains("The portal is at")));
    let front = free_port();
    let child = start(directory.path(), front, &format!("127.0.0.1:{port}")).expect("the proxy starts");
    let _proxy = Proxy(child);
    let address = format!("127.0.0.1:{front}");
    let since = Instant::now();
    let get = |path: &str| {
        ask(&address, &format!("GET {path} HTTP/1.1\r\nHost: portal.example\r\nX-Forwarded-For: 192.0.2.7"))
    };
    let page = loop {
        match get("/about") {
            Ok(answer) if answer.starts_with("HTTP/1.1 200") => break answer,
            answer => assert!(since.elapsed() < PATIENCE, "{answer:?}"),
        }
        thread::sleep(Duration::from_millis(50));
    };
    assert!(page.contains("strict-transport-security") || page.contains("Strict-Transport-Security"), "{page}");
    assert!(get("/readyz").unwrap().contains("ready\n"));
    assert!(get("/admin").unwrap().to_lowercase().contains("location: /admin/sign-in"));
    let log = fs::read_to_string(directory.path().join("log")).unwrap();
    assert!(!log.contains("PLINTH_TRUSTED_PROXIES") && !log.contains("Forwarded"), "{log}");
}

#[test]
fn the_example_for_nginx_works() {
    let Some(nginx) = ["/usr/sbin/nginx", "/usr/bin/nginx"].into_iter().find(|path| Path::new(path).exists()) else {
        return skipped("there is no nginx");
    };
    behind(|folder, port, portal| {
        let listen = format!("listen 127.0.0.1:{port};");
        let server = format!("server {portal};");
        let site = example(
            "nginx.conf",
            &[
                ("listen 443 ssl;", listen.as_str()),
                ("    listen 80;\n", &format!("    listen 127.0.0.1:{};\n", free_port())),
                ("server 127.0.0.1:3000;", &server),
                ("    ssl_certificate /etc/ssl/portal.example.pem;\n", ""),
                ("    ssl_certificate_key /etc/ssl/private/portal.example.key;\n", ""),
            ],
        );
        let at = folder.display();
        let temporary =
            ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(|one| format!("{one}_temp_path {at}/{one};"));
        let whole = format!(
            "daemon off; master_process off; pid {at}/pid; error_log {at}/error; events {{}}\nhttp {{ access_log off; {}\n{site}\n}}\n",
            temporary.join(" ")
        );
        let file = folder.join("nginx.conf");
        fs::write(&file, whole)?;
        Command::new(nginx).arg("-c").arg(&file).arg("-p").arg(folder).stderr(Stdio::null()).spawn()
    });
}

#[test]
fn the_example_for_caddy_works() {
    let Some(caddy) = ["/usr/bin/caddy", "/usr/local/bin/caddy"].into_iter().find(|path| Path::new(path).exists())
    else {
        return skipped("there is no caddy");
    };
    behind(|folder, port, portal| {
        let site = example(
            "Caddyfile",
            &[
                ("portal.example {", &format!("http://portal.example:{port} {{\n\tbind 127.0.0.1")),
                ("127.0.0.1:3000", portal),
            ],
        );
        let file = folder.join("Caddyfile");
        fs::write(&file, format!("{{\n\tadmin off\n\tauto_https off\n}}\n{site}"))?;
        let mut command = Command::new(caddy);
        command.args(["run", "--adapter", "caddyfile", "--config"]).arg(&file);
        command.env_clear().env("HOME", folder).stderr(Stdio::null()).stdout(Stdio::null()).spawn()
    });
}
