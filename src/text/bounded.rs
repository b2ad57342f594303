//! A string with a limit of bytes and of time, at which its writer is stopped.

use std::fmt::{self, Write};

use crate::clock::Deadline;

/// How many writes there are between two readings of the clock.
const LOOK: u32 = 256;

pub(crate) struct Bounded {
    text: String,
    most: usize,
    until: Deadline,
    writes: u32,
}

impl Bounded {
    /// Takes at most `most` bytes, until `until`; about `expected` are to come.
    #[must_use]
    pub(crate) fn new(expected: usize, most: usize, until: Deadline) -> Self {
        Self { text: String::with_capacity(expected.min(most)), most, until, writes: 0 }
    }

    /// Whether the time is over.
    #[must_use]
    pub(crate) fn is_late(&self) -> bool {
        self.until.has_passed()
    }

    #[must_use]
    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

impl Write for Bounded {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.writes = self.writes.wrapping_add(1);
        let late = self.writes.is_multiple_of(LOOK) && self.is_late();
        if late || self.text.len() + piece.len() > self.most {
            return Err(fmt::Error);
        }
        self.text.push_str(piece);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn it_takes_so_much_and_no_more() {
        let mut text = Bounded::new(2, 4, Deadline::after(Duration::from_mins(1)));
        assert!(text.write_str("four").is_ok());
        assert!(text.write_str("!").is_err());
        assert_eq!(text.into_text(), "four");
        let mut late = Bounded::new(2, usize::MAX, Deadline::after(Duration::ZERO));
        assert!((0..=LOOK).any(|_| late.write_str("a").is_err()));
    }
}
