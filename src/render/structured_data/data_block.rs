//! JSON within HTML: nothing in it can end the element that it is in, or turn the direction of the source around.

use std::fmt::Write;

use serde_json::Value;

/// The same JSON with what HTML, scripts or readers could take for something else as `\u…`. All of it is within texts.
pub(super) fn write(value: &Value) -> String {
    let json = value.to_string();
    let mut safe = String::with_capacity(json.len() + json.len() / 16);
    for c in json.chars() {
        if is_harmless(c) {
            safe.push(c);
        } else {
            // Writing into a text never fails. None of them needs two units.
            let _ = write!(safe, "\\u{:04x}", u32::from(c));
        }
    }
    safe
}

const fn is_harmless(c: char) -> bool {
    !matches!(c, '<' | '>' | '&' | '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}')
        && !matches!(c, '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_ends_the_element() {
        let hostile = "</script><!--<script>]]>&amp;\u{2028}\u{202e}\0\u{85}";
        let written = write(&json!({ hostile: [hostile] }));
        let escaped =
            "\\u003c/script\\u003e\\u003c!--\\u003cscript\\u003e]]\\u003e\\u0026amp;\\u2028\\u202e\\u0000\\u0085";
        assert_eq!(written, format!("{{\"{escaped}\":[\"{escaped}\"]}}"));
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_was_written(text in any::<String>()) {
            let value = json!([text, 1, null]);
            let written = write(&value);
            prop_assert!(!written.contains(['<', '>', '&']));
            prop_assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), value);
        }
    }
}
