//! What leads from one page of a list to the next, as the address of a page has it: a number, a text, or two of these for a
//! list sorted by more than one thing.

use crate::clock::Timestamp;

pub(crate) trait CursorKey: Sized {
    /// `None` for what no list writes.
    fn parse(text: &str) -> Option<Self>;

    fn write(&self) -> String;
}

impl CursorKey for i64 {
    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

impl CursorKey for Timestamp {
    fn parse(text: &str) -> Option<Self> {
        i64::parse(text).map(Self)
    }

    fn write(&self) -> String {
        self.0.write()
    }
}

impl CursorKey for String {
    fn parse(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn write(&self) -> String {
        self.clone()
    }
}

/// Times, days, numbers and random keys have no dot.
const BETWEEN: char = '.';

impl<A: CursorKey, B: CursorKey> CursorKey for (A, B) {
    fn parse(text: &str) -> Option<Self> {
        let (first, second) = text.split_once(BETWEEN)?;
        Some((A::parse(first)?, B::parse(second)?))
    }

    fn write(&self) -> String {
        format!("{}{BETWEEN}{}", self.0.write(), self.1.write())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_written() {
        let day = ("2026-11-27".to_owned(), 12);
        assert_eq!(day.write(), "2026-11-27.12");
        assert_eq!(CursorKey::parse(&day.write()), Some(day));
        let draft = (Timestamp(5), "-a_b".to_owned());
        assert_eq!(CursorKey::parse(&draft.write()), Some(draft));
        assert_eq!(String::parse("/about/us.html"), Some("/about/us.html".to_owned()));
    }

    #[test]
    fn what_no_list_writes_is_no_key() {
        for damaged in ["", ".", "1", "1.", ".1", "x.1", "1.x"] {
            assert_eq!(<(Timestamp, i64)>::parse(damaged), None, "{damaged}");
        }
        assert_eq!((String::parse(""), i64::parse("1 ")), (None, None));
    }
}
