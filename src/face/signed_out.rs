//! The page for a form that was sent after its session had ended: what was typed can be seen, copied and sent again.

use serde::Serialize;

use super::{
    guard::sign_in_address,
    kept_form::{is_password, is_shown},
    submission,
};

/// Lines that a long text shows.
const ROWS: usize = 12;

/// See the file's head.
#[derive(Debug, Serialize)]
pub struct SignedOut {
    action: String,
    shown: Vec<Shown>,
    hidden: Vec<(String, String)>,
    sign_in: String,
}

#[derive(Debug, Serialize)]
struct Shown {
    label: String,
    name: String,
    value: String,
    rows: usize,
}

impl SignedOut {
    /// Of a form that was sent to `path` with these fields. Passwords are not sent back.
    #[must_use]
    pub fn new(path: &str, fields: Vec<(String, String)>) -> Self {
        let kept = fields.into_iter().filter(|(name, _)| !is_password(name) && name != submission::FIELD);
        let (shown, hidden): (Vec<_>, Vec<_>) = kept.partition(|(name, value)| is_shown(name) && !value.is_empty());
        Self {
            action: path.to_owned(),
            shown: shown.into_iter().map(|(name, value)| show(name, value)).collect(),
            hidden,
            sign_in: sign_in_address("/admin"),
        }
    }
}

fn show(name: String, value: String) -> Shown {
    let words = name.replace('_', " ");
    let (first, rest) = words.split_at(words.chars().next().map_or(0, char::len_utf8));
    let rows = value.lines().count().max(value.len() / 60).clamp(1, ROWS);
    Shown { label: format!("{}{rest}", first.to_uppercase()), name, value, rows }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_shown_and_the_rest_travels_along() {
        let fields =
            [("base", "3"), ("review_by", "2027-01-01"), ("body", "a\nb"), ("current_password", "x"), ("note", "")];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let view = SignedOut::new("/admin/pages/1", fields);
        let shown: Vec<_> = view.shown.iter().map(|shown| (shown.label.as_str(), shown.rows)).collect();
        assert_eq!(shown, [("Review by", 1), ("Body", 2)]);
        let hidden: Vec<_> = view.hidden.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(hidden, ["base", "note"]);
    }
}
