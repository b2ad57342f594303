//! The one rendering of a public page: from a revision to HTML, for visitors, previews and old versions alike.

use axum::response::Html;
use jiff::civil::Date;
use serde::Serialize;

use super::{problems::Choice, problems::Problems, state::App};
use crate::{
    error::Result,
    model::{
        faq,
        page::{
            address::HOME,
            public::{self, Entry},
        },
        publishing,
        revision::{Layout, Menu, Revision},
        settings::Settings,
    },
    text::{
        markdown::{self, Heading, Place},
        time::long_date,
    },
};

/// How many changes the control block lists.
const CHANGES: i64 = 20;
/// Deepest level of clauses that an outline shows below its page.
const OUTLINE_DEPTH: usize = 3;

/// What surrounds every public page.
#[derive(Debug, Serialize)]
pub struct SiteView {
    name: String,
    tagline: String,
    footer_html: String,
    contact_address: String,
    menu: Vec<Link>,
    legal: Vec<Link>,
}

/// A link in a menu.
#[derive(Debug, Serialize)]
pub struct Link {
    label: String,
    path: String,
    current: bool,
}

/// What stands in the head of the document.
#[derive(Debug, Default, Serialize)]
pub struct PageHead {
    title: String,
    description: String,
    canonical: String,
    path: String,
    preview: bool,
    robots: &'static str,
}

impl PageHead {
    /// A page that search engines shall not keep.
    #[must_use]
    pub fn unlisted(title: &str) -> Self {
        Self { title: title.to_owned(), robots: "noindex", ..Self::default() }
    }
}

/// Name, menu and foot of the site, with the entry marked that `path` belongs to.
pub async fn site(app: &App, path: &str) -> Result<SiteView> {
    let settings = Settings::load(app.read()).await?;
    let top = public::children(app.read(), None).await?;
    let list = |menu: Menu| {
        top.iter()
            .filter(|entry| entry.menu == menu)
            .map(|entry| Link {
                label: entry.label().to_owned(),
                path: entry.path.clone(),
                current: path == entry.path || path.starts_with(&format!("{}/", entry.path)),
            })
            .collect()
    };
    Ok(SiteView {
        menu: list(Menu::Main),
        legal: list(Menu::Footer),
        footer_html: markdown::render(&settings.footer, Place::Part("foot")).html,
        name: settings.site_name,
        tagline: settings.tagline,
        contact_address: settings.contact_address,
    })
}

/// What to render.
pub struct Subject {
    /// Address of the page.
    pub path: String,
    /// The page above.
    pub parent_id: Option<i64>,
    /// The version to show.
    pub revision: Revision,
    /// Not what visitors see.
    pub preview: bool,
}

/// What only some layouts show.
#[derive(Default)]
pub struct Extras {
    /// What the questions are filtered by.
    pub filter: String,
    /// The contact form.
    pub contact: ContactView,
}

/// The contact form as the template draws it.
#[derive(Debug, Default, Serialize)]
pub struct ContactView {
    /// What was typed.
    pub form: ContactForm,
    /// What is wrong with it.
    pub errors: Problems,
    /// What it can be about.
    pub topics: Vec<Choice>,
    /// The reference of the message that was just sent.
    pub sent: Option<Sent>,
}

/// What a visitor typed. `website` is the trap for robots.
#[derive(Debug, Default, Clone, Serialize, serde::Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields of the form")]
pub struct ContactForm {
    pub topic: String,
    pub name: String,
    pub email: String,
    pub role: String,
    pub country: String,
    pub body: String,
    pub consent: String,
    pub stamp: String,
    pub website: String,
}

/// A message that was received.
#[derive(Debug, Serialize)]
pub struct Sent {
    /// What to quote.
    pub reference: String,
}

#[derive(Serialize)]
struct PageContext<'a> {
    site: SiteView,
    page: Body,
    breadcrumbs: Vec<Link>,
    section: Option<Node>,
    children: Vec<Child>,
    previous: Option<Neighbour>,
    next: Option<Neighbour>,
    control: Option<Control>,
    categories: Vec<CategoryView>,
    filter: &'a str,
    matches: usize,
    total: usize,
    #[serde(flatten)]
    contact: &'a ContactView,
}

#[derive(Serialize)]
struct Body {
    #[serde(flatten)]
    head: PageHead,
    number: String,
    summary: String,
    body_html: String,
    layout: &'static str,
    headings: Vec<Heading>,
}

#[derive(Serialize)]
struct Node {
    label: String,
    number: String,
    path: String,
    current: bool,
    open: bool,
    items: Vec<Node>,
}

