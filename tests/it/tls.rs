//! TLS in the program itself: the same answers as without, certificates that are renewed while it runs, and clients that speak it
//! badly, slowly or not at all. Certificates are made by `openssl`.

use std::{
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use plinth::web::server::{limits::Limits, timeouts::Timeouts};
use serde_json::Value;
use tempfile::TempDir;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ClientConfig, ClientConnection, RootCertStore, ServerConfig, StreamOwned, SupportedProtocolVersion,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
        version::{TLS12, TLS13},
    },
};

use crate::{
    harness::TestApp,
    listener::Listening,
    program::{PATIENCE, Program, SERVE, ended, plinth, refused, skipped},
};

const OPENSSL: &str = "[req]\ndistinguished_name=dn\nx509_extensions=leaf\nprompt=no\n[dn]\nCN=Plinth\n[leaf]\n\
                       subjectAltName=DNS:portal.example,IP:127.0.0.1\nbasicConstraints=critical,CA:FALSE\n";

/// Makes a certificate for so many days with a key of its own; none where there is no `openssl`.
fn make(folder: &Path, name: &str, days: &str) -> Option<()> {
    fs::write(folder.join("openssl.cnf"), OPENSSL).unwrap();
    let key = format!("{name}.key");
    let run = |arguments: &[&str]| Command::new("openssl").args(arguments).current_dir(folder).output().ok();
    let curve = "ec_paramgen_curve:prime256v1";
    let request =
        ["req", "-new", "-config", "openssl.cnf", "-newkey", "ec", "-pkeyopt", curve, "-nodes", "-out", "csr"];
    let asked = run(&[&request[..], &["-keyout", &key]].concat())?;
    let sign = ["x509", "-req", "-in", "csr", "-extfile", "openssl.cnf", "-extensions", "leaf", "-signkey", &key];
    let made = run(&[&sign[..], &["-days", days, "-out", &format!("{name}.pem")]].concat())?;
    assert!(asked.status.success() && made.status.success(), "{asked:?} {made:?}");
    Some(())
}

/// Puts a pair where the program reads it.
fn put(folder: &Path, certificate: &str, key: &str) {
    fs::copy(folder.join(format!("{certificate}.pem")), folder.join("site.pem")).unwrap();
    fs::copy(folder.join(format!("{key}.key")), folder.join("site.key")).unwrap();
}

type Client = StreamOwned<ClientConnection, TcpStream>;

/// A client that trusts one certificate alone and speaks one version.
fn client(address: &str, trusted: &Path, version: &'static SupportedProtocolVersion) -> Client {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(trusted).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_protocol_versions(&[version]).unwrap().with_root_certificates(roots);
    let mut config = config.with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), stream)
}

