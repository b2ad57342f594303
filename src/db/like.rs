//! Patterns for `like … escape '\'`.

use crate::text::fold::fold;

/// How many bytes of a pattern are compared. `SQLite` takes at most 50,000, and every one of these may be escaped; what is
/// searched with patterns is shorter.
const LONGEST: usize = 24_000;

/// A pattern for "contains", to be compared with folded texts, with the wildcards in `text` made ordinary.
#[must_use]
pub(crate) fn containing(text: &str) -> String {
    format!("%{}%", plain(text))
}

/// The same for "begins with".
#[must_use]
pub(crate) fn beginning(text: &str) -> String {
    format!("{}%", plain(text))
}

fn plain(text: &str) -> String {
    let folded = fold(text.trim());
    folded[..folded.floor_char_boundary(LONGEST)].replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
