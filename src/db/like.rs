//! Patterns for `like … escape '\'`.

use crate::text::fold::fold;

/// How many bytes of a pattern are compared. `SQLite` takes at most 50,000, and every one of these may be escaped; what is
/// searched with patterns is shorter.
const LONGEST: usize = 24_000;

/// A pattern for "contains", to be compared with folded texts, with the wildcards in `text` made ordinary.
#[must_use]
pub(crate) fn containing(text: &str) -> String {
    let folded = fold(text.trim());
    let plain =
        folded[..folded.floor_char_boundary(LONGEST)].replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{plain}%")
}
