//! The questions of the FAQ layout, all or filtered.

use serde::Serialize;

use super::state::App;
use crate::{
    error::Result,
    model::faq::{self, category::Category, item::Live},
    text::markdown::{self, Place},
};

#[derive(Serialize)]
pub(super) struct CategoryView {
    title: String,
    slug: String,
    items: Vec<Question>,
}

impl CategoryView {
    /// About how many bytes it takes on a page.
    pub(super) fn size(&self) -> usize {
        self.items.iter().map(|item| item.answer_html.len()).sum()
    }
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
    let all = faq::category::all(app.read()).await?;
    let size = items.iter().map(|item| item.revision.content.body.len()).sum();
    let categories = app.rendering.run(size, || grouped(all, &items, &words)).await?;
    let matches = categories.iter().map(|category| category.items.len()).sum();
    Ok((categories, matches, total))
}

fn grouped(all: Vec<Category>, items: &[Live], words: &[String]) -> Vec<CategoryView> {
    let mut categories = Vec::new();
    for category in all {
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
        if !shown.is_empty() {
            categories.push(CategoryView { title: category.title, slug: category.slug, items: shown });
        }
    }
    categories
}
