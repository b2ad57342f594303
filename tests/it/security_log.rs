//! What the log says and does not say: the security log, secrets, strangers' cookies, colours, filters.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

use axum::{
    body::Body,
    http::{Method, header},
};
use plinth::{
    app::{background, rules::Rules},
    model::{
        password::Cost,
        policy::{Action, Policy, allows},
    },
};
use tempfile::TempDir;

use crate::{
    harness::{PASSWORD, TestApp, TestUser},
    log::Log,
    program::{done, ended, plinth, refused},
};

async fn sign_in(who: &TestUser, email: &str, password: &str) -> u16 {
    who.post("/admin/sign-in?next=%2Fadmin", &[("email", email), ("password", password)]).await.status.as_u16()
}

#[tokio::test]
async fn what_concerns_security_has_a_line() {
    let app = TestApp::new().await.in_this_thread();
    let (admin, editor) = (app.admin().await, app.editor().await);
    let (id, who) = (editor.actor.id.unwrap(), app.visitor());
    let (log, _guard) = Log::begin();
    assert_eq!(sign_in(&who, &editor.email, "wrong wrong").await, 422);
    assert_eq!(sign_in(&who, &editor.email, PASSWORD).await, 303);
    let page = who.get("/admin/users?q=secret").await.is(403);
    let foreign = who.request(Method::POST, "/admin/account").header("sec-fetch-site", "cross-site");
    who.send(foreign.body(Body::empty()).unwrap()).await.is(403);
    who.post("/admin/account/password", &[("current_password", PASSWORD), ("password", "copper lantern willow drum")])
        .await
        .is(303);
    who.post("/admin/sign-out", &[]).await.is(303);
    let mut elsewhere = app.visitor();
    "evil.example".clone_into(&mut elsewhere.host);
    elsewhere.get("/about").await.is(421);
    let at = format!("/admin/users/{id}");
    admin.post(&format!("{at}/role"), &[("was_role", "editor"), ("role", "administrator")]).await.is(303);
    admin.post(&format!("{at}/link"), &[]).await.is(200);
    admin.post(&format!("{at}/deactivate"), &[]).await.is(303);
    admin.post(&format!("{at}/reactivate"), &[]).await.is(303);
    for _ in 0..10 {
        sign_in(&app.visitor(), &editor.email, "wrong wrong").await;
    }
    for kind in [
        "sign_in",
        "forbidden",
        "origin_refused",
        "password_changed",
        "sign_out",
        "host_refused",
        "role_changed",
        "link_made",
        "deactivated",
        "activated",
    ] {
        let line = log.one(kind);
        assert!(line.contains("address=127.0.0.1") && line.contains("path=\"/"), "{line}");
        assert!(line.contains("request=\"") && !line.contains('?'), "{line}");
        let refused = ["forbidden", "origin_refused", "host_refused"].contains(&kind);
        assert!(line.contains(if refused { " WARN " } else { " INFO " }), "{line}");
        let anonymous = ["origin_refused", "host_refused"].contains(&kind);
        assert_eq!(line.contains(&format!("user={id}")), !anonymous, "{line}");
    }
    assert!(log.of("wrong_password").len() > 1 && !log.of("locked_out").is_empty());
    assert!(log.of("wrong_password")[0].contains(&format!("user={id}")));
    let request = log.one("forbidden").split("request=\"").nth(1).unwrap()[..9].to_owned();
    page.says(&request);
}

#[tokio::test]
async fn a_refused_origin_of_ones_own_name_has_a_line_too() {
    let app = TestApp::with(&["--public-url", "https://portal.example"]).await.in_this_thread();
    let mut who = app.visitor();
    "portal.example".clone_into(&mut who.host);
    let (log, _guard) = Log::begin();
    let request = who.request(Method::POST, "/contact").header("origin", "http://portal.example");
    who.send(request.body(Body::empty()).unwrap()).await.is(403);
    log.one("origin_refused");
}

