//! What belongs to a page: the way to it, its questions, the terms it explains.

use serde_json::{Value, json};

use super::facts::PageFacts;
use crate::{model::document::choices::Layout, render::questions::Question};

/// The id of the way to a page; the front page has none.
pub(super) fn trail_id(facts: &PageFacts<'_>) -> Option<String> {
    (!facts.trail.is_empty()).then(|| format!("{}#_breadcrumbs", facts.address))
}

/// The pages above it, and the page as the last.
pub(super) fn trail(facts: &PageFacts<'_>) -> Option<Value> {
    let id = trail_id(facts)?;
    let above = facts.trail.iter().map(|link| (link.label.as_str(), format!("{}{}", facts.origin, link.path)));
    let all = above.chain([(facts.name, facts.address.to_owned())]).enumerate();
    let item = |(index, (name, address)): (usize, (&str, String))| json!({ "@type": "ListItem", "position": index + 1, "name": name, "item": address });
    Some(json!({ "@type": "BreadcrumbList", "@id": id, "itemListElement": all.map(item).collect::<Vec<_>>() }))
}

/// All questions with their answers in words, on the page that has them.
pub(super) fn questions(facts: &PageFacts<'_>) -> Option<Value> {
    if facts.layout != Layout::Faq || facts.questions.matches == 0 {
        return None;
    }
    let all = facts.questions.categories.iter().flat_map(|category| &category.items);
    let node = |question: &Question| {
        let address = format!("{}#{}", facts.address, question.slug);
        json!({
            "@type": "Question",
            "@id": address,
            "name": question.title,
            "acceptedAnswer": { "@type": "Answer", "text": question.answer_words },
        })
    };
    Some(all.map(node).collect())
}

/// The terms that a glossary explains, as a set.
pub(super) fn glossary(facts: &PageFacts<'_>) -> Option<Value> {
    if facts.layout != Layout::Glossary || facts.questions.matches == 0 {
        return None;
    }
    let id = format!("{}#_terms", facts.address);
    let all = facts.questions.categories.iter().flat_map(|category| &category.items);
    let term = |term: &Question| {
        let address = format!("{}#{}", facts.address, term.slug);
        json!({
            "@type": "DefinedTerm",
            "@id": address,
            "name": term.title,
            "description": term.answer_words,
        })
    };
    Some(json!({
        "@type": "DefinedTermSet",
        "@id": id,
        "url": facts.address,
        "name": facts.name,
        "inLanguage": facts.settings.language,
        "hasDefinedTerm": all.map(term).collect::<Vec<_>>(),
    }))
}
