//! Text files with TOML between two lines of `+++` and Markdown below. Knows no field's name.

use std::ops::Range;

use serde::{Serialize, de::DeserializeOwned};

use super::clean;

const FENCE: &str = "+++";
const BEGIN: &str = "the file must begin with a line of +++, then its fields such as title = \"About us\", then another line \
                     of +++";

/// Splits a file into its fields and its body. The two lines of `+++` may end in spaces; any line ending is accepted.
/// Errors: a sentence that says what is wrong with the file, and in which line.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<(T, String), String> {
    let text = plain(text);
    let (head, body) = split(&text)?;
    let fields = toml::from_str(&text[head.clone()]).map_err(|error| toml_fault(&error, &text, head.start))?;
    Ok((fields, clean::without_blank_lines_around(&text[body..]).to_owned()))
}

/// Reads a file that is TOML as a whole.
/// Errors: a sentence that says what is wrong with the file, and in which line.
pub(crate) fn read_toml<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let text = plain(text);
    toml::from_str(&text).map_err(|error| toml_fault(&error, &text, 0))
}

/// Without a byte order mark, and with lines that end in `\n`.
fn plain(text: &str) -> String {
    text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n")
}

/// Where the fields are, and where the body begins.
fn split(text: &str) -> Result<(Range<usize>, usize), String> {
    let (mut at, mut head) = (0, None);
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        match (head, line.trim_end()) {
            (None, "") => {}
            (None, FENCE) => head = Some(at),
            (None, _) => return Err(BEGIN.to_owned()),
            (Some(head), FENCE) => return Ok((head..start, at)),
            (Some(_), _) => {}
        }
    }
    Err(head.map_or(BEGIN, |_| "the second line of +++ is missing").to_owned())
}

fn toml_fault(error: &toml::de::Error, text: &str, start: usize) -> String {
    let at = start + error.span().map_or(0, |span| span.start);
    let line = 1 + text.get(..at).unwrap_or(text).matches('\n').count();
    format!("line {line} cannot be read: {}", error.message())
}

/// The file that [`read`] reads back.
/// Fails when a field cannot be written in TOML.
pub(crate) fn write<T: Serialize>(fields: &T, body: &str) -> Result<String, toml::ser::Error> {
    let head = toml::to_string(fields)?;
    let tail = if body.is_empty() { String::new() } else { format!("\n{body}\n") };
    Ok(format!("{FENCE}\n{head}{FENCE}\n{tail}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    type Fields = BTreeMap<String, String>;

    #[test]
    fn reads_back_what_it_wrote() {
        let fields = BTreeMap::from([("title".to_owned(), "A \"quoted\" +++ title".to_owned())]);
        for body in ["", "One line", "+++\n\nTwo\n\n- three", "    indented code\n\ntext", "    indented\n\ttoo"] {
            let (back, text) = read::<Fields>(&write(&fields, body).unwrap()).unwrap();
            assert_eq!((back, text.as_str()), (fields.clone(), body));
        }
    }

    #[test]
    fn lines_may_end_in_any_way() {
        for text in
            ["+++ \na = \"1\"\n+++\t\n\nb\n", "\u{feff}+++\r\na = \"1\"\r\n+++\r\nb", "\n\n+++\ra = \"1\"\r+++\r\rb"]
        {
            let (fields, body) = read::<Fields>(text).unwrap();
            assert_eq!((fields["a"].as_str(), body.as_str()), ("1", "b"), "{text:?}");
        }
        assert_eq!(read_toml::<Fields>("\u{feff}a = \"1\"\r\n").unwrap()["a"], "1");
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        assert!(read::<Fields>("title").unwrap_err().contains("begin"));
        assert!(read::<Fields>("").unwrap_err().contains("begin"));
        assert!(read::<Fields>("+++\na = 1").unwrap_err().contains("missing"));
        assert!(read::<Fields>("\n+++\na = \"1\"\nb = = 1\n+++\n").unwrap_err().starts_with("line 4 cannot be read"));
        assert!(read_toml::<Fields>("a = \"1\"\nb = = 1\n").unwrap_err().starts_with("line 2 cannot be read"));
    }
}
