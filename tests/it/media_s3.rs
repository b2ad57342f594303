//! The media library in a service for objects: the tests of the media library once more, with files that lie there. A fake of the
//! service comes with the Python package moto (`moto_server` on the path); without it they say that they are skipped.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{
    browser,
    command_line::{fails, plinth},
    harness::TestApp,
    media::{pdf, publish, upload},
    program::PATIENCE,
};

/// Where the bucket is while these tests run; set by the one that starts the service.
const BUCKET: &str = "PLINTH_TEST_MEDIA_S3";
pub const KEY: (&str, &str) = ("some-key", "hushed-secret");

/// The address of the folder of a data directory in the bucket; none when files lie in the directory itself.
pub fn folder(data: &Path) -> Option<String> {
    let bucket = std::env::var(BUCKET).ok()?;
    let name = data.file_name()?.to_string_lossy().trim_start_matches('.').to_owned();
    Some(format!("{bucket}/{name}"))
}

/// The settings for that, as options.
pub fn options(data: &Path) -> Vec<String> {
    let of =
        |url: String| ["--media-s3", &url, "--media-s3-key-id", KEY.0, "--media-s3-secret", KEY.1].map(str::to_owned);
    folder(data).map(of).into_iter().flatten().collect()
}

/// The same as variables.
pub fn variables(data: &Path) -> Vec<(&'static str, String)> {
    let of = |url| {
        [
            ("PLINTH_MEDIA_S3", url),
            ("PLINTH_MEDIA_S3_KEY_ID", KEY.0.to_owned()),
            ("PLINTH_MEDIA_S3_SECRET", KEY.1.to_owned()),
        ]
    };
    folder(data).map(of).into_iter().flatten().collect()
}

/// Whether a test is about the folder alone.
pub fn skips(why: &str) -> bool {
    let skips = std::env::var_os(BUCKET).is_some();
    if skips {
        println!("skipped: {why}");
    }
    skips
}

/// Asks the service, which checks no signature; gives the body of the answer.
pub fn ask(method: &str, url: &str) -> Vec<u8> {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let signed = "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
    let head =
        format!("{method} /{path} HTTP/1.0\r\nhost: {host}\r\nauthorization: {signed}\r\ncontent-length: 0\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    assert!(
        answer.starts_with(b"HTTP/1.") && answer[9] == b'2',
        "{method} {url}: {}",
        String::from_utf8_lossy(&answer)
    );
    answer.split_off(end + 4)
}

/// The addresses of all objects in a folder.
pub fn objects(folder: &str) -> Vec<String> {
    let (bucket, prefix) = folder.rsplit_once('/').unwrap();
    let list = String::from_utf8(ask("GET", &format!("{bucket}?list-type=2&prefix={prefix}/"))).unwrap();
    let keys = list.split("<Key>").skip(1).map(|rest| rest.split("</Key>").next().unwrap());
    keys.map(|key| format!("{bucket}/{key}")).collect()
}

pub fn read(object: &str) -> Vec<u8> {
    ask("GET", object)
}

pub fn remove(object: &str) {
    ask("DELETE", object);
}

/// A fake of the service; ends when this is dropped.
pub struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts one, and gives its address; none, and a line that says so, where there is no such program.
pub fn start_service() -> Option<(Service, String)> {
    let Some(moto) = browser::find(&["moto_server"]) else {
        println!("skipped: there is no moto_server on the path; it comes with the Python package moto[server]");
        return None;
    };
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let mut command = Command::new(moto);
    command.args(["-H", "127.0.0.1", "-p", &port]).stdout(Stdio::null()).stderr(Stdio::null());
    let service = Service(command.spawn().unwrap());
    let since = Instant::now();
    while TcpStream::connect(format!("127.0.0.1:{port}")).is_err() {
        assert!(since.elapsed() < PATIENCE, "the service does not start");
        std::thread::sleep(Duration::from_millis(50));
    }
    Some((service, format!("http://127.0.0.1:{port}")))
}

#[test]
fn the_tests_of_the_media_library_pass_on_a_service_for_objects() {
    let Some((_service, server)) = start_service() else { return };
    let bucket = format!("{server}/plinth");
    ask("PUT", &bucket);
    let again = Command::new(std::env::current_exe().unwrap())
        .args(["media", "--skip", "media_s3"])
        .env(BUCKET, &bucket)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&again.stdout);
    assert!(again.status.success(), "{said}\n{}", String::from_utf8_lossy(&again.stderr));
    assert!(said.contains("test media_replacing::a_picture_is_replaced_everywhere_at_once ... ok"), "{said}");
}

#[tokio::test]
async fn a_service_that_does_not_answer_is_no_fault_of_the_file() {
    let app = TestApp::new().await;
    upload(&app.editor().await, &[("a.pdf", &pdf("a"))]).await.is(303);
    let editor = app.editor().await;
    publish(&editor, "paper", "[Paper](/media/a.pdf)").await;
    let address = editor.get("/media/a.pdf").await.is(307).location();
    // Nothing listens there.
    let away = ["--media-s3", "http://127.0.0.1:1/bucket", "--media-s3-key-id", KEY.0, "--media-s3-secret", KEY.1];
    let app = TestApp::over(app.data.clone(), &away).await;
    let shown = app.visitor().get(&address).await.is(503);
    let refused = upload(&app.editor().await, &[("b.pdf", &pdf("b"))]).await.is(503);
    for reply in [shown, refused] {
        reply.does_not_say(KEY.1).does_not_say(KEY.0).does_not_say("127.0.0.1:1");
    }
    app.visitor().get("/paper").await.is(200);
}

#[test]
fn a_bucket_needs_a_key() {
    let data = TempDir::new().unwrap();
    let why = ["PLINTH_MEDIA_S3 is set, so PLINTH_MEDIA_S3_KEY_ID and PLINTH_MEDIA_S3_SECRET have to be set too"];
    let folder = data.path().join("site").to_string_lossy().into_owned();
    fails(&plinth(data.path(), &["export", &folder, "--media-s3", "https://s3.example/b"], ""), 1, &why);
    let why = ["a bucket must follow the host"];
    fails(&plinth(data.path(), &["export", &folder, "--media-s3", "https://s3.example"], ""), 2, &why);
}
