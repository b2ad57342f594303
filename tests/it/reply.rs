//! What the portal answered, and what a test asserts of it.

use axum::http::{HeaderMap, StatusCode, response::Parts};

#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// Without the invisible marks around what users wrote.
    pub text: String,
    /// As it was sent.
    pub isolated: String,
}

impl Reply {
    pub fn new(parts: Parts, bytes: &[u8]) -> Self {
        let isolated = String::from_utf8_lossy(bytes).into_owned();
        let text = isolated.replace(['\u{2068}', '\u{2069}'], "");
        Self { status: parts.status, headers: parts.headers, text, isolated }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn location(&self) -> String {
        self.header("location").to_owned()
    }

    /// The page without what marks this rendering of its forms.
    pub fn unmarked(&self) -> String {
        let mut parts = self.text.split("name=\"submission\" value=\"");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |text, part| text + part.split_once('"').expect("the value ends").1)
    }

    /// Asserts the status; gives the reply back.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    /// Asserts that the page says this.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.text.contains(text), "“{text}” is not in:\n{}", self.text);
        self
    }

    /// Asserts that the page does not say this.
    #[track_caller]
    pub fn does_not_say(self, text: &str) -> Self {
        assert!(!self.text.contains(text), "“{text}” is in:\n{}", self.text);
        self
    }
}