#[tokio::test]
async fn a_right_that_is_missed_late_is_not_taken_for_a_foreign_form() {
    let policy: Policy = |role, action| action != Action::Publish && allows(role, action);
    let (data, rules) = (std::sync::Arc::new(TempDir::new().unwrap()), Rules { policy, ..Rules::default() });
    let app = TestApp::with_rules(data, &[], Cost::ForTests, rules).await.in_this_thread();
    let editor = app.editor().await;
    let (log, _guard) = Log::begin();
    let fields = [("base", "0"), ("title", "A page"), ("slug", "a-page"), ("body", "x"), ("do", "publish")];
    editor.post("/admin/pages/new", &fields).await.is(403);
    log.one("forbidden");
    assert!(log.of("origin_refused").is_empty());
}

#[tokio::test]
async fn lines_are_limited_and_what_is_left_out_is_told() {
    let app = TestApp::with(&["--trusted-proxies", "127.0.0.0/8"]).await.in_this_thread();
    let mut who = app.visitor();
    "evil.example".clone_into(&mut who.host);
    let (log, _guard) = Log::begin();
    let ask = |address: String| {
        let request = who.request(Method::GET, "/about").header("x-forwarded-for", address);
        who.send(request.body(Body::empty()).unwrap())
    };
    for _ in 0..50 {
        ask("203.0.113.9".to_owned()).await.is(421);
    }
    assert_eq!(log.of("host_refused").len(), 10);
    ask("203.0.113.10".to_owned()).await.is(421);
    assert_eq!(log.of("host_refused").len(), 11, "another address");
    for n in 0..600 {
        ask(format!("10.{}.{}.1", n / 200, n % 200)).await.is(421);
    }
    assert_eq!(log.of("host_refused").len(), 300, "all addresses together");
    app.app.clock.advance(60_000);
    background::tick(&app.app).await.unwrap();
    let told = log.of("host_refused");
    assert!(told.last().unwrap().contains("left_out=351"), "{}", told.last().unwrap());
    ask("203.0.113.9".to_owned()).await.is(421);
    assert_eq!(log.of("host_refused").len(), 302);
}

#[tokio::test]
async fn a_forwarded_request_from_a_proxy_that_is_not_named_is_told_once() {
    for (options, says) in [
        (&["--public-url", "https://portal.example"][..], 1),
        (&["--public-url", "https://portal.example", "--trusted-proxies", "10.0.0.1"], 1),
        (&["--public-url", "https://portal.example", "--trusted-proxies", "127.0.0.1"], 0),
        (&["--public-url", "http://portal.example"], 0),
    ] {
        let app = TestApp::with(options).await.in_this_thread();
        let mut who = app.visitor();
        "portal.example".clone_into(&mut who.host);
        let (log, _guard) = Log::begin();
        who.get("/contact").await.is(200);
        for _ in 0..3 {
            let request = who.request(Method::GET, "/admin").header("x-forwarded-for", "203.0.113.9");
            who.send(request.body(Body::empty()).unwrap()).await.is(303);
        }
        let text = log.text();
        assert_eq!(text.matches("PLINTH_TRUSTED_PROXIES").count(), says, "{options:?}: {text}");
    }
}

#[tokio::test]
async fn a_proxy_that_sends_another_header_is_told_what_comes_of_it() {
    for (proxies, says) in
        [("127.0.0.1", "no X-Forwarded-For"), ("10.0.0.1", "share the limits of one address: name it")]
    {
        let options = ["--public-url", "https://portal.example", "--trusted-proxies", proxies];
        let app = TestApp::with(&options).await.in_this_thread();
        let mut who = app.visitor();
        "portal.example".clone_into(&mut who.host);
        let (log, _guard) = Log::begin();
        for _ in 0..3 {
            let request = who.request(Method::GET, "/admin").header("x-real-ip", "203.0.113.9");
            who.send(request.body(Body::empty()).unwrap()).await.is(303);
        }
        let text = log.text();
        assert_eq!(text.matches(says).count(), 1, "{text}");
        assert!(!text.contains("ten times"), "{text}");
    }
}

