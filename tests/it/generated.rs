//! Valid and invalid requests, made from a seed, so that each run sends the same.

use std::fmt::Write;

/// One request.
pub struct Sent {
    pub bytes: Vec<u8>,
    pub is_head: bool,
    /// The length of the pieces that its batch is sent in.
    pub cut: usize,
}

pub struct Generator {
    state: u64,
    /// Whether a batch has nothing that only hyper understands.
    plain: bool,
    tags: Vec<String>,
    assets: Vec<String>,
}

const TARGETS: [&str; 8] =
    ["/about", "/about", "/", "/standards/part-1", "/faq", "/robots.txt", "/sitemap.xml", "/about"];
const QUERIES: [&str; 9] =
    ["", "?", "?utm_source=letter", "?q=audit", "?q=%20", "?a=b&c=d;e", "?a=\"b\"", "?a={b}|c", "?a=\u{e9}"];
const OTHER_TARGETS: [&str; 16] = [
    "/no-such-page",
    "/about/",
    "/About",
    "/%61bout",
    "//about",
    "/about#part",
    "http://127.0.0.1:3000/about",
    "http://evil.example/about",
    "*",
    "about",
    "/search?q=quagga",
    "/search",
    "/healthz",
    "/static/0123456789abcdef/site.css",
    "/about%00",
    "/../about",
];
const OWN_HOST: &str = "127.0.0.1:3000";
const OTHER_METHODS: [&str; 7] = ["OPTIONS", "DELETE", "PUT", "get", "POST", "PROPFIND", "G@T"];
const VERSIONS: [&str; 12] = [
    "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1",
    "HTTP/1.1", "HTTP/1.0", "HTTP/1.0",
];
const HOSTS: [&str; 8] =
    ["localhost", "LOCALHOST:80", "127.0.0.1", "[::1]:3000", "evil.example", "a b", "", "127.0.0.1:x"];
const ENCODINGS: [&str; 18] = [
    "gzip, deflate, br, zstd",
    "gzip, deflate, br",
    "br",
    "gzip",
    "zstd",
    "identity",
    "",
    "*",
    "*;q=0",
    "identity;q=0",
    "gzip;q=0.5, br;q=0.1, *;q=0",
    "br;Q=0, GZIP ; q=1.000",
    "br;q=2, zstd;q=0.1234",
    "deflate",
    "gzip;q=nonsense",
    "identity;q=0, zstd;q=0.001",
    "br\u{e9}, gzip",
    ",,br,,",
];
const CONNECTIONS: [&str; 9] =
    ["keep-alive", "Keep-Alive", "keep-alive", "close", "CLOSE", "keep-alive, close", "upgrade", "x", ""];
const RANGES: [&str; 10] = [
    "bytes=0-9",
    "bytes=5-",
    "bytes=-3",
    "bytes=9999999-",
    "bytes=-0",
    "bytes=4-2",
    "bytes=0-1,3-4",
    "items=0-1",
    "bytes = 0-4",
    "",
];
const OTHER_FIELDS: [(&str, &str); 14] = [
    ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64)"),
    ("Accept", "text/html,*/*;q=0.8"),
    ("Cookie", "plinth=someone; theme=dark"),
    ("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT"),
    ("If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"),
    ("X-Forwarded-Host", "evil.example"),
    ("X-Empty", ""),
    ("X-Name", "caf\u{e9}"),
    ("Content-Length", "0"),
    ("Trailer", "X"),
    ("Upgrade", "h2c"),
    ("Accept-Language", "de, en;q=0.5"),
    ("Cache-Control", "no-cache"),
    ("Referer", "https://portal.example/"),
];

impl Generator {
    /// `tags` are some that answers have.
    pub fn new(seed: u64, tags: Vec<String>) -> Self {
        let assets = ["site.css", "search.js"].map(plinth::web::assets::path).to_vec();
        Self { state: seed, plain: false, tags, assets }
    }

    /// Some requests for one connection, which come at once or in pieces.
    pub fn batch(&mut self) -> Vec<Sent> {
        let length = 1 + self.below(7);
        self.plain = self.one_in(2);
        let cut = if self.rarely(4) { 1 + self.below(200) } else { usize::MAX };
        (0..length).map(|_| self.request(cut)).collect()
    }

