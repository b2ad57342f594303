//! How long a text may be. What is too long is refused with both numbers, never cut.

use super::count::number;

/// `Ok` when `text` has at most `max` characters; `what` names it in the sentence, as in "the title".
/// Errors: a sentence that says by how much to shorten it.
pub(crate) fn characters(text: &str, what: &str, max: usize) -> Result<(), String> {
    within(text.chars().count(), what, max, "characters")
}

/// The same for bytes of UTF-8.
pub(crate) fn bytes(text: &str, what: &str, max: usize) -> Result<(), String> {
    within(text.len(), what, max, "bytes")
}

/// `max` when `text` has more characters and only the first of them count; 0 otherwise.
#[must_use]
pub(crate) fn cut_at(text: &str, max: usize) -> usize {
    if text.chars().nth(max).is_some() { max } else { 0 }
}

fn within(count: usize, what: &str, max: usize, unit: &str) -> Result<(), String> {
    if count <= max {
        return Ok(());
    }
    Err(format!("Shorten {what} to {} {unit} or fewer; it has {}", number(max), number(count)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_numbers_are_told() {
        assert_eq!(characters("éé", "the title", 2), Ok(()));
        let long = "é".repeat(7522);
        let sentence = "Shorten the title to 400 characters or fewer; it has 7,522".to_owned();
        assert_eq!(characters(&long, "the title", 400), Err(sentence));
        let sentence = "Shorten the text to 1,000 bytes or fewer; it has 15,044".to_owned();
        assert_eq!(bytes(&long, "the text", 1000), Err(sentence));
    }
}