#[derive(Serialize)]
struct Child {
    title: String,
    label: String,
    number: String,
    summary: String,
    path: String,
    children: Vec<Child>,
}

#[derive(Serialize)]
struct Neighbour {
    title: String,
    number: String,
    path: String,
}

#[derive(Serialize)]
struct Control {
    document: String,
    version: i64,
    owner: String,
    approved_by: String,
    published: String,
    published_iso: String,
    review_by: String,
    overdue: bool,
    address: String,
    changes: Vec<Change>,
}

#[derive(Serialize)]
struct Change {
    version: i64,
    date: String,
    date_iso: String,
    note: String,
    by: String,
}

#[derive(Serialize)]
struct CategoryView {
    title: String,
    slug: String,
    items: Vec<Question>,
}

#[derive(Serialize)]
struct Question {
    anchor: String,
    question: String,
    answer_html: String,
}

/// Renders a page with everything around it.
pub async fn render(app: &App, subject: &Subject, extras: &Extras) -> Result<Html<String>> {
    let content = &subject.revision.content;
    let site = site(app, &subject.path).await?;
    let ancestors = public::ancestors(app.read(), subject.parent_id).await?;
    let body = markdown::render(&content.body, Place::Page);
    let children = match content.layout {
        Layout::Section | Layout::Path => children(app, subject.revision.document_id, 1).await?,
        Layout::Outline => children(app, subject.revision.document_id, OUTLINE_DEPTH).await?,
        _ => Vec::new(),
    };
    let (categories, matches, total) =
        if content.layout == Layout::Faq { questions(app, &extras.filter).await? } else { (Vec::new(), 0, 0) };
    let (previous, next) = neighbours(app, subject).await?;
    let context = PageContext {
        section: section(app, subject, &ancestors).await?,
        breadcrumbs: breadcrumbs(&subject.path, &ancestors),
        control: control(app, subject).await?,
        page: Body {
            head: head(app, subject),
            number: content.number.clone(),
            summary: content.summary.clone(),
            body_html: body.html,
            layout: content.layout.as_str(),
            headings: body.headings,
        },
        site,
        children,
        previous,
        next,
        categories,
        filter: &extras.filter,
        matches,
        total,
        contact: &extras.contact,
    };
    app.templates.render(&format!("site/{}.html", content.layout.as_str()), &context)
}

fn head(app: &App, subject: &Subject) -> PageHead {
    let content = &subject.revision.content;
    let description =
        if content.summary.is_empty() { markdown::plain(&content.body, 160) } else { content.summary.clone() };
    PageHead {
        title: content.title.clone(),
        description,
        canonical: format!("{}{}", app.config.origin(), subject.path),
        path: subject.path.clone(),
        preview: subject.preview,
        robots: if subject.preview { "noindex" } else { "" },
    }
}

fn breadcrumbs(path: &str, ancestors: &[Entry]) -> Vec<Link> {
    if path == HOME {
        return Vec::new();
    }
    let home = Link { label: "Home".to_owned(), path: HOME.to_owned(), current: false };
    let above = ancestors.iter().map(|entry| Link {
        label: entry.label().to_owned(),
        path: entry.path.clone(),
        current: false,
    });
    std::iter::once(home).chain(above).collect()
}

async fn children(app: &App, id: i64, depth: usize) -> Result<Vec<Child>> {
    let mut children = Vec::new();
    for entry in public::children(app.read(), Some(id)).await?.into_iter().filter(|e| e.menu != Menu::Hidden) {
        let below = if depth > 1 { Box::pin(children_of(app, entry.id, depth - 1)).await? } else { Vec::new() };
        children.push(Child {
            label: entry.label().to_owned(),
            title: entry.title,
            number: entry.number,
            summary: entry.summary,
            path: entry.path,
            children: below,
        });
    }
    Ok(children)
}

async fn children_of(app: &App, id: i64, depth: usize) -> Result<Vec<Child>> {
    children(app, id, depth).await
}

