//! Messages for the maintainer at the terminal. A closed terminal or pipe is no failure: what was done is done.

use std::io::{self, ErrorKind, Write};

pub(crate) fn say(line: &str) {
    match writeln!(io::stdout().lock(), "{line}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            tracing::warn!(%error, "standard output cannot be written to");
        }
        _ => {}
    }
}

pub fn say_error(line: &str) {
    // There is nowhere left to report the failure.
    let _ = writeln!(io::stderr().lock(), "{line}");
}
