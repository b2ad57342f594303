//! The items of a page that shows them, all or filtered, such as questions. Links lead to their slugs, so these are
//! reserved as ids before any other.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::{
    embedded,
    multiple_choice::{self, MultipleChoice},
    practice_query::PracticeQuery,
    typed_fields::{self, TypedFields},
};
use crate::{
    error::Result,
    model::{
        document::{content::Content, field_table::BODY_MAX, kind::DocumentKind, revision::Revision},
        faq::{
            category::{self, Category},
            former_slug::{self, FormerSlug},
            item::LiveItem,
        },
        link::addresses,
        media::sources,
    },
    state::{app_state::App, page_lists::PageLists},
    text::{
        fold::fold,
        ids::Ids,
        limit, link,
        markdown::{
            self, HeadingContext, embedded::EmbeddedParts, known::KnownTargets, links::LinkAddresses,
            media::MediaSources,
        },
    },
};

/// Most characters of a filter that count.
const FILTER_MAX: usize = 100;
/// Most characters of an answer in words.
const ANSWER: usize = 2000;

/// What is asked for of the items of a page.
#[derive(Clone, Copy, Default)]
pub(crate) struct ItemsQuery<'a> {
    /// Words that visitors must see in them; may be empty.
    pub(super) filter: &'a str,
    /// On a page of practice questions: reasons that cannot be shown are not rendered.
    pub(super) practice: Option<&'a PracticeQuery>,
}

/// The questions as the template draws them.
#[derive(Default, Serialize)]
pub(crate) struct Questions {
    pub(crate) categories: Vec<CategoryView>,
    pub(crate) matches: usize,
    pub(crate) total: usize,
    /// How many characters of the filter count, when it has more; 0 otherwise.
    pub(crate) only: usize,
    /// What was here and is on another page now.
    pub(crate) moved: Vec<MovedItem>,
}

#[derive(Serialize)]
pub(crate) struct MovedItem {
    slug: String,
    title: String,
    href: String,
}

impl Questions {
    /// About how many bytes they take on a page.
    pub(crate) fn size(&self) -> usize {
        self.categories.iter().flat_map(|category| &category.items).map(|item| item.answer_html.len()).sum()
    }
}

#[derive(Serialize)]
pub(crate) struct CategoryView {
    #[serde(skip)]
    category_id: i64,
    pub(super) slug: String,
    id: String,
    /// Ids that it had before.
    former: Vec<String>,
    pub(super) title: String,
    pub(super) items: Vec<Question>,
}

#[derive(Serialize)]
pub(crate) struct Question {
    pub(super) slug: String,
    #[serde(flatten)]
    extra: QuestionExtra,
    pub(super) title: String,
    pub(super) choice: MultipleChoice,
    answer_html: String,
    /// The answer for machines.
    #[serde(skip)]
    pub(super) answer_words: String,
}

impl Question {
    /// For pages that show its options by themselves.
    pub(super) fn leave_choice_out_of_facts(&mut self) {
        self.extra.typed.facts.retain(|fact| !multiple_choice::shows(&fact.key));
    }
}

/// What belongs to a question besides its text.
#[derive(Default, Serialize)]
struct QuestionExtra {
    /// Whether it is open at first, because the page is drawn for it.
    is_open: bool,
    former: Vec<String>,
    /// Public values without a column of their own, by their keys.
    fields: BTreeMap<String, String>,
    /// What it shows of the fields of its type.
    typed: TypedFields,
}

/// The live items of a page that `query` asks for. Takes their ids.
pub(crate) async fn questions(
    lists: PageLists<'_>,
    page_id: i64,
    query: ItemsQuery<'_>,
    ids: &mut Ids,
) -> Result<Questions> {
    let app = lists.app;
    let items = lists.questions(page_id).await?;
    for item in &items {
        ids.reserve(&item.current_slug);
    }
    let (mut extra, moved) = former_slugs(app, page_id, ids).await?;
    let links = answer_links(lists, page_id, &items).await?;
    for (id, typed) in typed_fields::of_questions(app, &items, &links, ids).await? {
        extra.entry(id).or_default().typed = typed;
    }
    for item in &items {
        let content = &item.revision.content;
        let values = content.public_values(&app.rules.fields.of(DocumentKind::FaqItem, &content.document_type));
        if !values.is_empty() {
            extra.entry(item.revision.document_id).or_default().fields = values;
        }
    }
    if let Some(id) = lists.shown_question() {
        extra.entry(id).or_default().is_open = true;
    }
    let counted: String = query.filter.chars().take(FILTER_MAX).collect();
    let words: Vec<String> = counted.split_whitespace().map(fold).collect();
    let all = category::on(app.read(), page_id).await?;
    let former = category::former_slugs(app.read(), page_id).await?;
    let answers: Vec<&str> = items.iter().map(|item| item.revision.content.body.as_str()).collect();
    let media = sources::of(app.read(), &answers).await?;
    let facts = facts_by_item(app, &items, &links).await?;
    let around = ((&media, &links, &facts), &mut extra);
    let mut categories =
        app.rendering.run_large(|| group_by_category(all, &items, (&words, query.practice), around, ids)).await?;
    keep_former_ids(&mut categories, &former, ids);
    let matches = categories.iter().map(|category| category.items.len()).sum();
    Ok(Questions { categories, matches, total: items.len(), only: limit::cut_at(query.filter, FILTER_MAX), moved })
}

/// What is known of what all answers name; their links by document and revision, what they show of others by document.
type KnownOfAll<'a> = (&'a MediaSources, &'a HashMap<(i64, i64), LinkAddresses>, &'a HashMap<i64, EmbeddedParts>);

