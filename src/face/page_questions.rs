//! The questions of the FAQ layout, all or filtered.

use serde::Serialize;

use super::state::App;
use crate::{
    error::Result,
    model::faq,
    text::markdown::{self, Place},
};

#[derive(Serialize)]
pub(super) struct CategoryView {
    title: String,
    slug: String,
    items: Vec<Question>,
}

#[derive(Serialize)]
pub(super) struct Question {
    anchor: String,
    title: String,
    answer_html: String,
}

/// The live questions whose text contains every word of `filter`; how many those are, and how many there are.
pub(super) async fn questions(app: &App, filter: &str) -> Result<(Vec<CategoryView>, usize, usize)> {
    let words: Vec<String> = filter.to_lowercase().split_whitespace().map(ToOwned::to_owned).collect();
    let items = faq::item::live(app.read()).await?;
    let total = items.len();
    let mut matches = 0;
    let mut categories = Vec::new();
    for category in faq::category::all(app.read()).await? {
        let shown: Vec<Question> = items
            .iter()
            .filter(|item| item.category == category.id)
            .filter(|item| {
                let content = &item.revision.content;
                let text = format!("{} {}", content.title, content.body).to_lowercase();
                words.iter().all(|word| text.contains(word.as_str()))
            })
            .map(|item| Question {
                anchor: item.anchor.clone(),
                title: item.revision.content.title.clone(),
                answer_html: markdown::render(&item.revision.content.body, Place::Part(&item.anchor)).html,
            })
            .collect();
        matches += shown.len();
        if !shown.is_empty() {
            categories.push(CategoryView { title: category.title, slug: category.slug, items: shown });
        }
    }
    Ok((categories, matches, total))
}
