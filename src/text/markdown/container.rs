//! The named containers that a text may use: `:::notice warning`, its text, `:::`. Which there are, what may be behind the name and
//! within; the tree of a text with a container that is none. Writes no HTML.

use comrak::{
    Arena,
    arena_tree::NodeEdge,
    nodes::{Ast, AstNode, NodeBlockDirective, NodeValue, Sourcepos},
};

use super::pictures::holds_picture;

/// Most containers within one another.
const DEEPEST: usize = 4;
/// The names as a sentence lists them.
const NAMES: &str = "notice, steps, key-facts, figure, children, labelled, question and download";

/// What a container is, by its first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    Notice(NoticeKind),
    /// A numbered list with the numbers beside the steps.
    Steps,
    /// A description list or a table at a glance.
    KeyFacts,
    /// A picture, and the paragraph after it as its caption.
    Figure,
    /// The pages below this one.
    Children,
    /// The pages with a label, which is behind the name.
    Labelled,
    /// A link to a question, shown with its answer.
    Question,
    /// A link to a file, shown as one to load down.
    Download,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoticeKind {
    Note,
    Important,
    Warning,
}

impl NoticeKind {
    /// What readers see above the text, and the last part of the CSS class.
    pub(super) const fn label(self) -> (&'static str, &'static str) {
        match self {
            Self::Note => ("Note", "note"),
            Self::Important => ("Important", "important"),
            Self::Warning => ("Warning", "warning"),
        }
    }
}

impl Container {
    /// Errors: a sentence for the author, without a full stop.
    pub(super) fn parse(directive: &NodeBlockDirective) -> Result<Self, String> {
        let mut words = directive.info.split_whitespace();
        let name = words.next().unwrap_or_default();
        let container = match name {
            "notice" => return notice(words.next(), words.next()),
            "labelled" => return labelled(words.next()),
            "steps" => Self::Steps,
            "key-facts" => Self::KeyFacts,
            "figure" => Self::Figure,
            "children" => Self::Children,
            "question" => Self::Question,
            "download" => Self::Download,
            "" => return Err(format!("This line of colons needs a name behind it: there are {NAMES}")),
            _ => return Err(format!("There is no “{name}”: there are {NAMES}")),
        };
        match words.next() {
            Some(_) => Err(format!("Nothing may be behind “{name}”")),
            None => Ok(container),
        }
    }

    /// What has to be within, when it is not there; a sentence without a full stop.
    fn lack<'a>(self, node: &'a AstNode<'a>) -> Option<&'static str> {
        let holds =
            |wanted: fn(&NodeValue) -> bool| node.descendants().skip(1).any(|below| wanted(&below.data().value));
        let is_link = |value: &NodeValue| matches!(value, NodeValue::Link(_));
        match self {
            Self::Notice(_) if node.first_child().is_none() => Some("This notice has no text"),
            Self::Steps if !holds(|value| matches!(value, NodeValue::List(_))) => {
                Some("Write the steps as a numbered list")
            }
            Self::KeyFacts if !holds(|value| matches!(value, NodeValue::DescriptionList | NodeValue::Table(_))) => {
                Some("Write key facts as a list of descriptions (“Term”, and below it “: what it is”) or as a table")
            }
            Self::Figure if !holds_picture(node) => Some("This figure has no picture"),
            Self::Question if !holds(is_link) => Some("Link to the question here, such as [its words](/faq#its-slug)"),
            Self::Download if !holds(is_link) => Some("Link to the file here, such as [its name](/media/file.pdf)"),
            _ => None,
        }
    }
}

fn labelled(first: Option<&str>) -> Result<Container, String> {
    first.map(|_| Container::Labelled).ok_or_else(|| "Write a label behind “labelled”".to_owned())
}

/// The label of a container that lists the pages with it.
pub(super) fn label_of<'a>(node: &'a AstNode<'a>) -> Option<String> {
    match &node.data().value {
        NodeValue::BlockDirective(directive) => {
            directive.info.trim().strip_prefix("labelled").map(|label| label.trim().to_owned())
        }
        _ => None,
    }
}

