//! What is logged while a test runs.

use std::{
    io::Write,
    sync::{Arc, LazyLock, Mutex},
};

use tracing::{
    Dispatch,
    subscriber::{DefaultGuard, NoSubscriber},
};
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

/// What was logged in this thread.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Log {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

impl Log {
    pub fn begin() -> (Self, DefaultGuard) {
        // While there is only one, tracing asks the thread that first comes to a place in the code whether anyone listens,
        // and the other tests have threads where nobody does.
        static SECOND: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(NoSubscriber::new()));
        LazyLock::force(&SECOND);
        let log = Self::default();
        let subscriber = tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::new("plinth=info"))
            .with_ansi(false)
            .with_writer(log.clone())
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    /// All of it.
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The lines about events of this kind.
    pub fn of(&self, kind: &str) -> Vec<String> {
        let text = self.text();
        let kind = format!("kind=\"{kind}\"");
        text.lines()
            .filter(|line| line.contains("plinth::security") && line.contains(&kind))
            .map(str::to_owned)
            .collect()
    }

    /// The one line about an event of this kind.
    #[track_caller]
    pub fn one(&self, kind: &str) -> String {
        let lines = self.of(kind);
        assert_eq!(lines.len(), 1, "{kind}: {lines:#?}");
        lines[0].clone()
    }
}
