//! What machines read in a public page: one data block of JSON-LD in the words of schema.org, made of what the page shows
//! anyway. A new kind of node is a function in a file beside this one. Knows no template and no database.

mod data_block;
pub(crate) mod facts;
mod nodes;
mod parts;
mod quiz;

use serde_json::{Value, json};

use self::facts::PageFacts;
use crate::model::document::choices::Layout;

const VOCABULARY: &str = "https://schema.org";

/// The content of `<script type="application/ld+json">`, safe to insert as it is.
#[must_use]
pub(crate) fn of(facts: &PageFacts<'_>) -> String {
    let mut graph: Vec<Value> = vec![nodes::page(facts)];
    if facts.layout == Layout::Home {
        graph.extend([nodes::site(facts), nodes::publisher(facts)]);
    }
    graph.extend(parts::trail(facts));
    graph.extend(parts::glossary(facts));
    data_block::write(&json!({ "@context": VOCABULARY, "@graph": graph }))
}
