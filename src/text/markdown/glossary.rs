//! Links the first use of each term on a page to its entry in a glossary, with what it means beside the link for those who
//! point at it or reach it by keyboard. Knows no database: the terms are looked up before.

use std::fmt::Write;

use aho_corasick::{AhoCorasick, MatchKind};
use comrak::{
    Arena,
    arena_tree::NodeEdge,
    html::escape,
    nodes::{AstNode, NodeValue},
};

/// Terms that one page links; others stay words.
const LINKED: usize = 20;
/// Words that a verb follows: "you must record it".
const BEFORE_VERBS: [&str; 10] = ["can", "cannot", "may", "must", "should", "they", "we", "will", "would", "you"];
/// Words that begin what a verb applies to, and so tell "to record the call" from "added to record keeping".
const AFTER_VERBS: [&str; 12] =
    ["a", "an", "it", "its", "our", "the", "their", "them", "these", "this", "those", "your"];

/// The terms of a site, ready to be found in texts.
#[derive(Debug)]
pub(crate) struct Glossary {
    automaton: AhoCorasick,
    /// What it finds, and which term each is a name of.
    names: Vec<(String, usize)>,
    terms: Vec<LinkedTerm>,
}

/// A term that texts link to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LinkedTerm {
    /// The words that name it: as it is written in full, and its abbreviation.
    pub(crate) names: Vec<String>,
    /// Where its entry is: the path of a page with a fragment.
    pub(crate) href: String,
    /// What it means, in words; begins with the term in full.
    pub(crate) definition: String,
}

impl Glossary {
    /// None when there are no terms, or too many to be found quickly.
    #[must_use]
    pub(crate) fn new(terms: Vec<LinkedTerm>) -> Option<Self> {
        let names_of = |(at, term): (usize, &LinkedTerm)| {
            term.names.iter().map(move |name| (name.clone(), at)).collect::<Vec<_>>()
        };
        let mut names: Vec<_> = terms.iter().enumerate().flat_map(names_of).collect();
        names.retain(|(name, _)| name.chars().count() > 1);
        if names.is_empty() {
            return None;
        }
        let mut builder = AhoCorasick::builder();
        let builder = builder.ascii_case_insensitive(true).match_kind(MatchKind::LeftmostLongest);
        let automaton = builder.build(names.iter().map(|(name, _)| name)).ok()?;
        Some(Self { automaton, names, terms })
    }

    /// Where the names of terms are words of a text: begin, end, and which term. An abbreviation is one in capitals only.
    fn find(&self, text: &str) -> Vec<(usize, usize, usize)> {
        let place = |found: aho_corasick::Match| {
            let end = end_of_word(text, found.end())?;
            let (name, term) = &self.names[found.pattern().as_usize()];
            let is_abbreviation = !name.chars().any(char::is_lowercase);
            let is_name = !is_abbreviation || text[found.range()] == **name;
            let begins = !text[..found.start()].ends_with(is_of_word);
            let is_word = is_abbreviation || name.contains(' ') || !is_verb(&text[..found.start()], &text[end..]);
            (begins && is_name && is_word).then_some((found.start(), end, *term))
        };
        self.automaton.find_iter(text).filter_map(place).collect()
    }
}

/// Whether the words before and after a word show that it is a verb.
fn is_verb(before: &str, after: &str) -> bool {
    let before = before.split_whitespace().next_back().unwrap_or_default();
    let after = after.split_whitespace().next().unwrap_or_default();
    BEFORE_VERBS.iter().any(|word| word.eq_ignore_ascii_case(before))
        || (before.eq_ignore_ascii_case("to") && AFTER_VERBS.contains(&after))
}

/// The end of the word that a name ends in: a plural is the same word.
fn end_of_word(text: &str, end: usize) -> Option<usize> {
    let rest = &text[end..];
    let plural = ["es", "s"]
        .into_iter()
        .find(|plural| rest.strip_prefix(plural).is_some_and(|after| !after.starts_with(is_of_word)));
    match plural {
        Some(plural) => Some(end + plural.len()),
        None => (!rest.starts_with(is_of_word)).then_some(end),
    }
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '_'
}

/// Links the first use of each term outside links, headings, tables, code and pictures.
pub(super) fn link_terms<'a>(arena: &'a Arena<'a>, root: &'a AstNode<'a>, glossary: &Glossary) {
    let mut linked = vec![false; glossary.terms.len()];
    let mut number = 0;
    for node in texts(root) {
        let text = match &node.data().value {
            NodeValue::Text(text) => text.to_string(),
            _ => continue,
        };
        let mut at = 0;
        for (start, end, term) in glossary.find(&text) {
            if linked[term] || number >= LINKED {
                continue;
            }
            linked[term] = true;
            number += 1;
            let html = glossary.terms[term].html(&text[start..end], number);
            node.insert_before(new_node(arena, NodeValue::Text(text[at..start].to_owned().into())));
            node.insert_before(new_node(arena, NodeValue::Raw(html)));
            at = end;
        }
        if at > 0 {
            node.data_mut().value = NodeValue::Text(text[at..].to_owned().into());
        }
    }
}

