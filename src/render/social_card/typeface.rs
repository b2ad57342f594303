//! The letters of social cards: which texts they can write, how wide those are, and where lines break. Knows no colour and no
//! place on a card.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, GlyphId, ScaleFont};
use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Result};

static FONT: LazyLock<Option<FontRef<'static>>> =
    LazyLock::new(|| FontRef::try_from_slice(epaint_default_fonts::UBUNTU_LIGHT).ok());

/// More characters of one text are on no card.
const MOST: usize = 400;

#[derive(Clone, Copy)]
pub(super) struct Typeface(&'static FontRef<'static>);

impl Typeface {
    pub(super) fn load() -> Result<Self> {
        let font =
            FONT.as_ref().ok_or_else(|| Error::Internal("the letters of social cards are damaged".to_owned()))?;
        Ok(Self(font))
    }

    pub(super) const fn font(self) -> &'static FontRef<'static> {
        self.0
    }

    /// A text in one line; none when it is empty, when letters are missing or when its script needs more than letters side
    /// by side.
    pub(super) fn write(self, text: &str) -> Option<String> {
        let text: String = text.nfc().filter(|character| !is_invisible(*character)).take(MOST).collect();
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let has = |character: char| is_simple(character) && self.0.glyph_id(character) != GlyphId(0);
        (!line.is_empty() && line.chars().all(has)).then_some(line)
    }

    /// The letters of a line with their distances from its start, and its width.
    pub(super) fn set(self, line: &str, size: f32) -> (Vec<(GlyphId, f32)>, f32) {
        let font = self.0.as_scaled(size);
        let (mut width, mut last) = (0.0, None);
        let mut letters = Vec::new();
        for id in line.chars().map(|character| font.glyph_id(character)) {
            width += last.map_or(0.0, |last| font.kern(last, id));
            letters.push((id, width));
            width += font.h_advance(id);
            last = Some(id);
        }
        (letters, width)
    }

    fn fits(self, line: &str, size: f32, width: f32) -> bool {
        self.set(line, size).1 <= width
    }

    /// A text in lines of at most `width`, and whether all of it fits in `most` lines; otherwise the last one says that there
    /// is more.
    pub(super) fn wrap(self, text: &str, size: f32, (width, most): (f32, usize)) -> (Vec<String>, bool) {
        let mut lines: Vec<String> = Vec::new();
        let mut is_whole = true;
        for word in text.split(' ') {
            let joined = lines.last().map(|line| format!("{line} {word}"));
            if let (Some(joined), Some(last)) = (joined.filter(|line| self.fits(line, size, width)), lines.last_mut()) {
                *last = joined;
            } else if self.fits(word, size, width) {
                lines.push(word.to_owned());
            } else {
                is_whole = false;
                lines.push(self.shorten(word, size, width));
            }
        }
        if lines.len() > most {
            is_whole = false;
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                *last = self.shorten(last, size, width);
            }
        }
        (lines, is_whole)
    }

    /// The start of a line that fits with an ellipsis behind it.
    fn shorten(self, line: &str, size: f32, width: f32) -> String {
        let mut start = line.to_owned();
        while !self.fits(&format!("{start}…"), size, width) && start.pop().is_some() {}
        format!("{}…", start.trim_end())
    }
}

fn is_invisible(character: char) -> bool {
    let is_format =
        matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
    is_format || (character.is_control() && !character.is_whitespace())
}

/// Latin, Greek and Cyrillic letters, and signs. What is missing among them the font says.
const fn is_simple(character: char) -> bool {
    matches!(character, ' '..='\u{52f}' | '\u{1e00}'..='\u{22ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_written_well_is() {
        let typeface = Typeface::load().unwrap();
        assert_eq!(typeface.write(" Größe\u{202e} und\n\u{200b}Maß e\u{301} "), Some("Größe und Maß é".to_owned()));
        assert!(typeface.write("Ελληνικά и русский – “ISO 20000”…").is_some());
        for text in ["", " \u{200b}", "עברית", "日本語", "العربية", "a 日", "\u{0}"] {
            assert_eq!(typeface.write(text), None, "{text:?}");
        }
    }

    #[test]
    fn lines_break_between_words_and_end_with_an_ellipsis() {
        let typeface = Typeface::load().unwrap();
        let (lines, is_whole) = typeface.wrap("one two three four", 50.0, (200.0, 9));
        assert!(is_whole && lines.len() > 1 && lines.join(" ") == "one two three four", "{lines:?}");
        let (lines, is_whole) = typeface.wrap("one two three four", 50.0, (200.0, 1));
        assert!(!is_whole && lines.len() == 1 && lines[0].ends_with('…'), "{lines:?}");
        let (lines, is_whole) = typeface.wrap(&"w".repeat(200), 50.0, (200.0, 2));
        assert!(!is_whole && typeface.set(&lines[0], 50.0).1 <= 200.0, "{lines:?}");
    }
}