/// Values of fields of others that answers show, by document.
async fn facts_by_item(
    app: &App,
    items: &[LiveItem],
    links: &HashMap<(i64, i64), LinkAddresses>,
) -> Result<HashMap<i64, EmbeddedParts>> {
    let (none, mut facts) = (LinkAddresses::default(), HashMap::new());
    for Revision { id, document_id, content, .. } in items.iter().map(|item| &item.revision) {
        let links = links.get(&(*document_id, *id)).unwrap_or(&none);
        facts.insert(*document_id, embedded::find_facts(app, &content.body, links).await?);
    }
    Ok(facts)
}

async fn answer_links(
    lists: PageLists<'_>,
    page_id: i64,
    items: &[LiveItem],
) -> Result<HashMap<(i64, i64), LinkAddresses>> {
    let (db, origin) = (lists.app.read(), lists.app.config.origin());
    let may_link = |content: &Content| !content.document_type.is_empty() || link::may_be_in(&content.body);
    if !items.iter().any(|item| may_link(&item.revision.content)) {
        return Ok(HashMap::new());
    }
    let mut links = addresses::of_items(db, &origin, page_id).await?;
    // It may be any version.
    let shown = items.iter().map(|item| &item.revision).find(|shown| lists.shown_question() == Some(shown.document_id));
    if let Some(shown) = shown {
        links.insert((shown.document_id, shown.id), addresses::of(db, &origin, shown).await?);
    }
    Ok(links)
}

fn group_by_category(
    all: Vec<Category>,
    items: &[LiveItem],
    (words, practice): (&[String], Option<&PracticeQuery>),
    (known, extra): (KnownOfAll<'_>, &mut HashMap<i64, QuestionExtra>),
    ids: &mut Ids,
) -> Vec<CategoryView> {
    let mut categories = Vec::new();
    for category in all {
        let shown = items.iter().filter(|item| item.category == category.id && fits(item, words));
        let draws = |slug: &str| practice.is_none_or(|query| query.may_show_reason(&category.slug, slug));
        let draw = |item: &LiveItem| question(item, draws(&item.current_slug).then_some(known), extra, ids);
        let shown: Vec<Question> = shown.map(draw).collect();
        if !shown.is_empty() {
            categories.push(category_view(category, shown, ids));
        }
    }
    categories
}

/// The former ids of categories, where nothing has them now.
fn keep_former_ids(categories: &mut [CategoryView], former: &[(String, i64)], ids: &mut Ids) {
    for (slug, id) in former {
        let name = id_of(slug);
        let category = categories.iter_mut().find(|category| category.category_id == *id);
        if let Some(category) = category.filter(|_| ids.reserve(&name)) {
            category.former.push(name);
        }
    }
}

fn id_of(slug: &str) -> String {
    format!("{}{slug}", category::ID_PREFIX)
}

/// The slugs that no item of the page has now: by document, and of those that are elsewhere.
async fn former_slugs(app: &App, page_id: i64, ids: &mut Ids) -> Result<(HashMap<i64, QuestionExtra>, Vec<MovedItem>)> {
    let (mut former, mut moved): (HashMap<i64, QuestionExtra>, _) = (HashMap::new(), Vec::new());
    for FormerSlug { slug, document_id, title, elsewhere } in former_slug::former_slugs(app.read(), page_id).await? {
        match elsewhere {
            _ if !ids.reserve(&slug) => {}
            Some(href) => moved.push(MovedItem { slug, title, href }),
            None => former.entry(document_id).or_default().former.push(slug),
        }
    }
    Ok((former, moved))
}

fn fits(item: &LiveItem, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    let content = &item.revision.content;
    let text = fold(&format!("{} {}", content.title, markdown::plain(&content.body, BODY_MAX)));
    words.iter().all(|word| text.contains(word.as_str()))
}

/// Without `known` its answer is left out.
fn question(
    item: &LiveItem,
    known: Option<KnownOfAll<'_>>,
    extra: &mut HashMap<i64, QuestionExtra>,
    ids: &mut Ids,
) -> Question {
    let content = &item.revision.content;
    Question {
        slug: item.current_slug.clone(),
        extra: extra.remove(&item.revision.document_id).unwrap_or_default(),
        title: content.title.clone(),
        choice: MultipleChoice::of(content),
        answer_html: known.map(|known| answer_html(item, known, ids)).unwrap_or_default(),
        answer_words: known.map(|_| markdown::plain(&content.body, ANSWER)).unwrap_or_default(),
    }
}

fn answer_html(item: &LiveItem, (media, links, facts): KnownOfAll<'_>, ids: &mut Ids) -> String {
    let revision = &item.revision;
    let links = links.get(&(revision.document_id, revision.id));
    let embedded = facts.get(&revision.document_id);
    let known = KnownTargets { media: Some(media), links, embedded, ..KnownTargets::default() };
    markdown::render_among(&revision.content.body, HeadingContext::Part(&item.current_slug), known, ids).html
}

fn category_view(category: Category, items: Vec<Question>, ids: &mut Ids) -> CategoryView {
    let id = ids.take(&id_of(&category.slug));
    CategoryView { category_id: category.id, slug: category.slug, id, former: Vec::new(), title: category.title, items }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    Questions { categories, matches, total, only, moved }
    MovedItem { slug, title, href }
    CategoryView { category_id, slug, id, former, title, items }
    Question { slug, extra, title, choice, answer_html, answer_words }
    QuestionExtra { is_open, former, fields, typed }
}
