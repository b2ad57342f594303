//! Text files with TOML between two lines of `+++` and Markdown below. Knows no field's name.

use serde::{Serialize, de::DeserializeOwned};

use super::clean;

const FENCE: &str = "+++";

/// Splits a file into its fields and its body.
///
/// # Errors
/// A sentence that says what is wrong with the file.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<(T, String), String> {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let rest = text.strip_prefix("+++\n").ok_or("the file must begin with a line of +++")?;
    let (head, body) = if let Some(body) = rest.strip_prefix("+++\n") {
        ("", body)
    } else {
        let end = rest.find("\n+++").ok_or("the second line of +++ is missing")?;
        (&rest[..end], &rest[end + 1 + FENCE.len()..])
    };
    let fields = toml::from_str(head).map_err(|error| format!("the fields cannot be read: {}", error.message()))?;
    Ok((fields, clean::without_blank_lines_around(body).to_owned()))
}

/// The file that [`read`] reads back.
///
/// # Errors
/// When a field has no form in TOML.
pub fn write<T: Serialize>(fields: &T, body: &str) -> Result<String, toml::ser::Error> {
    let head = toml::to_string(fields)?;
    let tail = if body.is_empty() { String::new() } else { format!("\n{body}\n") };
    Ok(format!("{FENCE}\n{head}{FENCE}\n{tail}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn reads_back_what_it_wrote() {
        let fields = BTreeMap::from([("title".to_owned(), "A \"quoted\" +++ title".to_owned())]);
        for body in ["", "One line", "+++\n\nTwo\n\n- three", "    indented\n\ttoo"] {
            let (back, text) = read::<BTreeMap<String, String>>(&write(&fields, body).unwrap()).unwrap();
            assert_eq!((back, text.as_str()), (fields.clone(), body));
        }
    }

    #[test]
    fn says_what_is_wrong() {
        assert!(read::<BTreeMap<String, String>>("title").unwrap_err().contains("begin"));
        assert!(read::<BTreeMap<String, String>>("+++\na = 1").unwrap_err().contains("missing"));
        assert!(read::<BTreeMap<String, String>>("+++\na = = 1\n+++\n").unwrap_err().contains("cannot be read"));
    }
}
