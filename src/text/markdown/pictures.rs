//! Whether a part of a text shows a picture.

use comrak::nodes::{AstNode, NodeValue};

pub(super) fn holds_picture<'a>(node: &'a AstNode<'a>) -> bool {
    node.descendants().any(|node| matches!(node.data().value, NodeValue::Image(_)))
}
