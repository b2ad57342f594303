//! Takes out of typed text what nobody types and no screen, file or database shall be made to hold.

/// One line: every run of white space becomes a single space; control characters and marks that turn the
/// direction of writing around are dropped.
#[must_use]
pub fn line(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let plain: String = text.chars().filter(|c| !c.is_control() && !turns_direction(*c)).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Several lines that end in `\n`, without control characters but the tab, and without white space around.
#[must_use]
pub fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let plain: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    plain.trim().to_owned()
}

/// They can make a name or an address read as another.
const fn turns_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_nobody_types_is_dropped() {
        assert_eq!(line(" Ada\0 \r\n Love\u{202e}lace\u{7f} "), "Ada Lovelace");
        assert_eq!(lines("\r\n one\0\r\n\ttwo\rthree \n"), "one\n\ttwo\nthree");
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in any::<String>()) {
            let (once, block) = (line(&text), lines(&text));
            prop_assert_eq!(&line(&once), &once);
            prop_assert_eq!(&lines(&block), &block);
            prop_assert!(!once.contains(char::is_control));
        }
    }
}
