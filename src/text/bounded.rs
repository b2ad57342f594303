//! A string with a limit of bytes and of time, at which its writer is stopped.

use std::{
    fmt::{self, Write},
    time::{Duration, Instant},
};

/// How many writes there are between two readings of the clock.
const LOOK: u32 = 256;

pub(crate) struct Bounded {
    text: String,
    most: usize,
    until: Instant,
    writes: u32,
}

impl Bounded {
    /// Takes at most `most` bytes within `time`; about `expected` are to come.
    #[must_use]
    pub(crate) fn new(expected: usize, most: usize, time: Duration) -> Self {
        Self { text: String::with_capacity(expected.min(most)), most, until: Instant::now() + time, writes: 0 }
    }

    /// Whether the time is over.
    #[must_use]
    pub(crate) fn is_late(&self) -> bool {
        Instant::now() > self.until
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
    use super::*;

    #[test]
    fn it_takes_so_much_and_no_more() {
        let mut text = Bounded::new(2, 4, Duration::from_mins(1));
        assert!(text.write_str("four").is_ok());
        assert!(text.write_str("!").is_err());
        assert_eq!(text.into_text(), "four");
        let mut late = Bounded::new(2, usize::MAX, Duration::ZERO);
        assert!((0..=LOOK).any(|_| late.write_str("a").is_err()));
    }
}
