//! What lists of documents are filtered by, and the heads of their columns that sort them. What makes no sense in an address asks for
//! nothing.

use serde::Serialize;

use crate::web::form_errors::SelectOption;

/// The choices of the filters: names in the address, and labels; the first is that of the whole list.
pub(crate) const STATES: [(&str, &str); 5] = [
    ("", "Any status"),
    ("live", "Live"),
    ("changed", "Changed"),
    ("draft", "Not published"),
    ("template", "Templates"),
];
pub(crate) const REVIEWS: [(&str, &str); 3] =
    [("", "Any review"), ("overdue", "Review overdue"), ("soon", "Review within 30 days")];

/// The name of a choice; empty for one that is not known.
#[must_use]
pub(crate) fn known(choices: &[(&'static str, &'static str)], name: &str) -> &'static str {
    choices.iter().map(|(known, _)| *known).find(|known| *known == name).unwrap_or_default()
}

#[must_use]
pub(crate) fn options(choices: &[(&str, &str)]) -> Vec<SelectOption> {
    choices.iter().map(|(name, label)| SelectOption::new(*name, *label)).collect()
}

/// The columns by which documents can be sorted.
#[derive(Debug, Serialize)]
pub(crate) struct SortHeads {
    pub(crate) title: SortLink,
    pub(crate) review: SortLink,
    pub(crate) saved: SortLink,
}

/// The link in the head of a column: to the list that is sorted by it, or from that back to the usual order.
#[derive(Debug, Serialize)]
pub(crate) struct SortLink {
    pub(crate) path: String,
    /// `ascending`, `descending`, or empty.
    pub(crate) direction: &'static str,
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    SortHeads { title, review, saved }
    SortLink { path, direction }
}
