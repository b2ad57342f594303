//! How long a text may be. What is too long is refused with both numbers, never cut.

/// `Ok` when `text` has at most `max` characters; `what` names it in the sentence, as in "the title".
///
/// # Errors
/// A sentence that says by how much to shorten it.
pub fn characters(text: &str, what: &str, max: usize) -> Result<(), String> {
    within(text.chars().count(), what, max, "characters")
}

/// The same for bytes of UTF-8.
///
/// # Errors
/// See [`characters`].
pub fn bytes(text: &str, what: &str, max: usize) -> Result<(), String> {
    within(text.len(), what, max, "bytes")
}

fn within(count: usize, what: &str, max: usize, unit: &str) -> Result<(), String> {
    if count <= max {
        return Ok(());
    }
    Err(format!("Shorten {what} to {} {unit} or fewer; it has {}", grouped(max), grouped(count)))
}

/// `7522` as `7,522`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let start = digits.len() % 3;
    let (head, tail) = digits.split_at(start);
    let groups = tail.as_bytes().chunks(3).map(|group| String::from_utf8_lossy(group).into_owned());
    let head = (!head.is_empty()).then(|| head.to_owned());
    head.into_iter().chain(groups).collect::<Vec<_>>().join(",")
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
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }
}
