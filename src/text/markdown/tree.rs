//! The changes to the tree of a text between reading and writing it: which links stay, where lines break, the levels of
//! headings, and the ids of everything that can be linked to. Writes no HTML.

use std::collections::{BTreeSet, HashMap};

use comrak::{
    Arena,
    arena_tree::NodeEdge,
    nodes::{AstNode, NodeLink, NodeValue},
};

use super::{embedded, heading::Heading, known::KnownTargets, links, media, pictures::holds_picture, words};
use crate::text::{
    ids::{self, Ids},
    link, visible,
};

/// So many of a text are shown with all sizes; one of more would be too long to be a page.
const SHOWN: usize = 500;

type Nodes<'a> = Vec<&'a AstNode<'a>>;

/// The nodes of a text that are changed, each kind in order; collected in one walk.
#[derive(Default)]
pub(super) struct TreeParts<'a> {
    links: Vec<(&'a AstNode<'a>, LinkTreatment)>,
    /// What looks like HTML within the cells of tables.
    tags: Nodes<'a>,
    headings: Nodes<'a>,
    terms: Nodes<'a>,
    notes: Nodes<'a>,
    note_marks: Nodes<'a>,
    containers: Nodes<'a>,
}

impl<'a> TreeParts<'a> {
    pub(super) fn of(root: &'a AstNode<'a>) -> Self {
        let mut parts = Self::default();
        // What the walk is within. Asking each node for its ancestors would take quadratic time.
        let (mut open, mut cells): (Vec<bool>, usize) = (Vec::new(), 0);
        let mut links = 0;
        for edge in root.traverse() {
            let node = match edge {
                NodeEdge::Start(node) => node,
                NodeEdge::End(node) => {
                    match node.data().value {
                        NodeValue::Link(_) | NodeValue::Image(_) => links -= usize::from(open.pop().unwrap_or(false)),
                        NodeValue::TableCell => cells -= 1,
                        _ => {}
                    }
                    continue;
                }
            };
            match &node.data().value {
                value @ (NodeValue::Link(_) | NodeValue::Image(_)) => {
                    let treatment = LinkTreatment::of(value, links > 0);
                    let is_link = matches!(
                        (value, treatment),
                        (NodeValue::Link(_), LinkTreatment::Stays) | (_, LinkTreatment::Links)
                    );
                    open.push(is_link);
                    links += usize::from(is_link);
                    parts.links.push((node, treatment));
                }
                NodeValue::TableCell => cells += 1,
                NodeValue::HtmlInline(_) if cells > 0 => parts.tags.push(node),
                NodeValue::Heading(_) => parts.headings.push(node),
                NodeValue::DescriptionTerm => parts.terms.push(node),
                NodeValue::FootnoteDefinition(_) => parts.notes.push(node),
                NodeValue::FootnoteReference(_) => parts.note_marks.push(node),
                NodeValue::BlockDirective(_) => parts.containers.push(node),
                _ => {}
            }
        }
        parts
    }

    /// Pictures from elsewhere become links, because the content security policy would not load them; a link to a
    /// forbidden address keeps its words and loses the address.
    pub(super) fn resolve_links(&self) {
        for (node, treatment) in &self.links {
            match treatment {
                LinkTreatment::Stays => {}
                LinkTreatment::Links => link_foreign_picture(node),
                LinkTreatment::Words => unwrap(node),
            }
        }
    }

    /// Last of all, as what is shown then has no words any more.
    pub(super) fn show_known(&self, arena: &'a Arena<'a>, known: KnownTargets<'_>) {
        if let Some(parts) = known.embedded {
            self.containers.iter().for_each(|node| embedded::show(arena, node, parts));
        }
        let mut left = SHOWN;
        for (node, _) in self.links.iter().filter(|(_, treatment)| matches!(treatment, LinkTreatment::Stays)) {
            if known.embedded.is_some_and(|parts| embedded::show_fact(node, parts)) {
                continue;
            }
            if let Some(addresses) = known.links {
                links::lead(node, addresses);
            }
            if let Some(sources) = known.media.filter(|_| left > 0) {
                left -= usize::from(media::show(node, sources));
            }
        }
    }