#[tokio::test]
async fn what_is_no_address_is_told_once() {
    let app = TestApp::with(&["--trusted-proxies", "127.0.0.0/8"]).await.in_this_thread();
    let who = app.visitor();
    let (log, _guard) = Log::begin();
    for _ in 0..3 {
        let request = who.request(Method::GET, "/admin").header("x-forwarded-for", "unknown");
        who.send(request.body(Body::empty()).unwrap()).await.is(303);
        let request = who.request(Method::GET, "/admin").header("x-forwarded-for", "[2001:db8::1]:4711");
        who.send(request.body(Body::empty()).unwrap()).await.is(303);
    }
    let text = log.text();
    assert_eq!(text.matches("is not an address").count(), 1, "{text}");
}

#[tokio::test]
async fn an_error_page_names_the_request_as_the_log_does() {
    let app = TestApp::new().await.in_this_thread();
    let (log, _guard) = Log::begin();
    let visitor = app.visitor();
    let fields = [("name", "x"), ("email", "x@y.example"), ("password", PASSWORD)];
    app.app.db.close().await;
    let page = visitor.post("/admin/setup/some-token", &fields).await.is(503);
    let text = log.text();
    let line = text.lines().find(|line| line.contains("a request failed")).expect("a line").to_owned();
    let id = line.split("id=").nth(1).unwrap()[..9].to_owned();
    page.says(&id);
    assert!(!line.contains("some-token"), "{line}");
}

/// The program, serving.
pub struct Running {
    child: Child,
    address: String,
    setup: String,
    directory: TempDir,
}

impl Running {
    pub fn start(environment: &[(&str, &str)]) -> Self {
        let directory = TempDir::new().unwrap();
        let log = File::create(directory.path().join("log")).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_plinth"))
            .args(["--listen", "127.0.0.1:0"])
            .env_clear()
            .env("PLINTH_DATA", directory.path().join("data"))
            .envs(environment.iter().copied())
            .current_dir(directory.path())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines().map(Result::unwrap);
        let mut find = |part: &str| lines.find(|line| line.contains(part)).expect("a line");
        let address = find("://").rsplit_once("://").unwrap().1.trim_end_matches('/').to_owned();
        let setup = find("/admin/setup/");
        let setup = setup[setup.find("/admin/setup/").unwrap()..].to_owned();
        Self { child, address, setup, directory }
    }

    pub fn ask(&self, method: &str, target: &str, fields: &str, body: &str) -> String {
        let request = format!(
            "{method} {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n{fields}\r\n{body}",
            self.address,
            body.len()
        );
        self.send(&request)
    }

