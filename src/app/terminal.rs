//! Messages for the maintainer at the terminal. A closed terminal or pipe is no failure: what was done is done.

use std::io::{self, ErrorKind, Write};

use crate::db::opening::io_fault;

pub(crate) fn say(line: &str) {
    match writeln!(io::stdout().lock(), "{line}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            tracing::warn!(%error, "standard output cannot be written to");
        }
        _ => {}
    }
}

/// Shows how far something is; no line of its own.
pub(crate) fn show(text: &str) {
    let mut output = io::stdout().lock();
    // Whether the terminal shows it is of no consequence.
    let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
}

/// Prints what a command was asked for. A closed pipe is no failure.
/// Errors: a sentence when it cannot be written.
pub(crate) fn print(line: &str) -> Result<(), String> {
    match writeln!(io::stdout().lock(), "{line}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("Standard output cannot be written to: {}.", io_fault(&error)))
        }
        _ => Ok(()),
    }
}

pub fn say_error(line: &str) {
    // There is nowhere left to report the failure.
    let _ = writeln!(io::stderr().lock(), "{line}");
}
