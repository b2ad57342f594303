//! Several things in one sentence.

/// `a, b and c`.
#[must_use]
pub(crate) fn join_with_and(words: &[String]) -> String {
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_several_follows_an_and() {
        let words = ["a", "b", "c"].map(str::to_owned);
        assert_eq!((join_with_and(&[]).as_str(), join_with_and(&words[..1]).as_str()), ("", "a"));
        assert_eq!((join_with_and(&words[..2]).as_str(), join_with_and(&words).as_str()), ("a and b", "a, b and c"));
    }
}