    fn request(&mut self, cut: usize) -> Sent {
        let method = match self.below(20) {
            0 if !self.plain => self.pick(&OTHER_METHODS),
            1..4 => "HEAD",
            _ => "GET",
        };
        let target = self.target();
        let version = if self.rarely(60) { "HTTP/2.0" } else { self.pick(&VERSIONS) };
        let mut fields = self.fields();
        self.shuffle(&mut fields);
        let end = if self.one_in(30) { "\n" } else { "\r\n" };
        let mut text = if self.one_in(30) { end.to_owned() } else { String::new() };
        let _ = write!(text, "{method} {target} {version}{end}");
        for (name, value) in fields {
            let (name, space) = (self.cased(name), self.pick(&[" ", " ", "", "\t ", "  "]));
            let _ = write!(text, "{name}:{space}{value}{end}");
        }
        if self.rarely(80) {
            text += self.pick(&["no colon\r\n", " folded: line\r\n", "Bad Name: x\r\n", "X: \u{1}\r\n"]);
        }
        text += end;
        Sent { bytes: text.into_bytes(), is_head: method == "HEAD", cut }
    }

    fn target(&mut self) -> String {
        match self.below(16) {
            0 if !self.plain => self.pick(&OTHER_TARGETS).to_owned(),
            1 => {
                let at = self.below(self.assets.len());
                self.assets[at].clone()
            }
            2..5 => format!("{}{}", self.pick(&TARGETS), self.pick(&QUERIES)),
            _ => self.pick(&TARGETS).to_owned(),
        }
    }

    fn fields(&mut self) -> Vec<(&'static str, String)> {
        let mut fields = Vec::new();
        match self.below(40) {
            _ if self.plain => fields.push(("Host", OWN_HOST.to_owned())),
            0 => {}
            1 => fields.push(("Host", self.pick(&HOSTS).to_owned())),
            2 => fields.extend([("Host", OWN_HOST.to_owned()), ("Host", OWN_HOST.to_owned())]),
            _ => fields.push(("Host", OWN_HOST.to_owned())),
        }
        if !self.one_in(3) {
            // Most as browsers send them: an answer that none can be sent is slow to draw.
            let common = !self.one_in(3);
            fields.push(("Accept-Encoding", self.pick(if common { &ENCODINGS[..5] } else { &ENCODINGS }).to_owned()));
        }
        if self.rarely(40) {
            fields.push(("Accept-Encoding", self.pick(&ENCODINGS).to_owned()));
        }
        if self.one_in(4) {
            fields.push(("If-None-Match", self.condition()));
        }
        if self.rarely(5) {
            fields.push(("Connection", self.pick(&CONNECTIONS).to_owned()));
        }
        if self.rarely(20) {
            fields.push(("If-Match", self.condition()));
        }
        if self.rarely(12) {
            fields.push(("Range", self.pick(&RANGES).to_owned()));
        }
        if self.one_in(24) {
            fields.push(("If-Range", self.condition()));
        }
        for _ in 0..self.below(4) {
            let (name, value) = OTHER_FIELDS[self.below(OTHER_FIELDS.len())];
            // A body or an upgrade is for hyper in any case.
            if !matches!(name, "Content-Length" | "Trailer" | "Upgrade") || self.rarely(4) {
                fields.push((name, value.to_owned()));
            }
        }
        fields
    }

    /// A list of tags, right or wrong.
    fn condition(&mut self) -> String {
        let at = self.below(self.tags.len());
        let own = self.tags[at].clone();
        match self.below(12) {
            0 => "*".to_owned(),
            1 => "\"other\"".to_owned(),
            2 => format!("W/{own}"),
            3 => format!("\"other\", {own}"),
            4 => format!("{own},\"other\"  ,W/\"more\""),
            5 => format!("\"a,b\", {own}"),
            6 => own.trim_matches('"').to_owned(),
            7 => format!("\"{}", own.trim_matches('"')),
            8 => format!("\"\u{e9}\", {own}"),
            9 => format!("*, {own}"),
            _ => own,
        }
    }

    fn cased(&mut self, name: &str) -> String {
        match self.below(4) {
            0 => name.to_ascii_lowercase(),
            1 => name.to_ascii_uppercase(),
            _ => name.to_owned(),
        }
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }

    fn pick<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.below(all.len())]
    }

    /// One in so many times, but never in a plain batch.
    fn rarely(&mut self, many: usize) -> bool {
        self.one_in(many) && !self.plain
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    /// A number from 0 up to but not including `end`.
    fn below(&mut self, end: usize) -> usize {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.state >> 33).unwrap() % end
    }
}
