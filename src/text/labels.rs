//! Labels as they are typed: words separated by commas, each once however its letters are written. Knows no document.

use super::{clean, fold::fold, limit};

/// Most labels of one document, and most characters of each.
const MOST: usize = 10;
const LONGEST: usize = 40;
/// Labels as they are stored: parted by a comma and a space, each once.
/// Errors: a sentence that says what to do.
pub(crate) fn parse(typed: &str) -> Result<String, String> {
    let mut labels: Vec<String> = Vec::new();
    for label in typed.split([',', '\n']).map(clean::line).filter(|label| !label.is_empty()) {
        limit::characters(&label, "each label", LONGEST)?;
        if labels.iter().all(|known| fold(known) != fold(&label)) {
            labels.push(label);
        }
    }
    if labels.len() > MOST {
        return Err(format!("Enter at most {MOST} labels"));
    }
    Ok(labels.join(", "))
}

/// The labels of a stored value.
pub(crate) fn split(stored: &str) -> impl Iterator<Item = &str> {
    stored.split(", ").filter(|label| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_kept_once_and_short() {
        assert_eq!(parse(" Audit ,audit,\nSuppliers  and customers,"), Ok("Audit, Suppliers and customers".to_owned()));
        assert_eq!(parse(" , "), Ok(String::new()));
        assert!(parse(&"x".repeat(LONGEST + 1)).is_err());
        assert!(parse(&(0..=MOST).map(|number| number.to_string()).collect::<Vec<_>>().join(",")).is_err());
    }
}
