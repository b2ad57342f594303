//! A Markdown text in two views that belong together: its blocks as they are written, and the passages that a reader sees
//! of each of them. For comparing and merging texts. Writes no HTML.

use comrak::{
    Arena,
    nodes::{AstNode, NodeValue, Sourcepos},
};

use super::{
    options,
    reading::{TimeBudget, read},
    tree::TreeParts,
    words,
};

/// A top-level block: a heading, a paragraph, a whole list, a whole table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block<'a> {
    /// As it is written, with the empty lines after it. All blocks of a text joined are the text.
    pub(crate) source: &'a str,
    pub(crate) passages: Vec<Passage>,
}

/// A piece of text that a reader sees as one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Passage {
    pub(crate) kind: PassageKind,
    pub(crate) text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum PassageKind {
    Heading,
    Paragraph,
    /// An entry of a list, or a term of a description list.
    Item,
    Row,
    Quote,
    /// Line breaks count.
    Code,
    Footnote,
}

impl PassageKind {
    /// For a CSS class.
    #[must_use]
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Heading => "heading",
            Self::Paragraph => "paragraph",
            Self::Item => "item",
            Self::Row => "row",
            Self::Quote => "quote",
            Self::Code => "code",
            Self::Footnote => "footnote",
        }
    }
}

/// The blocks of a text, in order. A text that takes too long to read is one block.
#[must_use]
pub(crate) fn blocks(text: &str) -> Vec<Block<'_>> {
    if text.is_empty() {
        return Vec::new();
    }
    let arena = Arena::new();
    let Some(root) = read(&arena, text, &options(), TimeBudget::Full) else {
        let passage = Passage { kind: PassageKind::Code, text: text.to_owned() };
        return vec![Block { source: text, passages: vec![passage] }];
    };
    TreeParts::of(root).break_lines_in_cells();
    let mut nodes: Vec<(usize, &AstNode<'_>)> =
        root.children().map(|node| (node.data().sourcepos.start.line, node)).collect();
    nodes.sort_by_key(|(line, _)| *line);
    let lines = line_starts(text);
    let mut blocks: Vec<(usize, Vec<Passage>)> = Vec::with_capacity(nodes.len());
    for (line, node) in nodes {
        let start = if blocks.is_empty() { 0 } else { lines.get(line - 1).copied().unwrap_or(text.len()) };
        let passages = passages(node);
        match blocks.last_mut() {
            Some((last, own)) if *last == start => own.extend(passages),
            _ => blocks.push((start, passages)),
        }
    }
    if blocks.is_empty() {
        blocks.push((0, Vec::new()));
    }
    let ends: Vec<usize> = blocks.iter().skip(1).map(|(start, _)| *start).chain([text.len()]).collect();
    let block =
        |((start, passages), end): ((usize, Vec<Passage>), usize)| Block { source: &text[start..end], passages };
    blocks.into_iter().zip(ends).map(block).collect()
}

/// Where each line begins.
pub(super) fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let after_end = |(at, byte): (usize, &u8)| match byte {
        b'\n' => Some(at + 1),
        b'\r' if bytes.get(at + 1) != Some(&b'\n') => Some(at + 1),
        _ => None,
    };
    std::iter::once(0).chain(bytes.iter().enumerate().filter_map(after_end)).collect()
}

/// What a node has of the source, in bytes; `lines` says where its lines begin.
pub(super) fn range(text: &str, lines: &[usize], place: Sourcepos) -> (usize, usize) {
    let at = |line: usize, column: usize| {
        let begins = lines.get(line.saturating_sub(1)).copied().unwrap_or(text.len());
        begin_of_char(text, begins + column)
    };
    let start = at(place.start.line, place.start.column.saturating_sub(1));
    (start, at(place.end.line, place.end.column).max(start))
}

/// The place of the character at or before `at`.
pub(super) fn begin_of_char(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn passages<'a>(block: &'a AstNode<'a>) -> Vec<Passage> {
    let passage = |node: &'a AstNode<'a>| {
        let text = match &node.data().value {
            NodeValue::Paragraph | NodeValue::Heading(_) | NodeValue::DescriptionTerm => words::of(node),
            NodeValue::TableRow(_) => node.children().map(words::of).collect::<Vec<_>>().join(" | "),
            NodeValue::CodeBlock(code) => code.literal.trim_end_matches('\n').to_owned(),
            NodeValue::HtmlBlock(html) => html.literal.trim_end().to_owned(),
            NodeValue::ThematicBreak => "* * *".to_owned(),
            NodeValue::BlockDirective(directive) => format!(":::{}", directive.info),
            _ => return None,
        };
        Some(Passage { kind: kind(node), text })
    };
    block.descendants().filter_map(passage).filter(|passage| !passage.text.is_empty()).collect()
}

fn kind<'a>(node: &'a AstNode<'a>) -> PassageKind {
    match node.data().value {
        NodeValue::Heading(_) => return PassageKind::Heading,
        NodeValue::TableRow(_) => return PassageKind::Row,
        NodeValue::CodeBlock(_) => return PassageKind::Code,
        NodeValue::DescriptionTerm => return PassageKind::Item,
        _ => {}
    }
    // Lists are nested no deeper than `nesting::DEEPEST`, so this walk is short.
    let within = node.ancestors().skip(1).find_map(|above| match above.data().value {
        NodeValue::Item(_) | NodeValue::TaskItem(_) => Some(PassageKind::Item),
        NodeValue::BlockQuote => Some(PassageKind::Quote),
        NodeValue::FootnoteDefinition(_) => Some(PassageKind::Footnote),
        _ => None,
    });
    within.unwrap_or(PassageKind::Paragraph)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_block_has_its_source_and_its_passages() {
        let text = "# One\n\nTwo *three*\nfour.\n\n- a\n- [b](/c)\n\n\n|x|y|\n|-|-|\n|1|2|\n\n> q\n\nnote[^1]\n\n[^1]: foot\n\n    code\n";
        let found = blocks(text);
        let sources: Vec<_> = found.iter().map(|block| block.source).collect();
        assert_eq!(
            sources,
            [
                "# One\n\n",
                "Two *three*\nfour.\n\n",
                "- a\n- [b](/c)\n\n\n",
                "|x|y|\n|-|-|\n|1|2|\n\n",
                "> q\n\n",
                "note[^1]\n\n",
                "[^1]: foot\n\n    code\n"
            ]
        );
        let seen: Vec<_> =
            found.iter().flat_map(|block| &block.passages).map(|p| (p.kind.as_str(), p.text.as_str())).collect();
        let expected = [
            ("heading", "One"),
            ("paragraph", "Two three four."),
            ("item", "a"),
            ("item", "b"),
            ("row", "x | y"),
            ("row", "1 | 2"),
            ("quote", "q"),
            ("paragraph", "note"),
            ("footnote", "foot"),
            ("footnote", "code"),
        ];
        assert_eq!(seen, expected);
    }

    proptest! {
        #[test]
        fn the_blocks_joined_are_the_text(text in "([-#>|a*\\[\\]:^ ]|\n|\r\n|\r|    ){0,60}") {
            let joined: String = blocks(&text).iter().map(|block| block.source).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
