//! What a message can be about.

/// Name and words of each topic, in the order of the form. A name is stored and must never change.
pub(crate) const ALL: [(&str, &str); 7] = [
    ("standards", "The standards"),
    ("people", "Certification of people"),
    ("organisations", "Certification of organisations"),
    ("training", "Training"),
    ("resources", "Resources"),
    ("error", "An error on this site"),
    ("other", "Something else"),
];

/// The topic with this name, if it can be chosen.
#[must_use]
pub(crate) fn parse(name: &str) -> Option<&'static str> {
    ALL.into_iter().find(|(known, _)| *known == name).map(|(known, _)| known)
}

/// The label of a stored topic; its name if a later version has removed it.
#[must_use]
pub(crate) fn label(name: &str) -> &str {
    ALL.into_iter().find(|(known, _)| *known == name).map_or(name, |(_, label)| label)
}
