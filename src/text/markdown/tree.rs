//! What is done to the tree of a text between reading and writing it: which links stay, where lines break, how deep
//! headings stand, and the ids of everything that can be linked to. Writes no HTML.

use std::collections::{BTreeSet, HashMap};

use comrak::nodes::{AstNode, NodeLink, NodeValue};

use super::{Heading, words};
use crate::text::{
    ids::{self, Ids},
    link, visible,
};

type Nodes<'a> = Vec<&'a AstNode<'a>>;

/// The nodes of a text that something is done to, each kind in order; found in one walk.
#[derive(Default)]
pub(super) struct Parts<'a> {
    links: Nodes<'a>,
    tags: Nodes<'a>,
    headings: Nodes<'a>,
    notes: Nodes<'a>,
    note_marks: Nodes<'a>,
}

impl<'a> Parts<'a> {
    pub(super) fn of(root: &'a AstNode<'a>) -> Self {
        let mut parts = Self::default();
        for node in root.descendants() {
            match node.data().value {
                NodeValue::Link(_) | NodeValue::Image(_) => parts.links.push(node),
                NodeValue::HtmlInline(_) => parts.tags.push(node),
                NodeValue::Heading(_) => parts.headings.push(node),
                NodeValue::FootnoteDefinition(_) => parts.notes.push(node),
                NodeValue::FootnoteReference(_) => parts.note_marks.push(node),
                _ => {}
            }
        }
        parts
    }

    /// Pictures from elsewhere become links, because the content security policy would not load them; what links to
    /// where nothing may link to keeps its words and loses its address.
    pub(super) fn settle_links(&self) {
        for node in &self.links {
            let allowed = match &node.data().value {
                NodeValue::Link(link) => link::is_allowed(&link.url),
                NodeValue::Image(picture) if link::is_local(&picture.url) => true,
                NodeValue::Image(picture) => link::is_allowed(&picture.url) && !is_within_link(node),
                _ => true,
            };
            if allowed { link_foreign_picture(node) } else { unwrap(node) }
        }
    }

    /// Markdown has no other way to break a line in a cell than `<br>`, so there it means what it says.
    pub(super) fn break_lines_in_cells(&self) {
        for node in &self.tags {
            let breaks =
                matches!(&node.data().value, NodeValue::HtmlInline(html) if is_break(html)) && is_in_cell(node);
            if breaks {
                node.data_mut().value = NodeValue::Raw(words::LINE_BREAK.to_owned());
            }
        }
    }

    /// All headings in order, each with an id of its own. One that shows nothing is taken out: it would be a gap for
    /// readers, and a link without words in the contents.
    pub(super) fn settle_headings(&mut self, uppermost: u8, prefix: &str, ids: &mut Ids) -> Vec<Heading> {
        let mut texts = Vec::with_capacity(self.headings.len());
        self.headings.retain(|node| {
            let text = words::of(node);
            let shows = visible::has_any(&text) || holds_picture(node);
            if shows {
                texts.push(text);
            } else {
                node.detach();
            }
            shows
        });
        self.shift_headings(uppermost);
        let heading = |(node, text): (&&'a AstNode<'a>, String)| {
            let id = ids.take(&format!("{prefix}{}", ids::of_words(&text)));
            Heading { level: level(node), id, text }
        };
        self.headings.iter().zip(texts).map(heading).collect()
    }

    /// The levels that a text uses become the levels from `uppermost` on, without a gap: equal ones stay equal, and
    /// deeper ones stay deeper as long as there are levels.
    fn shift_headings(&self, uppermost: u8) {
        let used: BTreeSet<u8> = self.headings.iter().map(|node| level(node)).collect();
        let shifted: HashMap<u8, u8> = used.into_iter().zip(uppermost..).map(|(from, to)| (from, to.min(6))).collect();
        for node in &self.headings {
            if let NodeValue::Heading(heading) = &mut node.data_mut().value {
                heading.level = shifted[&heading.level];
            }
        }
    }

    /// Gives footnotes names under which all ids made of them are free: `fn-1`, `fnref-1`, `fnref-1-2`.
    pub(super) fn name_footnotes(&self, prefix: &str, ids: &mut Ids) {
        let mut names: HashMap<String, String> = HashMap::new();
        for node in &self.notes {
            let mut data = node.data_mut();
            let NodeValue::FootnoteDefinition(note) = &mut data.value else { continue };
            let name = free_name(prefix, names.len() + 1, note.total_references, ids);
            names.insert(std::mem::replace(&mut note.name, name.clone()), name);
        }
        for node in &self.note_marks {
            if let NodeValue::FootnoteReference(mark) = &mut node.data_mut().value
                && let Some(name) = names.get(&mark.name)
            {
                mark.name.clone_from(name);
            }
        }
    }
}

fn link_foreign_picture<'a>(node: &'a AstNode<'a>) {
    let mut data = node.data_mut();
    if let NodeValue::Image(picture) = &data.value
        && !link::is_local(&picture.url)
    {
        let link = NodeLink { url: picture.url.clone(), title: picture.title.clone() };
        data.value = NodeValue::Link(Box::new(link));
    }
}

fn is_within_link<'a>(node: &'a AstNode<'a>) -> bool {
    node.ancestors().skip(1).any(|above| matches!(above.data().value, NodeValue::Link(_)))
}

/// Puts what a node holds in its place.
fn unwrap<'a>(node: &'a AstNode<'a>) {
    let children: Nodes<'a> = node.children().collect();
    for child in children {
        node.insert_before(child);
    }
    node.detach();
}

fn is_break(html: &str) -> bool {
    let name = html.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/').trim_end();
    name.eq_ignore_ascii_case("br")
}

fn is_in_cell<'a>(node: &'a AstNode<'a>) -> bool {
    node.ancestors().any(|above| matches!(above.data().value, NodeValue::TableCell))
}

/// Whether a picture is shown.
pub(super) fn holds_picture<'a>(node: &'a AstNode<'a>) -> bool {
    node.descendants().any(|node| matches!(node.data().value, NodeValue::Image(_)))
}

fn level<'a>(node: &'a AstNode<'a>) -> u8 {
    match node.data().value {
        NodeValue::Heading(heading) => heading.level,
        _ => 0,
    }
}

fn free_name(prefix: &str, from: usize, references: u32, ids: &mut Ids) -> String {
    let mut number = from;
    loop {
        let name = format!("{prefix}{number}");
        let made = made_of(&name, references);
        if made.iter().all(|id| ids.is_free(id)) {
            for id in &made {
                ids.reserve(id);
            }
            return name;
        }
        number += 1;
    }
}

/// The ids that comrak makes of a footnote's name.
fn made_of(name: &str, references: u32) -> Vec<String> {
    let further = (2..=references).map(|number| format!("fnref-{name}-{number}"));
    [format!("fn-{name}"), format!("fnref-{name}")].into_iter().chain(further).collect()
}
