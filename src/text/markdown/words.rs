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
    let mut is_open = false;
    for node in node.descendants() {
        let value = &node.data().value;
        if is_open && value.block() && !matches!(value, NodeValue::TableCell) {
            end_sentence(&mut words);
        }
        // What has no full stop of its own.
        is_open = match value {
            NodeValue::Heading(_) | NodeValue::TableRow(_) | NodeValue::DescriptionTerm => true,
            value => is_open && (!value.block() || matches!(value, NodeValue::TableCell)),
        };
        match value {
            NodeValue::TableCell if node.previous_sibling().is_some() => end_cell(&mut words),
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

/// Ends what has no full stop, such as a heading or the row of a table.
fn end_sentence(words: &mut String) {
    if words.trim_end().ends_with(|c: char| c.is_alphanumeric() || matches!(c, ')' | '”' | '’' | '"')) {
        words.truncate(words.trim_end().len());
        words.push_str(". ");
    }
}

/// Parts a cell of a table from the next one.
fn end_cell(words: &mut String) {
    if words.trim_end().ends_with(|c: char| c.is_alphanumeric() || matches!(c, ')' | '”' | '’' | '"' | '%')) {
        words.truncate(words.trim_end().len());
        words.push_str(", ");
    }
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
