//! What a text shows of other documents, and how it is written: the pages below its page, questions with their answers, values of
//! fields. Knows no database: they are looked up before.

use std::collections::HashMap;

use comrak::{
    Arena,
    html::escape,
    nodes::{AstNode, NodeValue},
};

use super::container::{self, Container};

/// What a text shows of other documents.
#[derive(Debug, Default)]
pub(crate) struct EmbeddedParts {
    /// The pages below the page of the text.
    pub(crate) pages: Vec<EmbeddedPage>,
    /// By the label, as the text has it.
    pub(crate) labelled: HashMap<String, Vec<EmbeddedPage>>,
    /// By the address of the link, as the text has it.
    pub(crate) questions: HashMap<String, EmbeddedQuestion>,
    /// Values of fields of other documents, by the address of the link in whose place they are shown.
    pub(crate) facts: HashMap<String, String>,
}

#[derive(Debug)]
pub(crate) struct EmbeddedPage {
    pub(crate) path: String,
    pub(crate) title: String,
    pub(crate) summary: String,
}

#[derive(Debug)]
pub(crate) struct EmbeddedQuestion {
    pub(crate) title: String,
    pub(crate) answer_html: String,
}

/// Writes the value of a field of another document in place of a link that names it; whether it did.
pub(super) fn show_fact<'a>(node: &'a AstNode<'a>, parts: &EmbeddedParts) -> bool {
    let mut data = node.data_mut();
    let NodeValue::Link(link) = &data.value else { return false };
    let Some(value) = parts.facts.get(&link.url) else { return false };
    data.value = NodeValue::Text(value.clone().into());
    drop(data);
    for child in node.children().collect::<Vec<_>>() {
        child.detach();
    }
    true
}

/// The address of the first link within a node.
pub(super) fn first_link<'a>(node: &'a AstNode<'a>) -> Option<String> {
    node.descendants().find_map(|below| match &below.data().value {
        NodeValue::Link(link) => Some(link.url.clone()),
        _ => None,
    })
}

/// Writes what a container shows of other documents in place of what is within it; nothing of what is not known.
pub(super) fn show<'a>(arena: &'a Arena<'a>, node: &'a AstNode<'a>, parts: &EmbeddedParts) {
    // Headings, terms and footnotes have their ids already, in order.
    let is_plain = node.children().all(|child| matches!(child.data().value, NodeValue::Paragraph));
    let html = match container::of(node).filter(|_| is_plain) {
        Some(Container::Children) if !parts.pages.is_empty() => pages_html(&parts.pages),
        Some(Container::Labelled) => match container::label_of(node).and_then(|label| parts.labelled.get(&label)) {
            Some(pages) if !pages.is_empty() => pages_html(pages),
            _ => return,
        },
        Some(Container::Question) => match first_link(node).and_then(|url| parts.questions.get(&url)) {
            Some(question) => question.html(),
            None => return,
        },
        _ => return,
    };
    for child in node.children().collect::<Vec<_>>() {
        child.detach();
    }
    node.append(arena.alloc(AstNode::from(NodeValue::Raw(html))));
}

fn pages_html(pages: &[EmbeddedPage]) -> String {
    let mut html = "<ul class=\"entries\">\n".to_owned();
    for page in pages {
        html.push_str("<li class=\"entry\"><a href=\"");
        push(&mut html, &page.path);
        html.push_str("\" dir=\"auto\">");
        push(&mut html, &page.title);
        html.push_str("</a>");
        if !page.summary.is_empty() {
            html.push_str("<p dir=\"auto\">");
            push(&mut html, &page.summary);
            html.push_str("</p>");
        }
        html.push_str("</li>\n");
    }
    html.push_str("</ul>\n");
    html
}

impl EmbeddedQuestion {
    fn html(&self) -> String {
        let mut html = "<details class=\"answer\"><summary dir=\"auto\">".to_owned();
        push(&mut html, &self.title);
        html.push_str("</summary>\n<div class=\"body\" dir=\"auto\">\n");
        html.push_str(&self.answer_html);
        html.push_str("</div></details>\n");
        html
    }
}

/// Adds text, escaped.
fn push(html: &mut String, text: &str) {
    // Writing into a text never fails.
    let _ = escape(html, text);
}
