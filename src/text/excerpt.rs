//! Short parts of long texts, in one line.

/// Characters shown before the first difference.
const BEFORE: usize = 20;

/// Both texts in one line; of long ones, the part of at most `max` characters around the first difference.
#[must_use]
pub(crate) fn change(old: &str, new: &str, max: usize) -> (String, String) {
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (old, new) = (line(old), line(new));
    let same = old.chars().zip(new.chars()).take_while(|(old, new)| old == new).count();
    let is_long = old.chars().count().max(new.chars().count()) > max;
    let start = if is_long { same.saturating_sub(BEFORE) } else { 0 };
    (part(&old, start, max), part(&new, start, max))
}

fn part(text: &str, start: usize, max: usize) -> String {
    let shown: String = text.chars().skip(start).take(max).collect();
    let is_cut = text.chars().nth(start + max).is_some();
    format!("{}{shown}{}", if start > 0 { "…" } else { "" }, if is_cut { "…" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_shown() {
        assert_eq!(change("", "New", 10), (String::new(), "New".to_owned()));
        assert_eq!(change("a\n\nb", "a b c", 10), ("a b".to_owned(), "a b c".to_owned()));
        let (old, new) = (format!("{} old end", "é".repeat(50)), format!("{} new end", "é".repeat(50)));
        let (before, after) = (format!("…{} old e…", "é".repeat(19)), format!("…{} new e…", "é".repeat(19)));
        assert_eq!(change(&old, &new, 25), (before, after));
        assert_eq!(change("short", &"x".repeat(30), 5), ("short".to_owned(), "xxxxx…".to_owned()));
    }
}
