//! The number by which a page is cited; it keeps it when it moves.

use std::fmt::{self, Display};

use serde::Deserialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct DocumentNumber(pub(crate) i64);

impl Display for DocumentNumber {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "P-{}", self.0)
    }
}

impl TryFrom<String> for DocumentNumber {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let id = text.strip_prefix("P-").and_then(|digits| digits.parse().ok()).filter(|id| *id > 0);
        id.map(Self).filter(|number| number.to_string() == text).ok_or("not the number of a document")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_it_is_written() {
        assert_eq!(DocumentNumber::try_from("P-12".to_owned()), Ok(DocumentNumber(12)));
        for wrong in ["", "12", "P-", "P-0", "P-012", "p-12", "P--1", "P-+1", "P-x", "P-99999999999999999999"] {
            assert!(DocumentNumber::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }
}
