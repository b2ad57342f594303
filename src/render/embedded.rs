//! What containers of a text show of other documents, looked up before it is drawn.

use std::collections::HashMap;

use url::Url;

use super::navigation;
use crate::{
    error::Result,
    model::{
        document::{content::numbered, fact, kind::DocumentKind},
        faq::{collection, item::LiveItem},
        link::addresses,
        media::sources,
        page::{
            labelled,
            path::HOME,
            public::{self, Card, LivePage},
        },
    },
    state::{app_state::App, page_lists::PageLists},
    text::{
        ids::Ids,
        link::{Destination, resolve},
        markdown::{
            self, HeadingContext,
            embedded::{EmbeddedPage, EmbeddedParts, EmbeddedQuestion},
            embedded_targets::{FACT, targets},
            known::KnownTargets,
            links::LinkAddresses,
        },
    },
};

/// What the text of a page, given by its id and path, shows of others. `links` says where its links lead now.
pub(super) async fn embedded(
    lists: PageLists<'_>,
    own: (i64, &str),
    text: &str,
    links: &LinkAddresses,
    ids: &mut Ids,
) -> Result<EmbeddedParts> {
    let targets = lists.app.rendering.run(text.len(), || targets(text)).await?;
    let pages = if targets.has_pages { pages(lists, own).await? } else { Vec::new() };
    let mut with_label = HashMap::new();
    for label in targets.labels {
        let pages = labelled::pages(lists.app.read(), &label).await?;
        let others = pages.into_iter().filter(|card| card.entry.id != own.0);
        with_label.insert(label, others.map(card_page).collect());
    }
    let (mut questions, mut read) = (HashMap::new(), HashMap::new());
    for url in targets.questions {
        if let Some(question) = question((lists, own.1), links, &url, (&mut read, &mut *ids)).await? {
            questions.insert(url, question);
        }
    }
    let facts = look_up_facts(lists.app, own.1, targets.facts, links).await?;
    Ok(EmbeddedParts { pages, labelled: with_label, questions, facts })
}

/// What a text shows of others that shows no more than values of their fields, such as an answer.
pub(super) async fn find_facts(app: &App, text: &str, links: &LinkAddresses) -> Result<EmbeddedParts> {
    if !text.contains(FACT) {
        return Ok(EmbeddedParts::default());
    }
    let targets = app.rendering.run(text.len(), || targets(text)).await?;
    Ok(EmbeddedParts { facts: look_up_facts(app, HOME, targets.facts, links).await?, ..EmbeddedParts::default() })
}

/// What the fields say now that the links `urls` of the page at `path` name.
async fn look_up_facts(
    app: &App,
    path: &str,
    urls: Vec<String>,
    links: &LinkAddresses,
) -> Result<HashMap<String, String>> {
    let mut facts = HashMap::new();
    let mut pages: HashMap<String, Option<LivePage>> = HashMap::new();
    for url in urls {
        let now = links.get(&url).map_or(&*url, String::as_str);
        let Some(to) = destination(app, path, now) else { continue };
        if !pages.contains_key(&to.path) {
            pages.insert(to.path.clone(), public::at(app.read(), &to.path).await?);
        }
        let Some(Some(page)) = pages.get(&to.path) else { continue };
        let content = &page.revision.content;
        let fields = app.rules.fields.of(DocumentKind::Page, &content.document_type);
        if let Some(value) = fact::key_in(&to.fragment).and_then(|key| fact::value(&fields, content, key)) {
            facts.insert(url, value);
        }
    }
    Ok(facts)
}

/// Where a link leads from the page at `path`, if that is on this site.
fn destination(app: &App, path: &str, url: &str) -> Option<Destination> {
    let base = Url::parse(&format!("{}{path}", app.config.origin())).ok()?;
    resolve(&base, url).filter(|to| to.origin.is_empty())
}

async fn pages(lists: PageLists<'_>, own: (i64, &str)) -> Result<Vec<EmbeddedPage>> {
    let children = navigation::children(lists, own, 1).await?;
    let page = |child: navigation::Child| EmbeddedPage {
        title: child.numbered_title(),
        path: child.path,
        summary: child.summary,
    };
    Ok(children.into_iter().map(page).collect())
}

fn card_page(card: Card) -> EmbeddedPage {
    let title = numbered(&card.entry.title, &card.entry.clause_number);
    EmbeddedPage { title, path: card.entry.path.into(), summary: card.summary }
}

/// All items that the live page at a path shows.
async fn items_at(lists: PageLists<'_>, path: &str) -> Result<Vec<LiveItem>> {
    match collection::at(lists.app.read(), path).await?.filter(|page| page.live) {
        Some(page) => lists.questions(page.id).await,
        None => Ok(Vec::new()),
    }
}

/// The live item that a link of the page at `path` leads to, with its text; containers within it show nothing of others. `read` keeps
/// the items of each page that was read, by its path.
async fn question(
    (lists, path): (PageLists<'_>, &str),
    links: &LinkAddresses,
    url: &str,
    (read, ids): (&mut HashMap<String, Vec<LiveItem>>, &mut Ids),
) -> Result<Option<EmbeddedQuestion>> {
    let app = lists.app;
    let now = links.get(url).map_or(url, String::as_str);
    let Some(to) = destination(app, path, now).filter(|to| !to.fragment.is_empty()) else { return Ok(None) };
    if !read.contains_key(&to.path) {
        read.insert(to.path.clone(), items_at(lists, &to.path).await?);
    }
    let mut items = read.get(&to.path).into_iter().flatten();
    let Some(item) = items.find(|item| item.current_slug == to.fragment) else { return Ok(None) };
    let content = &item.revision.content;
    let media = sources::of(app.read(), &[&content.body]).await?;
    let links = addresses::of(app.read(), &app.config.origin(), &item.revision).await?;
    let parts = find_facts(app, &content.body, &links).await?;
    let embedded = Some(&parts);
    let known = KnownTargets { media: Some(&media), links: Some(&links), embedded, ..KnownTargets::default() };
    let prefix = ids.take(&item.current_slug);
    let draw = || markdown::render_among(&content.body, HeadingContext::Part(&prefix), known, ids).html;
    let answer_html = app.rendering.run(content.body.len(), draw).await?;
    Ok(Some(EmbeddedQuestion { title: content.title.clone(), answer_html }))
}
