//! What a text names of other documents that it shows, so that it can be looked up before it is drawn.

use comrak::{Arena, nodes::NodeValue};

use super::{
    container::{self, Container},
    embedded::first_link,
    options,
    reading::{TimeBudget, read},
};

/// Questions that one text shows with their answers; others stay links.
const QUESTIONS: usize = 20;

/// Labels that one text lists pages by.
const LABELS: usize = 20;
/// Values of others that one text shows; others stay links.
const FACTS: usize = 100;
/// What an address has that names a field of a document.
pub(crate) const FACT: &str = "#=";

/// What a text names of other documents.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct EmbeddedTargets {
    pub(crate) has_pages: bool,
    pub(crate) labels: Vec<String>,
    /// The addresses of the links to questions, as the text has them.
    pub(crate) questions: Vec<String>,
    /// The addresses of the links that name a field of another document.
    pub(crate) facts: Vec<String>,
}

/// What is to be looked up for a text; nothing for most of them, without reading them.
#[must_use]
pub(crate) fn targets(text: &str) -> EmbeddedTargets {
    let mut targets = EmbeddedTargets::default();
    if !text.contains(":::") && !text.contains(FACT) {
        return targets;
    }
    let arena = Arena::new();
    let Some(root) = read(&arena, text, &options(), TimeBudget::Full) else { return targets };
    for node in root.descendants() {
        match container::of(node) {
            Some(Container::Children) => targets.has_pages = true,
            Some(Container::Labelled) if targets.labels.len() < LABELS => {
                targets.labels.extend(container::label_of(node));
            }
            Some(Container::Question) if targets.questions.len() < QUESTIONS => {
                targets.questions.extend(first_link(node));
            }
            _ => {}
        }
        if let NodeValue::Link(link) = &node.data().value
            && link.url.contains(FACT)
            && targets.facts.len() < FACTS
        {
            targets.facts.push(link.url.clone());
        }
    }
    targets
}
