//! Counted nouns: the one place that decides between “1 message” and “1,234 messages”.

/// A number for users, with commas between the thousands.
#[must_use]
pub(crate) fn number(count: impl TryInto<i64>) -> String {
    let digits = count.try_into().unwrap_or(i64::MAX).to_string();
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits.as_str()), |digits| ("-", digits));
    let mut grouped = sign.to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number with its noun.
#[must_use]
pub(crate) fn pluralise(count: impl TryInto<i64>, one: &str, many: &str) -> String {
    let count = count.try_into().unwrap_or(i64::MAX);
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

/// A number as users type it, with or without separators.
#[must_use]
pub(crate) fn parse(typed: &str) -> Option<i64> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '.' | '\'' | '’')).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_follow_their_number() {
        for (count, text) in [(0, "0 pages"), (1, "1 page"), (2, "2 pages"), (999, "999 pages"), (1000, "1,000 pages")]
        {
            assert_eq!(pluralise(count, "page", "pages"), text);
        }
        assert_eq!(pluralise(1_234_567_u64, "entry", "entries"), "1,234,567 entries");
        assert_eq!(number(-123_456), "-123,456");
        assert_eq!(number(u64::MAX), number(i64::MAX));
    }

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for typed in ["1234567", "1,234,567", " 1 234 567 ", "1.234.567", "1’234’567"] {
            assert_eq!(parse(typed), Some(1_234_567), "{typed}");
        }
        for typed in ["", "many", "1e3"] {
            assert_eq!(parse(typed), None, "{typed}");
        }
    }
}
