//! The questions of the FAQ layout, all or filtered. Their slugs are paths, so they get their ids first.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::{
    error::Result,
    model::{
        document::{field_table::BODY_MAX, kind::DocumentKind},
        faq::{
            category::{self, Category},
            item::{self, LiveItem},
        },
    },
    state::app_state::App,
    text::{
        fold::fold,
        ids::Ids,
        markdown::{self, HeadingContext},
    },
};

/// The questions as the template draws them.
#[derive(Default, Serialize)]
pub(crate) struct Questions {
    pub(crate) categories: Vec<CategoryView>,
    pub(crate) matches: usize,
    pub(crate) total: usize,
}

impl Questions {
    /// About how many bytes they take on a page.
    pub(crate) fn size(&self) -> usize {
        self.categories.iter().flat_map(|category| &category.items).map(|item| item.answer_html.len()).sum()
    }
}

#[derive(Serialize)]
pub(crate) struct CategoryView {
    id: String,
    title: String,
    items: Vec<Question>,
}

#[derive(Serialize)]
pub(crate) struct Question {
    slug: String,
    #[serde(flatten)]
    extra: QuestionExtra,
    title: String,
    answer_html: String,
}

/// What belongs to a question besides its text.
#[derive(Default, Serialize)]
struct QuestionExtra {
    former: Vec<String>,
    /// Public values without a column of their own, by their keys.
    fields: BTreeMap<String, String>,
}

/// The live questions in which visitors see every word of `filter`. Takes their ids.
pub(crate) async fn questions(app: &App, filter: &str, ids: &mut Ids) -> Result<Questions> {
    let items = item::live(app.read()).await?;
    for item in &items {
        ids.reserve(&item.current_slug);
    }
    let mut extra = former_slugs(app, ids).await?;
    for item in &items {
        let values = item.revision.content.public_values(app.rules.fields.of(DocumentKind::FaqItem));
        if !values.is_empty() {
            extra.entry(item.revision.document_id).or_default().fields = values;
        }
    }
    let words: Vec<String> = filter.split_whitespace().map(fold).collect();
    let all = category::all(app.read()).await?;
    let categories = app.rendering.run_large(|| group_by_category(all, &items, &words, &mut extra, ids)).await?;
    let matches = categories.iter().map(|category| category.items.len()).sum();
    Ok(Questions { categories, matches, total: items.len() })
}

fn group_by_category(
    all: Vec<Category>,
    items: &[LiveItem],
    words: &[String],
    extra: &mut HashMap<i64, QuestionExtra>,
    ids: &mut Ids,
) -> Vec<CategoryView> {
    let mut categories = Vec::new();
    for category in all {
        let shown = items.iter().filter(|item| item.category == category.id && fits(item, words));
        let shown: Vec<Question> = shown.map(|item| question(item, extra, ids)).collect();
        if !shown.is_empty() {
            categories.push(category_view(category, shown, ids));
        }
    }
    categories
}

/// By document: the slugs that no question has now.
async fn former_slugs(app: &App, ids: &mut Ids) -> Result<HashMap<i64, QuestionExtra>> {
    let mut former: HashMap<i64, QuestionExtra> = HashMap::new();
    for (slug, id) in item::former_slugs(app.read()).await? {
        if ids.reserve(&slug) {
            former.entry(id).or_default().former.push(slug);
        }
    }
    Ok(former)
}

fn fits(item: &LiveItem, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    let content = &item.revision.content;
    let text = fold(&format!("{} {}", content.title, markdown::plain(&content.body, BODY_MAX)));
    words.iter().all(|word| text.contains(word.as_str()))
}

fn question(item: &LiveItem, extra: &mut HashMap<i64, QuestionExtra>, ids: &mut Ids) -> Question {
    let content = &item.revision.content;
    Question {
        slug: item.current_slug.clone(),
        extra: extra.remove(&item.revision.document_id).unwrap_or_default(),
        title: content.title.clone(),
        answer_html: markdown::render_among(&content.body, HeadingContext::Part(&item.current_slug), ids).html,
    }
}

fn category_view(category: Category, items: Vec<Question>, ids: &mut Ids) -> CategoryView {
    CategoryView { id: ids.take(&format!("category-{}", category.slug)), title: category.title, items }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    Questions { categories, matches, total }
    CategoryView { id, title, items }
    Question { slug, extra, title, answer_html }
    QuestionExtra { former, fields }
}