/// Sends one request and reads to the end, which must come in order: a connection that is cut off is an error.
fn ask(stream: &mut (impl Read + Write), host: &str, path: &str) -> std::io::Result<String> {
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// The fields of an answer without its time, in one order, and its body.
fn parts(answer: &str) -> (Vec<String>, &str) {
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let mut fields: Vec<_> = head.to_lowercase().lines().map(str::to_owned).collect();
    fields.retain(|field| !field.starts_with("date:"));
    fields.sort();
    (fields, body)
}

fn plain(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_over_tls_are_the_same_and_bad_clients_are_cut() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    if make(folder, "one", "30").is_none() {
        return skipped("there is no openssl");
    }
    let chain = vec![CertificateDer::from_pem_file(folder.join("one.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_file(folder.join("one.key")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let tls = TlsAcceptor::from(Arc::new(config.with_single_cert(chain, key).unwrap()));
    let app = TestApp::with(&["--public-url", "https://portal.example"]).await;
    let timeouts = Timeouts { head: Duration::from_secs(2), ..Timeouts::default() };
    let limits = Limits::usual(&[], timeouts);
    let over_tls = Listening::start_with(app.router.clone(), limits.clone(), tls);
    let (usual, _) = Listening::start(app.router.clone(), limits);
    let address = over_tls.address.to_string();
    let trusted = folder.join("one.pem");
    for path in ["/about", "/no-such-page", "/robots.txt"] {
        let without = ask(&mut plain(usual.address), "portal.example", path).unwrap();
        for version in [&TLS13, &TLS12] {
            let over = ask(&mut client(&address, &trusted, version), "portal.example", path).unwrap();
            if path == "/no-such-page" {
                assert!(over.starts_with("HTTP/1.1 404"), "{over}");
            } else {
                assert_eq!(parts(&over), parts(&without), "{path}");
            }
        }
    }
    // One that keeps its connection, and one large request that is refused inside.
    let mut kept = client(&address, &trusted, &TLS13);
    let long = format!("GET /about HTTP/1.1\r\nHost: portal.example\r\nX: {}\r\n\r\n", "x".repeat(100_000));
    let _ = kept.write_all(long.as_bytes());
    let mut answer = [0; 12];
    kept.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 431");

    let said = ask(&mut plain(over_tls.address), "portal.example", "/about").unwrap();
    assert!(said.starts_with("HTTP/1.1 400 "), "plain HTTP gets an answer and an orderly end: {said}");
    // A client that begins a handshake and says no more, one that says nothing, and one whose first message is nonsense.
    let since = Instant::now();
    let silent = [&[0x16, 3, 1][..], &[], &[0x16, 3, 1, 0, 4, 9, 9, 9, 9]].map(|first| {
        let mut silent = plain(over_tls.address);
        silent.write_all(first).unwrap();
        silent
    });
    for mut silent in silent {
        // In order or not, but long before this test gives up.
        let _ = silent.read_to_end(&mut Vec::new());
        assert!(since.elapsed() < PATIENCE / 2);
    }
    assert!(ask(&mut client(&address, &trusted, &TLS13), "portal.example", "/about").unwrap().contains("200 OK"));
}

/// What the command says of the certificate: its grade and its sentences.
fn doctor(data: &Path, folder: &Path, url: Option<&str>) -> (String, String) {
    let mut command = plinth(data, &["doctor", "--json"]);
    command.env("PLINTH_TLS_CERT", folder.join("site.pem")).env("PLINTH_TLS_KEY", folder.join("site.key"));
    command.envs(url.map(|url| ("PLINTH_PUBLIC_URL", url)));
    let report: Value = serde_json::from_slice(&command.output().unwrap().stdout).expect("JSON");
    let checks = report["checks"].as_array().unwrap();
    let one = checks.iter().find(|one| one["check"] == "Certificate").expect("the check");
    (one["grade"].as_str().unwrap().to_owned(), one["says"].as_str().unwrap().to_owned())
}

fn hang_up(program: &Program) {
    let id = rustix::process::Pid::from_raw(program.id().try_into().unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::HUP).unwrap();
}

#[test]
fn certificates_are_renewed_while_the_program_runs() {
    let directory = TempDir::new().unwrap();
    let (folder, data) = (directory.path(), &directory.path().join("data"));
    for (name, days) in [("one", "90"), ("two", "5"), ("old", "-1")] {
        if make(folder, name, days).is_none() {
            return skipped("there is no openssl");
        }
    }
    crate::postgres::of(data);
    put(folder, "one", "one");
    let mut command = plinth(data, &SERVE);
    command.env("PLINTH_TLS_CERT", folder.join("site.pem")).env("PLINTH_TLS_KEY", folder.join("site.key"));
    command.env("PLINTH_TLS_REDIRECT_LISTEN", "127.0.0.1:0").env("PLINTH_ACME_CHALLENGES", folder);
    let program = Program::run(&mut command);
    let address = program.address();
    let shows = |name: &str| {
        let mut client = client(address, &folder.join(format!("{name}.pem")), &TLS13);
        ask(&mut client, address, "/about").is_ok_and(|answer| {
            assert_eq!(client.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
            answer.starts_with("HTTP/1.1 200") && answer.to_lowercase().contains("strict-transport-security")
        })
    };
    assert!(shows("one") && !shows("two"), "{}", program.log());
    assert_eq!(doctor(data, folder, None).0, "ok");
    let (grade, says) = doctor(data, folder, Some("https://other.example"));
    assert!(grade == "wrong" && says.contains("not for other.example"), "{says}");
    assert_eq!(doctor(data, folder, Some("https://portal.example")).0, "ok");

    put(folder, "two", "one");
    hang_up(&program);
    program.logs("does not belong to the certificate");
    assert!(shows("one"), "the old pair is kept");
    let (grade, says) = doctor(data, folder, None);
    assert!(grade == "wrong" && says.contains("does not belong to the certificate"), "{says}");
    put(folder, "old", "old");
    hang_up(&program);
    program.logs("has expired");
    assert!(shows("one") && !shows("old"), "one that has expired replaces none");
    let (grade, says) = doctor(data, folder, None);
    assert!(grade == "wrong" && says.contains("It has expired"), "{says}");
    put(folder, "two", "two");
    hang_up(&program);
    program.logs("a new certificate is in use");
    assert!(shows("two") && !shows("one"));
    let (grade, says) = doctor(data, folder, None);
    assert!(grade == "advice" && says.contains("another 4 days"), "{says}");

    redirects(&program, folder);
    program.stop();
    fs::write(folder.join("site.key"), "no key").unwrap();
    let said = refused(&ended(&mut command), &["holds no private key"]);
    assert!(!said.contains("no key\n"), "{said}");
    refused(&ended(plinth(data, &SERVE).env("PLINTH_TLS_KEY", "x")), &["PLINTH_TLS_CERT is not"]);
    command.env("PLINTH_PUBLIC_URL", "http://portal.example");
    refused(&ended(&mut command), &["Let it begin with https://"]);
}

/// The plain listener names the configured host, whatever a request says, and gives answers of an ACME client alone.
fn redirects(program: &Program, folder: &Path) {
    let log = program.log();
    let (_, rest) = log.split_once("what comes to http://").expect("it is logged");
    let address: SocketAddr = rest.split_whitespace().next().unwrap().parse().unwrap();
    let answer = ask(&mut plain(address), "evil.example", "/about?a=b").unwrap().to_lowercase();
    let target = format!("location: https://{}/about?a=b\r\n", program.address());
    assert!(answer.starts_with("http/1.1 308") && answer.contains(&target), "{answer}");
    fs::write(folder.join("a-Challenge_1"), "a-Challenge_1.thumb").unwrap();
    let answer = |name: &str| ask(&mut plain(address), "x", &format!("/.well-known/acme-challenge/{name}")).unwrap();
    assert!(answer("a-Challenge_1").ends_with("\r\n\r\na-Challenge_1.thumb"));
    for secret in ["one.key", "..%2Fsite.key", "../site.key", "", "missing"] {
        assert!(answer(secret).starts_with("HTTP/1.1 404"), "{secret}");
    }
}
