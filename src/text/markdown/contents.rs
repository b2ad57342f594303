//! What is in a text: whether a reader sees anything, its headings, and what it links to.

use comrak::{
    Arena,
    nodes::{AstNode, NodeValue},
};

use super::{
    options,
    pictures::holds_picture,
    reading::{TimeBudget, read},
    tree::TreeParts,
    words,
};
use crate::text::{link, visible};

/// Whether a reader sees anything of the text: a word, or a picture.
#[must_use]
pub(crate) fn shows_anything(text: &str) -> bool {
    let arena = Arena::new();
    let Some(root) = read(&arena, text, &options(), TimeBudget::Full) else { return visible::has_any(text) };
    TreeParts::of(root).resolve_links();
    visible::has_any(&words::of(root)) || holds_picture(root)
}

/// The words of all headings, in order.
#[must_use]
pub(crate) fn headings(text: &str) -> Vec<String> {
    let arena = Arena::new();
    let Some(root) = read(&arena, text, &options(), TimeBudget::Full) else { return Vec::new() };
    let is_heading = |node: &&AstNode<'_>| matches!(node.data().value, NodeValue::Heading(_));
    root.descendants().filter(is_heading).map(words::of).filter(|words| visible::has_any(words)).collect()
}

/// What a text links to or shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub url: String,
    /// Whether it is to be shown rather than linked to.
    pub is_picture: bool,
    /// Whether the link is kept; of one that is not, visitors see the words alone.
    pub is_kept: bool,
}

/// Everything that a text links to or shows, in order.
#[must_use]
pub fn targets(text: &str) -> Vec<Target> {
    let arena = Arena::new();
    let Some(root) = read(&arena, text, &options(), TimeBudget::Full) else { return Vec::new() };
    let target = |url: &str, is_picture| Target { url: url.to_owned(), is_picture, is_kept: link::is_allowed(url) };
    let of = |node: &AstNode<'_>| match &node.data().value {
        NodeValue::Link(link) => Some(target(&link.url, false)),
        NodeValue::Image(image) => Some(target(&image.url, true)),
        _ => None,
    };
    root.descendants().filter_map(of).collect()
}
