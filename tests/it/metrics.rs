//! The metrics for Prometheus, on a listener of their own beside the real program.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read, Write},
    net::{TcpListener, TcpStream},
};

use tempfile::TempDir;

use crate::{
    postgres,
    program::{PATIENCE, Program, SERVE, ended, plinth, refused},
};

fn ask(address: &str, head: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Values by name and labels. Each line must be one that Prometheus reads, and belong to a metric that was described.
fn scrape(address: &str) -> BTreeMap<String, f64> {
    let answer = ask(address, "GET /metrics HTTP/1.1\r\nHost: prometheus\r\n\r\n");
    let (head, text) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("text/plain; version=0.0.4"), "{head}");
    let (mut described, mut values) = (BTreeSet::new(), BTreeMap::new());
    for line in text.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            let mut words = comment.split(' ');
            let (kind, name) = (words.next().unwrap(), words.next().unwrap());
            assert!(["HELP", "TYPE"].contains(&kind) && described.insert((kind, name)), "{line}");
            continue;
        }
        let (name, value) = line.rsplit_once(' ').unwrap();
        let bare = name.split('{').next().unwrap();
        let family = ["_bucket", "_sum", "_count"].iter().find_map(|end| bare.strip_suffix(end)).unwrap_or(bare);
        assert!([bare, family].iter().any(|name| described.contains(&("TYPE", *name))), "{line} has no type");
        assert!(values.insert(name.to_owned(), value.parse().unwrap()).is_none(), "{line} comes twice");
    }
    values
}

#[test]
fn prometheus_reads_what_the_program_does() {
    let directory = TempDir::new().unwrap();
    postgres::of(directory.path());
    let program = Program::run(plinth(directory.path(), &SERVE).args(["--metrics-listen", "127.0.0.1:0"]));
    program.logs("metrics are at http://");
    let log = program.log();
    let address = log.split_once("metrics are at http://").unwrap().1.split_once("/metrics").unwrap().0;
    let before = scrape(address);
    let own = program.address();
    for _ in 0..3 {
        let answer = ask(own, &format!("GET /about HTTP/1.1\r\nHost: {own}\r\nConnection: close\r\n\r\n"));
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    program.takes("A message, which writes.");
    program.get("/nowhere", 404);
    program.get("/admin", 303);
    program.get("/readyz", 200);
    let after = scrape(address);
    let more = |name: &str| after[name] - before.get(name).copied().unwrap_or_default();
    for (name, at_least) in [
        ("plinth_fast_path_requests_total", 2.0),
        ("plinth_requests_total{class=\"page\",status=\"3xx\"}", 1.0),
        ("plinth_requests_total{class=\"page\",status=\"4xx\"}", 1.0),
        ("plinth_requests_total{class=\"admin\",status=\"3xx\"}", 1.0),
        ("plinth_requests_total{class=\"health\",status=\"2xx\"}", 1.0),
        ("plinth_request_seconds_count", 4.0),
        ("plinth_render_seconds_count", 2.0),
        ("plinth_statement_seconds_count{kind=\"read\"}", 5.0),
        ("plinth_statement_seconds_count{kind=\"commit\"}", 1.0),
        ("plinth_connections_total", 8.0),
    ] {
        assert!(more(name) >= at_least, "{name}: {} more", more(name));
    }
    for (name, least, most) in [
        ("plinth_build_info{version=\"0.1.0\"}", 1.0, 1.0),
        ("plinth_connections_open", 0.0, 5.0),
        ("plinth_database_answers", 1.0, 1.0),
        ("plinth_ready", 1.0, 1.0),
        ("plinth_database_bytes", 1e5, 1e9),
        ("plinth_mails{state=\"failed\"}", 0.0, 0.0),
        ("plinth_disk_free_bytes", 1.0, 1e18),
        ("process_resident_memory_bytes", 1e6, 1e10),
    ] {
        assert!((least..=most).contains(&after[name]), "{name}: {}", after[name]);
    }
    assert_eq!(after.contains_key("plinth_database_log_bytes"), !postgres::is_engine());
    assert!(!after.contains_key("plinth_backup_age_seconds"), "none was made");
    for (request, says) in [("GET / HTTP/1.1", "404"), ("POST /metrics HTTP/1.1", "405"), ("GET /metrics", "400")] {
        let answer = ask(address, &format!("{request}\r\nHost: x\r\nContent-Length: 0\r\n\r\n"));
        assert!(answer.starts_with(&format!("HTTP/1.1 {says}")), "{request}: {answer}");
    }
    program.get("/metrics", 404);
    // Those that say nothing take places here, and none of the portal.
    let silent: Vec<_> = (0..3).map(|_| TcpStream::connect(address).unwrap()).collect();
    scrape(address);
    let more: Vec<_> = (0..20).map(|_| TcpStream::connect(address).unwrap()).collect();
    program.get("/about", 200);
    drop((silent, more));
    scrape(address);
    program.stop();
}

#[test]
fn a_port_that_is_taken_is_named_before_anything_is_made() {
    let directory = TempDir::new().unwrap();
    let data = directory.path().join("data");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = ended(plinth(&data, &SERVE).args(["--metrics-listen", &address]));
    refused(&output, &["Cannot listen on", &address, "for metrics", "Set PLINTH_METRICS_LISTEN"]);
    assert!(!data.exists());
}
