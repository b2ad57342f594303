//! How deep lists and quotes may nest. Each level multiplies the work of parsing, so the markers of a line that goes
//! deeper than anyone could read are shown as text.

use std::borrow::Cow;

/// Most levels that begin in one line.
pub(crate) const DEEPEST: usize = 32;

/// The text with a backslash before each marker that would go too deep.
#[must_use]
pub(crate) fn escape_too_deep(text: &str) -> Cow<'_, str> {
    if !is_too_deep(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 1024);
    for line in text.split_inclusive('\n') {
        match too_deep_at(line) {
            Some(at) => out.extend([&line[..at], "\\", &line[at..]]),
            None => out.push_str(line),
        }
    }
    Cow::Owned(out)
}

/// Whether a line begins more levels than allowed.
#[must_use]
pub(crate) fn is_too_deep(text: &str) -> bool {
    text.lines().any(|line| too_deep_at(line).is_some())
}

/// Where to escape a line so that its nesting ends there.
fn too_deep_at(line: &str) -> Option<usize> {
    // A marker takes at least one byte, so nearly every line ends here.
    if line.len() <= DEEPEST || is_break(line) {
        return None;
    }
    let mut at = 0;
    for level in 0.. {
        at += line[at..].len() - line[at..].trim_start_matches([' ', '\t']).len();
        let (escape, length) = marker(&line[at..])?;
        if level == DEEPEST {
            return Some(at + escape);
        }
        at += length;
    }
    None
}

/// A container's marker: where a backslash makes it plain text, and how long it is.
fn marker(rest: &str) -> Option<(usize, usize)> {
    let bytes = rest.as_bytes();
    let ends = |at: usize| bytes.get(at).is_none_or(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    match bytes.first()? {
        b'>' => Some((0, 1)),
        b'*' | b'-' | b'+' | b':' if ends(1) => Some((0, 1)),
        b'[' if bytes.get(1) == Some(&b'^') => rest.find("]:").map(|at| (0, at + 2)),
        b'0'..=b'9' => {
            let digits = bytes.iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
            (matches!(bytes.get(digits), Some(b'.' | b')')) && ends(digits + 1)).then_some((digits, digits + 1))
        }
        _ => None,
    }
}

/// `* * * *`, which is a line across the page however long it is.
fn is_break(line: &str) -> bool {
    let mut marks = line.bytes().filter(|byte| !byte.is_ascii_whitespace());
    marks.next().is_some_and(|first| matches!(first, b'*' | b'-' | b'_') && marks.all(|mark| mark == first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_users_write_stays_as_it_is() {
        let deep = (0..DEEPEST).map(|_| "> ").collect::<String>() + "end";
        for text in
            ["", "* a\n  * b\n    1. c", "> > quote", &deep, &"* ".repeat(200), &"- - - ".repeat(90), &"a ".repeat(99)]
        {
            assert_eq!(escape_too_deep(text), text);
        }
    }

    #[test]
    fn one_level_too_many_is_escaped() {
        for (mark, escaped) in [
            ("* ", "\\* a"),
            ("> ", "\\> a"),
            (">", "\\>a"),
            ("1. ", "1\\. a"),
            ("[^n]: ", "\\[^n]: a"),
            (": ", "\\: a"),
        ] {
            let text = format!("before\n{}a\nafter", mark.repeat(DEEPEST + 1));
            assert!(escape_too_deep(&text).ends_with(&format!("{escaped}\nafter")), "{}", escape_too_deep(&text));
            assert!(!is_too_deep(&escape_too_deep(&text)), "{mark}");
        }
    }
}
