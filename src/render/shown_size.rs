//! How much of a difference is shown: nobody reads a hundred thousand changes, and their page would take much memory.

/// The most bytes of HTML that the difference of one text takes.
const LARGEST: usize = 600_000;
/// The bytes that a character takes which is escaped.
const ESCAPED: usize = 6;

/// The room that is left.
pub(crate) struct ShownSize {
    left: usize,
}

impl ShownSize {
    /// The room of a whole difference.
    #[must_use]
    pub(crate) const fn of_difference() -> Self {
        Self { left: LARGEST }
    }

    /// The room of what is folded away.
    #[must_use]
    pub(crate) const fn of_folded() -> Self {
        Self { left: LARGEST / 4 }
    }

    #[must_use]
    pub(crate) const fn left(&self) -> usize {
        self.left
    }

    /// Takes room for something of `bytes`; `false`, and nothing is taken, when it does not fit.
    pub(crate) const fn takes(&mut self, bytes: usize) -> bool {
        if bytes > self.left {
            return false;
        }
        self.left -= bytes;
        true
    }
}

/// How many bytes a text takes in HTML.
#[must_use]
pub(crate) fn html_size(text: &str) -> usize {
    text.bytes().map(|byte| if is_escaped(byte) { ESCAPED } else { 1 }).sum()
}

/// The beginning of a text that takes at most so many bytes in HTML.
#[must_use]
pub(crate) fn beginning(text: &str, most: usize) -> &str {
    let mut size = 0;
    let end = text.char_indices().find(|(_, char)| {
        size += html_size(char.encode_utf8(&mut [0; 4]));
        size > most
    });
    end.map_or(text, |(end, _)| &text[..end])
}

const fn is_escaped(byte: u8) -> bool {
    matches!(byte, b'<' | b'>' | b'&' | b'"' | b'\'' | b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_taken_until_it_is_gone() {
        let mut room = ShownSize::of_difference();
        assert!(room.takes(LARGEST - 1));
        assert!(!room.takes(2));
        assert!(room.takes(1));
        assert!(!room.takes(1));
    }

    #[test]
    fn a_text_is_as_large_as_it_is_in_html() {
        assert_eq!((html_size("é"), html_size("a<b")), (2, 8));
        assert_eq!(beginning("aéb", 10), "aéb");
        assert_eq!((beginning("aéb", 2), beginning("aéb", 3)), ("a", "aé"));
        assert_eq!((beginning("<a", 5), beginning("<a", 6)), ("", "<"));
    }
}
