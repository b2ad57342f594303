//! Where links lead now whose texts say otherwise, in the tree of a text that is drawn; its source is `link_source`. Knows no
//! database: where they lead is looked up before.

use std::collections::HashMap;

use comrak::nodes::{AstNode, NodeValue};

/// Addresses as they are in a text, and where they lead now.
pub(crate) type LinkAddresses = HashMap<String, String>;

/// Lets a link lead to where it leads now.
pub(super) fn lead<'a>(node: &'a AstNode<'a>, addresses: &LinkAddresses) {
    if let NodeValue::Link(link) = &mut node.data_mut().value
        && let Some(now) = addresses.get(&link.url)
    {
        link.url.clone_from(now);
    }
}