fn new_node<'a>(arena: &'a Arena<'a>, value: NodeValue) -> &'a AstNode<'a> {
    arena.alloc(AstNode::from(value))
}

/// The text nodes in which terms are linked, in order.
fn texts<'a>(root: &'a AstNode<'a>) -> Vec<&'a AstNode<'a>> {
    let (mut found, mut within) = (Vec::new(), 0_usize);
    for edge in root.traverse() {
        let (NodeEdge::Start(node) | NodeEdge::End(node)) = edge;
        let is_start = matches!(edge, NodeEdge::Start(_));
        match node.data().value {
            NodeValue::Link(_)
            | NodeValue::Image(_)
            | NodeValue::Heading(_)
            | NodeValue::Table(_)
            | NodeValue::DescriptionTerm
            | NodeValue::FootnoteDefinition(_) => {
                within = if is_start { within + 1 } else { within.saturating_sub(1) };
            }
            NodeValue::Text(_) if is_start && within == 0 => found.push(node),
            _ => {}
        }
    }
    found
}

impl LinkedTerm {
    /// The link with these words, the `number`th of its page, and what the term means.
    fn html(&self, words: &str, number: usize) -> String {
        let mut html = String::from("<span class=\"term\"><a href=\"");
        push(&mut html, &self.href);
        // Writing into a text never fails.
        let _ = write!(html, "\" aria-describedby=\"_term-{number}\">");
        push(&mut html, words);
        let _ = write!(html, "</a><span class=\"definition\" role=\"tooltip\" id=\"_term-{number}\">");
        push(&mut html, &self.definition);
        html.push_str("</span></span>");
        html
    }
}

/// Adds text, escaped.
fn push(html: &mut String, text: &str) {
    // Writing into a text never fails.
    let _ = escape(html, text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{
        ids::Ids,
        markdown::{HeadingContext, known::KnownTargets, render_among},
    };

    fn html(text: &str) -> String {
        let term = |names: &[&str], href: &str, definition: &str| LinkedTerm {
            names: names.iter().map(|&name| name.to_owned()).collect(),
            href: href.to_owned(),
            definition: definition.to_owned(),
        };
        let glossary = Glossary::new(vec![
            term(&["service level agreement", "SLA"], "/glossary#sla", "Service level agreement: a <promise>"),
            term(&["service"], "/glossary#service", "Service: what is of value"),
            term(&["IT"], "/glossary#it", "Information technology"),
        ]);
        let known = KnownTargets { glossary: glossary.as_ref(), ..KnownTargets::default() };
        render_among(text, HeadingContext::Page, known, &mut Ids::default()).html
    }

    #[test]
    fn the_first_use_of_a_term_leads_to_its_entry() {
        let shown = html("Two SLAs, an SLA, and a *Service Level Agreement*. The service is it, for IT.");
        let first = "Two <span class=\"term\"><a href=\"/glossary#sla\" aria-describedby=\"_term-1\">SLAs</a>\
            <span class=\"definition\" role=\"tooltip\" id=\"_term-1\">Service level agreement: a &lt;promise&gt;</span></span>, an SLA, and";
        assert!(shown.contains(first), "{shown}");
        assert!(shown.contains("<em>Service Level Agreement</em>"), "the second use: {shown}");
        assert!(
            shown.contains("aria-describedby=\"_term-2\">service</a>") && shown.contains(" is it, for <span"),
            "{shown}"
        );
    }

    #[test]
    fn other_words_and_other_places_are_left_alone() {
        for text in [
            "# A service\n",
            "[a service](/x)\n",
            "`service`\n",
            "| service |\n|-|\n| service |\n",
            "self-service, serviced, services_x, sla, Service-level\n",
            "service\n: what it is\n",
            "You service it, and they must service it too.\n",
            "How to service the lift\n",
        ] {
            assert!(!html(text).contains("class=\"term\""), "{}", html(text));
        }
    }

    #[test]
    fn a_noun_after_to_is_a_term() {
        for text in ["Access to service and support\n", "To service levels, the rest\n", "They want service\n"] {
            assert!(html(text).contains("href=\"/glossary#service\""), "{}", html(text));
        }
    }
}
