//! The words of a text as a reader sees them, for contents, descriptions, search and ids alike.

use comrak::nodes::{AstNode, NodeValue};

/// The line break that we put into a table's cell ourselves; nothing else in a tree is raw.
pub(super) const LINE_BREAK: &str = "<br>";

/// The words at and below a node, with single spaces: code, and what only looks like HTML, counts as the text it is
/// shown as; a picture counts by its description; the mark of a footnote does not count.
pub(super) fn of<'a>(node: &'a AstNode<'a>) -> String {
    up_to(node, usize::MAX)
}

/// The same from the beginning, and not much more than `bytes` of it.
pub(super) fn up_to<'a>(node: &'a AstNode<'a>, bytes: usize) -> String {
    let mut words = String::new();
    for node in node.descendants() {
        match &node.data().value {
            NodeValue::Text(text) => words.push_str(text),
            NodeValue::Code(code) => words.push_str(&code.literal),
            NodeValue::HtmlInline(html) => words.push_str(html),
            NodeValue::CodeBlock(code) => push_block(&mut words, &code.literal),
            NodeValue::HtmlBlock(html) => push_block(&mut words, &html.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak | NodeValue::Raw(_) => words.push(' '),
            value if value.block() => words.push(' '),
            _ => {}
        }
        if words.len() > bytes {
            break;
        }
    }
    in_line(&words)
}

/// All in one line, with single spaces.
pub(super) fn in_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn push_block(words: &mut String, text: &str) {
    words.push(' ');
    words.push_str(text);
    words.push(' ');
}