fn notice(kind: Option<&str>, more: Option<&str>) -> Result<Container, String> {
    let kind = match (kind, more) {
        (None, _) => NoticeKind::Note,
        (Some("important"), None) => NoticeKind::Important,
        (Some("warning"), None) => NoticeKind::Warning,
        _ => return Err("Behind “notice” may be “important” or “warning”, and nothing else".to_owned()),
    };
    Ok(Container::Notice(kind))
}

/// What is wrong with the containers of a text as it was read, with the node of each.
pub(super) fn faults<'a>(root: &'a AstNode<'a>) -> Vec<(&'a AstNode<'a>, String)> {
    let fault = |(node, depth): (&'a AstNode<'a>, usize)| {
        let found = match &node.data().value {
            NodeValue::BlockDirective(_) if depth > DEEPEST => Some(too_deep()),
            NodeValue::BlockDirective(directive) => match Container::parse(directive) {
                Ok(container) => container.lack(node).map(str::to_owned),
                Err(sentence) => Some(sentence),
            },
            _ => None,
        };
        found.map(|sentence| (node, sentence))
    };
    directives(root).into_iter().filter_map(fault).collect()
}

fn too_deep() -> String {
    format!("Nest these at most {DEEPEST} deep")
}

/// Shows what is no container as the text it is: its first and last line as paragraphs, and what is between them.
pub(super) fn unwrap_unknown<'a>(arena: &'a Arena<'a>, root: &'a AstNode<'a>, text: &str) {
    let is_unknown = |(node, depth): &(&'a AstNode<'a>, usize)| match &node.data().value {
        NodeValue::BlockDirective(directive) => *depth > DEEPEST || Container::parse(directive).is_err(),
        _ => false,
    };
    let unknown: Vec<_> = directives(root).into_iter().filter(is_unknown).collect();
    if unknown.is_empty() {
        return;
    }
    let lines: Vec<&str> = text.lines().collect();
    for (node, _) in unknown {
        unwrap(arena, node, &lines);
    }
}

fn unwrap<'a>(arena: &'a Arena<'a>, node: &'a AstNode<'a>, lines: &[&str]) {
    let place = node.data().sourcepos;
    let NodeValue::BlockDirective(directive) = &node.data().value else { return };
    let colons = ":".repeat(directive.fence_length);
    let first = format!("{colons}{}", directive.info);
    let is_closed = place.end.line > place.start.line
        && lines.get(place.end.line - 1).is_some_and(|line| line.trim_end().ends_with(":::"));
    let at_start = (place.start.line, place.start.column, place.start.line, place.start.column + first.len() - 1);
    node.insert_before(paragraph(arena, first, at_start.into()));
    for child in node.children().collect::<Vec<_>>() {
        node.insert_before(child);
    }
    if is_closed {
        node.insert_before(paragraph(arena, colons, (place.end.line, 1, place.end.line, place.end.column).into()));
    }
    node.detach();
}

fn paragraph<'a>(arena: &'a Arena<'a>, text: String, place: Sourcepos) -> &'a AstNode<'a> {
    let node = |value| &*arena.alloc(AstNode::from(Ast::new_with_sourcepos(value, place)));
    let paragraph = node(NodeValue::Paragraph);
    paragraph.append(node(NodeValue::Text(text.into())));
    paragraph
}

/// All containers in order, and how deep each is within others; the uppermost are 1 deep.
fn directives<'a>(root: &'a AstNode<'a>) -> Vec<(&'a AstNode<'a>, usize)> {
    let (mut found, mut depth) = (Vec::new(), 0);
    for edge in root.traverse() {
        let (NodeEdge::Start(node) | NodeEdge::End(node)) = edge;
        if !matches!(node.data().value, NodeValue::BlockDirective(_)) {
            continue;
        }
        if matches!(edge, NodeEdge::End(_)) {
            depth -= 1;
            continue;
        }
        depth += 1;
        found.push((node, depth));
    }
    found
}

/// The container that a node is, if any.
pub(super) fn of<'a>(node: &'a AstNode<'a>) -> Option<Container> {
    match &node.data().value {
        NodeValue::BlockDirective(directive) => Container::parse(directive).ok(),
        _ => None,
    }
}
