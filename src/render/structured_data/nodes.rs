//! The page itself, and on the front page the site and who publishes it.

use serde_json::{Map, Value, json};

use super::facts::PageFacts;
use crate::{
    model::document::choices::Layout,
    render::{
        site_paths::{SearchPath, TouchIconPath},
        structured_data::{parts, quiz},
    },
};

/// What is searched for, in the address of a search.
const SEARCHED: &str = "words";

/// The page as what it is by its layout.
pub(super) fn page(facts: &PageFacts<'_>) -> Value {
    let is_article = matches!(facts.layout, Layout::Article | Layout::Outline);
    let kind = match facts.layout {
        Layout::Article | Layout::Outline => "Article",
        Layout::Section | Layout::Path | Layout::Practice | Layout::Glossary => "CollectionPage",
        Layout::Faq => "FAQPage",
        Layout::Contact => "ContactPage",
        Layout::Home => "WebPage",
    };
    let mut node = Map::new();
    let mut put = |key: &str, value: Value| drop(node.insert(key.to_owned(), value));
    put("@type", json!(kind));
    put("@id", json!(facts.address));
    put("url", json!(facts.address));
    put("name", json!(facts.name));
    put("inLanguage", json!(facts.settings.language));
    put(
        "isPartOf",
        json!({ "@type": "WebSite", "@id": site_id(facts), "name": facts.settings.site_name, "url": home(facts) }),
    );
    put("publisher", publisher(facts));
    if !facts.description.is_empty() {
        put("description", json!(facts.description));
    }
    if let Some(dates) = facts.dates {
        put("datePublished", json!(dates.first.iso()));
        put("dateModified", json!(dates.latest.iso()));
    }
    if !facts.picture.is_empty() {
        put("image", json!(facts.picture));
    }
    if is_article {
        put("headline", json!(facts.name));
        put("mainEntityOfPage", json!(facts.address));
        put("author", publisher(facts));
    } else if let Some(id) = parts::trail_id(facts) {
        put("breadcrumb", json!({ "@id": id }));
    }
    if let Some(main) = parts::questions(facts).or_else(|| quiz::quiz(facts)) {
        put("mainEntity", main);
    }
    Value::Object(node)
}

/// The site, and how it is searched.
pub(super) fn site(facts: &PageFacts<'_>) -> Value {
    let PageFacts { origin, settings, .. } = facts;
    let mut node = json!({
        "@type": "WebSite",
        "@id": site_id(facts),
        "url": home(facts),
        "name": settings.site_name,
        "inLanguage": settings.language,
        "publisher": { "@id": publisher_id(facts) },
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": format!("{origin}{SearchPath}?q={{{SEARCHED}}}"),
            },
            "query-input": format!("required name={SEARCHED}"),
        },
    });
    if !settings.tagline.is_empty() {
        node["description"] = json!(settings.tagline);
    }
    node
}

/// Who publishes the site: the organisation that it is named after.
pub(super) fn publisher(facts: &PageFacts<'_>) -> Value {
    let PageFacts { origin, settings, .. } = facts;
    let mut node = json!({
        "@type": "Organization",
        "@id": publisher_id(facts),
        "name": settings.site_name,
        "url": home(facts),
        "logo": format!("{origin}{TouchIconPath}"),
    });
    if facts.layout == Layout::Home && !settings.contact_address.is_empty() {
        node["email"] = json!(settings.contact_address);
    }
    node
}

fn home(facts: &PageFacts<'_>) -> String {
    format!("{}/", facts.origin)
}

fn site_id(facts: &PageFacts<'_>) -> String {
    format!("{}/#_site", facts.origin)
}

fn publisher_id(facts: &PageFacts<'_>) -> String {
    format!("{}/#_publisher", facts.origin)
}