    /// Markdown has no other way to break a line in a cell than `<br>`, so it works there.
    pub(super) fn break_lines_in_cells(&self) {
        for node in &self.tags {
            let breaks = matches!(&node.data().value, NodeValue::HtmlInline(html) if is_break(html));
            if breaks {
                node.data_mut().value = NodeValue::Raw(words::LINE_BREAK.to_owned());
            }
        }
    }

    /// All headings in order, each with an id of its own. One without visible text is removed: it would be a gap for
    /// readers, and a link without words in the contents.
    pub(super) fn assign_heading_ids(&mut self, uppermost: u8, prefix: &str, ids: &mut Ids) -> Vec<Heading> {
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

    /// The ids of the terms of description lists in order. Headings have theirs before.
    pub(super) fn term_ids(&self, prefix: &str, ids: &mut Ids) -> Vec<String> {
        let id = |term: &&'a AstNode<'a>| ids.take(&format!("{prefix}{}", ids::of_words(&words::of(term))));
        self.terms.iter().map(id).collect()
    }

    /// Maps the levels that a text uses to the levels from `uppermost` on, without a gap: equal ones stay equal, and
    /// deeper ones stay deeper while there are levels left.
    fn shift_headings(&self, uppermost: u8) {
        let used: BTreeSet<u8> = self.headings.iter().map(|node| level(node)).collect();
        let shifted: HashMap<u8, u8> = used.into_iter().zip(uppermost..).map(|(from, to)| (from, to.min(6))).collect();
        for node in &self.headings {
            if let NodeValue::Heading(heading) = &mut node.data_mut().value {
                heading.level = shifted[&heading.level];
            }
        }
    }

    /// Gives footnotes names for which all ids derived from them are free: `fn-1`, `fnref-1`, `fnref-1-2`.
    pub(super) fn name_footnotes(&self, prefix: &str, ids: &mut Ids) {
        let mut names: HashMap<String, String> = HashMap::new();
        let mut number = 0;
        for node in &self.notes {
            let mut data = node.data_mut();
            let NodeValue::FootnoteDefinition(note) = &mut data.value else { continue };
            let name = free_name(prefix, &mut number, note.total_references, ids);
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

/// What is done with a link or a picture.
#[derive(Clone, Copy)]
enum LinkTreatment {
    Stays,
    /// A picture becomes a link.
    Links,
    Words,
}

impl LinkTreatment {
    /// A link `within` another one is not possible.
    fn of(value: &NodeValue, within: bool) -> Self {
        match value {
            NodeValue::Link(link) if link::is_allowed(&link.url) => Self::Stays,
            NodeValue::Image(picture) if link::is_local(&picture.url) => Self::Stays,
            NodeValue::Image(picture) if !within && link::is_allowed(&picture.url) => Self::Links,
            _ => Self::Words,
        }
    }
}

fn link_foreign_picture<'a>(node: &'a AstNode<'a>) {
    let mut data = node.data_mut();
    if let NodeValue::Image(picture) = &data.value {
        let link = NodeLink { url: picture.url.clone(), title: picture.title.clone() };
        data.value = NodeValue::Link(Box::new(link));
    }
}

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

fn level<'a>(node: &'a AstNode<'a>) -> u8 {
    match node.data().value {
        NodeValue::Heading(heading) => heading.level,
        _ => 0,
    }
}

/// The first free name after `number`, which goes on from there.
fn free_name(prefix: &str, number: &mut u32, references: u32, ids: &mut Ids) -> String {
    loop {
        *number += 1;
        let name = format!("{prefix}{number}");
        let made = made_of(&name, references);
        if made.iter().all(|id| ids.is_free(id)) {
            for id in &made {
                ids.reserve(id);
            }
            return name;
        }
    }
}

/// The ids that comrak makes of a footnote's name.
fn made_of(name: &str, references: u32) -> Vec<String> {
    let further = (2..=references).map(|number| format!("fnref-{name}-{number}"));
    [format!("fn-{name}"), format!("fnref-{name}")].into_iter().chain(further).collect()
}
