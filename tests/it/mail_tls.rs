//! E-mails go over TLS: from the first byte, after STARTTLS, and not at all when the certificate is not one that the system
//! trusts. Through the real program, as what is trusted is said by its environment.

use std::{
    io::{BufRead, BufReader, Lines},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};

use tempfile::TempDir;

use crate::{
    command_line,
    harness::PASSWORD,
    program::{Program, SERVE, plinth, skipped},
};

struct Sink {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    port: String,
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail")
}

fn sink(how: &str) -> Option<Sink> {
    let mut command = Command::new("python3");
    let started = command.arg(folder().join("sink.py")).arg(how).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = started.ok()?;
    let mut lines = BufReader::new(child.stdout.take()?).lines();
    let port = lines.next()?.ok()?;
    Some(Sink { child, lines, port })
}

#[test]
fn what_is_sent_is_encrypted_for_a_server_that_is_trusted() {
    for (how, url, is_trusted) in [
        ("tls", "smtps://127.0.0.1:", true),
        ("starttls", "smtp://127.0.0.1:", true),
        ("tls", "smtps://127.0.0.1:", false),
    ] {
        let Some(mut sink) = sink(how) else { return skipped("there is no python3") };
        let data = TempDir::new().unwrap();
        let add =
            ["user", "add", "--role", "editor", "--email", "ada@portal.example", "--name", "Ada", "--password-stdin"];
        command_line::succeeds(&command_line::plinth(data.path(), &add, PASSWORD));
        let query = if how == "tls" { "" } else { "?tls=required" };
        let url = format!("{url}{}{query}", sink.port);
        let mut command = plinth(data.path(), &SERVE);
        command
            .args(["--starter", "none"])
            .env("PLINTH_SMTP_URL", url)
            .env("PLINTH_MAIL_FROM", "portal@portal.example");
        if is_trusted {
            command.env("SSL_CERT_FILE", folder().join("authority.pem"));
        }
        let program = Program::run(&mut command);
        let (status, text) = program.send("POST", "/admin/forgotten-password", "email=ada%40portal.example");
        assert_eq!(status, 303, "{text}");
        if is_trusted {
            assert_eq!(sink.lines.next().unwrap().unwrap(), "ada@portal.example", "{how}: {}", program.log());
        } else {
            program.logs("an e-mail was not sent");
        }
    }
}
