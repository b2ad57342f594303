//! A mail server for tests: it keeps what it is given, or behaves as badly as it is told to.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manners {
    Polite,
    /// Takes connections and says nothing.
    Mute,
    /// Says one byte, and the next one much later.
    Slow,
    /// Says nothing any more when it has the whole e-mail.
    MuteAtTheEnd,
    /// Takes no e-mail now.
    Busy,
    /// Never takes an e-mail to this recipient.
    Refusing,
    /// Does not know the password.
    Forgetful,
}

/// An e-mail as it arrived.
#[derive(Debug, Clone)]
pub struct Arrived {
    pub from: String,
    pub to: Vec<String>,
    /// Headers, each on one line.
    pub headers: Vec<String>,
    /// The rest, with its parts decoded.
    pub body: String,
}

impl Arrived {
    fn new(from: String, to: Vec<String>, data: &str) -> Self {
        let (head, body) = data.split_once("\r\n\r\n").expect("a body");
        let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let headers: Vec<String> = head.lines().map(ToOwned::to_owned).collect();
        let is_quoted = data.contains("Content-Transfer-Encoding: quoted-printable");
        let body = if is_quoted { unquote(body) } else { body.to_owned() };
        Self { from, to, headers, body }
    }

    /// The value of a header that is there once; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        let mut found = self.headers.iter().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        let value = found.next().unwrap_or_default();
        assert_eq!(found.next(), None, "{name} is there twice: {:?}", self.headers);
        value
    }
}

/// Decodes quoted parts; what is not quoted stays.
fn unquote(body: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = body.replace("=\r\n", "");
    while let Some((before, after)) = rest.split_once('=') {
        bytes.extend(before.bytes());
        if let Some(byte) = after.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok()) {
            bytes.push(byte);
            rest = after[2..].to_owned();
        } else {
            bytes.push(b'=');
            rest = after.to_owned();
        }
    }
    bytes.extend(rest.bytes());
    String::from_utf8(bytes).unwrap()
}

pub struct SmtpSink {
    pub address: SocketAddr,
    arrived: Arc<Mutex<Vec<Arrived>>>,
    manners: Arc<Mutex<Manners>>,
    task: JoinHandle<()>,
}

impl SmtpSink {
    pub async fn start() -> Self {
        Self::at("127.0.0.1:0".parse().unwrap()).await
    }

    pub async fn at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let arrived = Arc::<Mutex<Vec<Arrived>>>::default();
        let manners = Arc::new(Mutex::new(Manners::Polite));
        let address = listener.local_addr().unwrap();
        let shared = (Arc::clone(&arrived), Arc::clone(&manners));
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (arrived, manners) = (shared.0.clone(), *shared.1.lock().unwrap());
                tokio::spawn(async move { serve(stream, &arrived, manners).await });
            }
        });
        Self { address, arrived, manners, task }
    }

    pub fn behave(&self, manners: Manners) {
        *self.manners.lock().unwrap() = manners;
    }

    /// What has arrived since this was asked last.
    pub fn take(&self) -> Vec<Arrived> {
        std::mem::take(&mut *self.arrived.lock().unwrap())
    }

    /// The one e-mail that has arrived since then.
    #[track_caller]
    pub fn take_one(&self) -> Arrived {
        let mut all = self.take();
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }

    /// Ends it; gives the address where nobody listens then.
    pub async fn stop(mut self) -> SocketAddr {
        self.task.abort();
        let _ = (&mut self.task).await;
        self.address
    }

    /// What a portal is started with to use it.
    pub fn options(&self) -> [String; 6] {
        ["--smtp-url", &format!("smtp://{}", self.address), "--mail-from", "The portal <portal@portal.example>"]
            .into_iter()
            .chain(["--smtp-timeout", "1"])
            .map(ToOwned::to_owned)
            .collect::<Vec<_>>()
            .try_into()
            .unwrap()
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One connection, until the client is gone.
async fn serve(stream: TcpStream, arrived: &Mutex<Vec<Arrived>>, manners: Manners) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    match manners {
        Manners::Mute | Manners::Slow => {
            if manners == Manners::Slow {
                write.write_all(b"2").await.ok()?;
            }
            while lines.next_line().await.ok()?.is_some() {}
            return None;
        }
        _ => write.write_all(b"220 sink ESMTP\r\n").await.ok()?,
    }
    let (mut from, mut to) = (String::new(), Vec::new());
    while let Some(line) = lines.next_line().await.ok()? {
        let address = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        let answer = match line.split([' ', ':']).next().unwrap() {
            "EHLO" => "250-sink\r\n250-AUTH PLAIN\r\n250-8BITMIME\r\n250 HELP",
            "AUTH" if manners == Manners::Forgetful => "535 5.7.8 Authentication credentials invalid",
            "AUTH" => "235 Fine",
            "MAIL" => {
                (from, to) = (address, Vec::new());
                "250 Fine"
            }
            "RCPT" if manners == Manners::Busy => "451 4.3.0 Try again later",
            "RCPT" if manners == Manners::Refusing => "550 5.1.1 No such user here",
            "RCPT" => {
                to.push(address);
                "250 Fine"
            }
            "DATA" => {
                write.write_all(b"354 Go on\r\n").await.ok()?;
                let mut data = String::new();
                while let Some(line) = lines.next_line().await.ok()?.filter(|line| line != ".") {
                    data.push_str(line.strip_prefix('.').unwrap_or(&line));
                    data.push_str("\r\n");
                }
                if manners == Manners::MuteAtTheEnd {
                    continue;
                }
                arrived.lock().unwrap().push(Arrived::new(from.clone(), to.clone(), &data));
                "250 Fine"
            }
            "QUIT" => "221 Bye",
            _ => "250 Fine",
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    }
    None
}