/// The navigation of the section a page belongs to, opened along the way to it.
async fn section(app: &App, subject: &Subject, ancestors: &[Entry]) -> Result<Option<Node>> {
    let content = &subject.revision.content;
    let id = subject.revision.document_id;
    let mut way: Vec<(i64, Node)> =
        ancestors.iter().map(|entry| (entry.id, node(entry.label(), &entry.number, &entry.path))).collect();
    way.push((id, Node { current: true, ..node(content.label(), &content.number, &subject.path) }));
    let ids: Vec<i64> = way.iter().map(|(id, _)| *id).collect();
    // From the innermost outwards: each level takes up the one below it.
    let mut inner: Option<(i64, Node)> = None;
    for ((id, mut level), open) in way.into_iter().zip(&ids).rev() {
        for entry in public::children(app.read(), Some(*open)).await?.into_iter().filter(|e| e.menu != Menu::Hidden) {
            let taken = inner.take_if(|(inner_id, _)| *inner_id == entry.id).map(|(_, node)| node);
            level.items.push(taken.unwrap_or_else(|| node(entry.label(), &entry.number, &entry.path)));
        }
        level.open = true;
        inner = Some((id, level));
    }
    Ok(inner.map(|(_, node)| node).filter(|node| !node.items.is_empty()))
}

fn node(label: &str, number: &str, path: &str) -> Node {
    Node {
        label: label.to_owned(),
        number: number.to_owned(),
        path: path.to_owned(),
        current: false,
        open: false,
        items: Vec::new(),
    }
}

/// Previous and next page in reading order: a page, then what is below it, then its next sibling.
async fn neighbours(app: &App, subject: &Subject) -> Result<(Option<Neighbour>, Option<Neighbour>)> {
    if subject.path == HOME || subject.parent_id.is_none() && subject.revision.content.menu != Menu::Main {
        return Ok((None, None));
    }
    let before = before(app, subject).await?;
    let after = after(app, subject).await?;
    Ok((before.map(neighbour), after.map(neighbour)))
}

fn neighbour(entry: Entry) -> Neighbour {
    Neighbour { title: entry.title, number: entry.number, path: entry.path }
}

async fn before(app: &App, subject: &Subject) -> Result<Option<Entry>> {
    let Some(parent) = subject.parent_id else { return Ok(None) };
    let siblings = public::children(app.read(), Some(parent)).await?;
    let place = siblings.iter().position(|entry| entry.id == subject.revision.document_id).unwrap_or(0);
    let Some(mut last) = place.checked_sub(1).and_then(|place| siblings.into_iter().nth(place)) else {
        return public::entry(app.read(), parent).await;
    };
    while let Some(below) = public::children(app.read(), Some(last.id)).await?.pop() {
        last = below;
    }
    Ok(Some(last))
}

async fn after(app: &App, subject: &Subject) -> Result<Option<Entry>> {
    let mut id = subject.revision.document_id;
    if let Some(first) = public::children(app.read(), Some(id)).await?.into_iter().next() {
        return Ok(Some(first));
    }
    let mut parent = subject.parent_id;
    while let Some(above) = parent {
        let siblings = public::children(app.read(), Some(above)).await?;
        if let Some(next) = siblings.into_iter().skip_while(|entry| entry.id != id).nth(1) {
            return Ok(Some(next));
        }
        id = above;
        parent = public::entry(app.read(), above).await?.and_then(|entry| entry.parent_id);
    }
    Ok(None)
}

/// The document-control block: what is shown with pride at the foot of every page.
async fn control(app: &App, subject: &Subject) -> Result<Option<Control>> {
    let revision = &subject.revision;
    let zone = Settings::load(app.read()).await?.zone();
    let publications = publishing::publications(app.read(), revision.document_id, CHANGES).await?;
    let current = publications.iter().find(|publication| publication.version == revision.version);
    let (published, by) = match current {
        Some(publication) if !subject.preview => (publication.published_at, publication.publisher_name.clone()),
        _ => (revision.created_at, String::new()),
    };
    let approver = current.map(|publication| publication.approver_name.clone()).filter(|name| !name.is_empty());
    let review = revision.content.review_by.as_deref().and_then(|day| day.parse::<Date>().ok());
    Ok(Some(Control {
        document: format!("P-{}", revision.document_id),
        version: revision.version,
        owner: revision.content.owner.clone(),
        approved_by: approver.unwrap_or(by),
        published: long_date(published.date(&zone)),
        published_iso: published.iso(),
        review_by: review.map(long_date).unwrap_or_default(),
        overdue: review.is_some_and(|day| day < app.now().date(&zone)),
        address: format!("{}{}", app.config.origin(), subject.path),
        changes: publications
            .iter()
            .map(|publication| Change {
                version: publication.version,
                date: long_date(publication.published_at.date(&zone)),
                date_iso: publication.published_at.iso(),
                note: publication.note.clone(),
                by: publication.publisher_name.clone(),
            })
            .collect(),
    }))
}

/// The live questions whose text contains every word of `filter`; how many those are, and how many there are.
async fn questions(app: &App, filter: &str) -> Result<(Vec<CategoryView>, usize, usize)> {
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
                question: item.revision.content.title.clone(),
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
