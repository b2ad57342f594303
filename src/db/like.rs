//! Patterns for `like … escape '\'`.

use crate::text::fold::fold;

/// A pattern for "contains", to be compared with folded texts, with the wildcards in `text` made ordinary.
#[must_use]
pub(crate) fn containing(text: &str) -> String {
    let plain = fold(text.trim()).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{plain}%")
}
