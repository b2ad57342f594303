//! Keys of types, fields and parts that are made from their labels, because nobody typed one.

use crate::{
    model::document::type_key::KEY_MAX,
    text::{clean, slug},
};

/// The key that was typed, or one made from the label.
#[must_use]
pub(super) fn key(typed: &str, label: &str) -> String {
    let typed = clean::line(typed);
    if typed.is_empty() { from_label(label) } else { typed }
}

/// `Web site` becomes `web_site`. Empty when nothing of the label can be in a key.
#[must_use]
pub(super) fn from_label(label: &str) -> String {
    let made: String = slug::from_title(label).replace('-', "_").chars().take(KEY_MAX).collect();
    made.trim_end_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_only_when_none_was_typed() {
        assert_eq!(key(" site ", "Web site"), "site");
        assert_eq!(key(" ", "Web site (main)"), "web_site_main");
        assert_eq!(from_label(&"abc ".repeat(20)).len(), KEY_MAX - 1);
        assert_eq!(from_label("!"), "");
    }
}