    pub fn send(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Asks as a proxy does, which the fast path answers.
    pub fn get(&self, target: &str) -> String {
        self.send(&format!("GET {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address))
    }

    fn post(&self, target: &str, body: &str) -> String {
        let fields = "Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin\r\n";
        self.ask("POST", target, fields, body)
    }

    fn log(mut self) -> String {
        self.child.kill().unwrap();
        self.read_log()
    }

    /// What it has logged when it has stopped in order.
    pub fn log_after_stop(self) -> String {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
        self.read_log()
    }

    fn read_log(mut self) -> String {
        self.child.wait().unwrap();
        fs::read_to_string(self.directory.path().join("log")).unwrap()
    }
}

#[test]
fn no_secret_is_in_the_log_at_any_level() {
    let running = Running::start(&[("PLINTH_LOG", "trace")]);
    let token = running.setup.rsplit_once('/').unwrap().1.to_owned();
    running.ask("GET", &running.setup.clone(), "", "");
    running.ask("GET", &format!("/nowhere/{token}"), "", "");
    running.ask("GET", "/search?q=zqueryz", "", "");
    running.ask("GET", "/admin/pages?q=zqueryz", "", "");
    running.ask("GET", "/nowhere?token=zqueryz", "", "");
    let typed = "name=Ada&email=ada%40portal.example&password=velvet+anchor+orbit+mango";
    let welcome = running.post(&running.setup.clone(), typed);
    assert!(welcome.starts_with("HTTP/1.1 303"), "{welcome}");
    let session = welcome.split("plinth=").nth(1).unwrap().split(';').next().unwrap().to_owned();
    let cookie = format!("Cookie: plinth={session}\r\n");
    assert!(running.ask("GET", "/admin", &cookie, "").starts_with("HTTP/1.1 200"));
    running.ask("GET", "/admin/search?q=zqueryz", &cookie, "");
    running.post("/admin/sign-in?next=zqueryz", "email=ada%40portal.example&password=zwrongz");
    let log = running.log();
    assert!(log.contains("/admin/setup/…"), "the request is in the log: {log}");
    for secret in [token.as_str(), session.as_str(), "zqueryz", "zwrongz", "velvet", "$argon2"] {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
}

#[test]
fn a_strangers_cookie_writes_nothing_and_a_file_gets_no_colours() {
    let running = Running::start(&[("PLINTH_LOG", "debug,plinth=info,plinth::access=off,sqlx=info,tantivy=info")]);
    for cookie in ["x", "AAAAAAAAAAAAAAAAAAAAAA", "%00", "a b"] {
        for _ in 0..3 {
            let answer = running.ask("GET", "/admin", &format!("Cookie: plinth={cookie}\r\n"), "");
            assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        }
    }
    let log = running.log();
    for word in ["suspicious", "malformed", "WARN"] {
        assert!(!log.contains(word), "{log}");
    }
    assert!(!log.contains('\u{1b}'), "{log:?}");
    assert!(log.lines().count() < 12, "{log}");
}

#[test]
fn a_misspelt_filter_stops_the_program() {
    for filter in ["verbosee", "plnith=debug", "info,plinth=lots"] {
        let directory = TempDir::new().unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_plinth"))
            .arg("migrate")
            .env_clear()
            .env("PLINTH_LOG", filter)
            .current_dir(directory.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{filter}: {said}");
        assert!(said.contains("PLINTH_LOG") && said.contains(filter) && said.contains("Use error"), "{said}");
        assert!(!directory.path().join("data").exists());
    }
}

#[test]
fn a_misspelt_part_of_the_program_is_refused_with_the_near_ones() {
    for (filter, says) in [
        ("info,plinth::acess=off", "“plinth::acess” writes to the log (did you mean plinth::access?)"),
        ("info,plinth::securty=info", "did you mean plinth::security?"),
        ("warn,plinth::app::backgrund=debug", "did you mean plinth::app::background?"),
        ("warn,plinth::xyzzy=debug", "nothing named “plinth::xyzzy” writes to the log"),
        ("warn,plinth::=debug", "nothing named “plinth::” writes to the log"),
        ("tower_htp=debug", "did you mean tower_http?"),
    ] {
        let directory = TempDir::new().unwrap();
        let output = ended(plinth(directory.path(), &["migrate"]).env("PLINTH_LOG", filter));
        let said = refused(&output, &["PLINTH_LOG", filter, says]);
        assert!(said.contains("writes to the log"), "{said}");
    }
    for filter in ["info,plinth::access=off", "plinth::security=info,warn", "plinth::app=debug"] {
        let directory = TempDir::new().unwrap();
        done(&ended(plinth(directory.path(), &["migrate"]).env("PLINTH_LOG", filter)));
    }
}

#[test]
fn a_missing_proxy_is_told_at_the_start() {
    let running = Running::start(&[("PLINTH_PUBLIC_URL", "https://portal.example")]);
    assert!(running.log().contains("PLINTH_TRUSTED_PROXIES"));
}

#[tokio::test]
async fn a_header_of_the_client_is_no_reference() {
    let app = TestApp::new().await.in_this_thread();
    let editor = app.editor().await;
    let (log, _guard) = Log::begin();
    let request = editor.request(Method::GET, "/admin/users").header("x-request-id", "planted");
    let request = request.header(header::REFERER, "/x");
    editor.send(request.body(Body::empty()).unwrap()).await.is(403).does_not_say("planted");
    assert!(!log.one("forbidden").contains("planted"));
}
