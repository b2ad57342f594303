//! The one rendering of a public page: from a revision to HTML, for visitors, previews and old versions alike.

use std::{collections::BTreeMap, time::Instant};

use axum::response::Html;
use serde::Serialize;

use super::{
    contact_view::ContactView,
    document_control::{DocumentControl, document_control},
    drawing::{drawing, picture::DrawingView},
    embedded::embedded,
    machine_head::{PageParts, machine_head},
    navigation::{self, Ancestry, Child, Neighbour, SectionNav},
    page_file::PageFile,
    practice::{Practice, practice},
    practice_query::PracticeQuery,
    questions::{ItemsQuery, Questions, questions},
    render_input::RenderInput,
    site_view::{self, NavLink, PageHead, SiteView},
    typed_fields::{FieldText, TypedFields, typed_fields},
};
use crate::{
    error::Result,
    model::{
        document::{
            choices::Layout, content::Content, fields::DocumentFields, keys, kind::DocumentKind, revision::Revision,
            types,
        },
        link::addresses,
        media::sources,
        opening::PLACEHOLDER,
    },
    state::{app_state::App, draft_site::DraftSite, page_lists::PageLists},
    text::{
        ids::Ids,
        markdown::{
            self, HeadingContext, Rendered, heading::Heading, known::KnownTargets, media::MediaSources,
            table_files::TableFiles,
        },
    },
};

/// Deepest level of clauses that an outline shows below its page.
const OUTLINE_DEPTH: usize = 3;
/// Most characters of a description that is taken from the text.
const DESCRIPTION: usize = 160;

/// What only some layouts show.
#[derive(Default)]
pub struct RenderOptions {
    pub(crate) filter: String,
    /// What the address of a page with practice questions asks for.
    pub(crate) practice: PracticeQuery,
    /// None shows an empty form, where there is one.
    pub(crate) contact: Option<ContactView>,
    /// Whether each block of the text says which lines it was made from, for the preview beside a form.
    pub(crate) with_lines: bool,
    /// Whose drafts the site is shown with; none for what visitors see.
    pub(crate) drafts: Option<DraftSite>,
    /// A version of an item that its page shows in its place, open.
    pub(crate) question: Option<Revision>,
}

#[derive(Serialize)]
struct PageContext<'a> {
    site: SiteView,
    page: Body,
    breadcrumbs: Vec<NavLink>,
    section: Option<SectionNav>,
    drawing: Option<DrawingView>,
    children: Vec<Child>,
    previous: Option<Neighbour>,
    next: Option<Neighbour>,
    control: Option<DocumentControl>,
    #[serde(flatten)]
    questions: Questions,
    practice: Practice,
    filter: &'a str,
    #[serde(flatten)]
    contact: Option<&'a ContactView>,
}

#[derive(Serialize)]
struct Body {
    #[serde(flatten)]
    head: PageHead,
    number: String,
    summary: String,
    #[serde(rename = "body_html")]
    html: String,
    layout: &'static str,
    headings: Vec<Heading>,
    /// Public values without a column of their own, by their keys.
    fields: BTreeMap<String, String>,
    /// What it shows of the fields of its type.
    #[serde(flatten)]
    typed: TypedFields,
}

/// Renders a page with everything around it.
pub async fn render(app: &App, input: &RenderInput, options: &RenderOptions) -> Result<Html<String>> {
    let begun = Instant::now();
    let content = &input.revision.content;
    let lists = PageLists::of(app, options.drafts.as_ref(), options.question.as_ref());
    let surroundings = site_view::site_with(lists, &input.path).await?;
    let ancestry = Ancestry::to(lists, input).await?;
    let mut ids = Ids::default();
    let mut questions = items(lists, input, options, &mut ids).await?;
    let (body, media) = body(lists, input, options, &mut ids).await?;
    let typed = typed_fields(app, &input.revision, &fields_of(app, input).await?, &mut ids).await?;
    let own = (input.revision.document_id, input.path.as_str());
    let children = children(lists, content.layout, own).await?;
    let empty = (content.layout == Layout::Contact && options.contact.is_none()).then(ContactView::default);
    let contact = options.contact.as_ref().or(empty.as_ref());
    let size = body.html.len() + questions.size() + typed.size();
    let practice = practice_on(content.layout, &mut questions, options);
    let (previous, next) =
        if practice.is_overview() { navigation::neighbours(lists, input, &ancestry).await? } else { (None, None) };
    let breadcrumbs = navigation::breadcrumbs(&input.path, &ancestry);
    let mut head = head(app, input, &ancestry).await?;
    practice.name_in(&mut head);
    if !practice.is_passing() {
        let (trail, area) = (&breadcrumbs[..], practice.area_title());
        let parts = PageParts { head: &head, trail, ancestry: &ancestry, questions: &questions, area, media: &media };
        head.machines = machine_head(app, input, parts).await?;
    }
    let view = PageContext {
        section: navigation::section(input, &ancestry),
        breadcrumbs,
        control: document_control(app, input, &surroundings.zone).await?,
        page: body_view(app, content, head, (body, typed)),
        site: surroundings,
        drawing: drawing(lists, content, own).await?,
        children,
        previous,
        next,
        questions,
        practice,
        filter: &options.filter,
        contact,
    };
    let template = format!("site/{}.html", content.layout.as_str());
    let html = app.rendering.run(size, || app.templates.render(&template, &view)).await?;
    app.render_time.add_since(begun);
    html
}

/// Its fields; those of a version that is cited are as they were.
async fn fields_of(app: &App, input: &RenderInput) -> Result<DocumentFields> {
    let of_type = (DocumentKind::Page, input.revision.content.document_type.as_str());
    if input.notice.is_some() {
        return types::fields_then(app.read(), &app.rules.fields, of_type, input.revision.created_at).await;
    }
    Ok(app.rules.fields.of(of_type.0, of_type.1))
}

/// The items that the page shows by its layout.
async fn items(lists: PageLists<'_>, input: &RenderInput, options: &RenderOptions, ids: &mut Ids) -> Result<Questions> {
    if !input.revision.content.layout.is_collection() {
        return Ok(Questions::default());
    }
    let is_practice = input.revision.content.layout == Layout::Practice;
    let query = ItemsQuery { filter: &options.filter, practice: is_practice.then_some(&options.practice) };
    questions(lists, input.revision.document_id, query, ids).await
}

/// What is practised on a page with this layout.
fn practice_on(layout: Layout, questions: &mut Questions, options: &RenderOptions) -> Practice {
    if layout == Layout::Practice { practice(questions, &options.practice) } else { Practice::default() }
}

fn body_view(app: &App, content: &Content, head: PageHead, (body, typed): (Rendered, TypedFields)) -> Body {
    let of_section = |one: &FieldText| Heading { level: 2, id: one.id.clone(), text: one.label.clone() };
    let headings = body.headings.into_iter().chain(typed.sections.iter().map(of_section)).collect();
    Body {
        head,
        number: content.clause_number.clone(),
        summary: content.summary.clone(),
        html: body.html,
        layout: content.layout.as_str(),
        headings,
        fields: content.public_values(&app.rules.fields.of(DocumentKind::Page, &content.document_type)),
        typed,
    }
}

/// What a page with this layout lists of the pages below it.
pub(crate) async fn children(lists: PageLists<'_>, layout: Layout, own: (i64, &str)) -> Result<Vec<Child>> {
    match layout {
        Layout::Section | Layout::Path => navigation::children(lists, own, 1).await,
        Layout::Outline => navigation::children(lists, own, OUTLINE_DEPTH).await,
        _ => Ok(Vec::new()),
    }
}

/// The text, and what it shows of the media library.
async fn body(
    lists: PageLists<'_>,
    RenderInput { revision, path, preview, notice, .. }: &RenderInput,
    options: &RenderOptions,
    ids: &mut Ids,
) -> Result<(Rendered, MediaSources)> {
    let (app, own) = (lists.app, (revision.document_id, path.as_str()));
    let text = revision.content.body.as_str();
    let media = sources::of(app.read(), &[text]).await?;
    let links = addresses::of(app.read(), &app.config.origin(), revision).await?;
    let embedded = embedded(lists, own, text, &links, ids).await?;
    let terms = app.glossary.get(app.read()).await?;
    let links_terms = revision.content.layout != Layout::Glossary && revision.content.value(keys::PLAIN_TERMS) != "yes";
    // The files hold what visitors see now.
    let is_live = preview.is_empty() && notice.is_none() && options.drafts.is_none();
    let tables = is_live.then_some(TableFiles { page: path, address: |page, number| PageFile::Table(number).of(page) });
    let known = KnownTargets {
        media: Some(&media),
        links: Some(&links),
        embedded: Some(&embedded),
        tables,
        glossary: (*terms).as_ref().filter(|_| links_terms),
    };
    let quick =
        if options.with_lines { None } else { markdown::render_quickly(text, HeadingContext::Page, known, ids) };
    let body = match quick {
        Some(body) => body,
        None if options.with_lines => {
            app.rendering.run_large(|| markdown::render_with_lines(text, HeadingContext::Page, known, ids)).await?
        }
        None => app.rendering.run_large(|| markdown::render_among(text, HeadingContext::Page, known, ids)).await?,
    };
    Ok((body, media))
}

/// The ids on a page, except those of the templates.
pub(crate) async fn ids(app: &App, page_id: i64, content: &Content) -> Result<Ids> {
    let mut ids = Ids::default();
    if content.layout.is_collection() {
        questions(PageLists::live(app), page_id, ItemsQuery::default(), &mut ids).await?;
    }
    let known = KnownTargets::default();
    app.rendering
        .run(content.body.len(), || markdown::render_among(&content.body, HeadingContext::Page, known, &mut ids))
        .await?;
    Ok(ids)
}

async fn head(app: &App, input: &RenderInput, ancestry: &Ancestry) -> Result<PageHead> {
    let content = &input.revision.content;
    let description = if !content.summary.is_empty() {
        content.summary.clone()
    } else if let Some(words) = markdown::plain_quickly(&content.body, DESCRIPTION) {
        words
    } else {
        app.rendering.run_large(|| markdown::plain(&content.body, DESCRIPTION)).await?
    };
    let is_hidden = !input.preview.is_empty() || input.notice.is_some();
    Ok(PageHead {
        title: content.title.clone(),
        head_title: navigation::head_title(PageLists::live(app), content, ancestry).await?,
        description,
        canonical: format!("{}{}", app.config.origin(), input.path),
        path: input.path.clone(),
        preview: input.preview.clone(),
        preview_of: input.preview_of.clone(),
        notice: input.notice.clone(),
        robots: if is_hidden || content.body.contains(PLACEHOLDER) { "noindex" } else { "" },
        machines: None,
    })
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples = &[
    ("site/article.html", crate::state::template_samples::view::<PageContext<'static>>),
    ("site/contact.html", sample_with_form),
    ("site/faq.html", crate::state::template_samples::view::<PageContext<'static>>),
    ("site/glossary.html", crate::state::template_samples::view::<PageContext<'static>>),
    ("site/home.html", crate::state::template_samples::view::<PageContext<'static>>),
    ("site/outline.html", crate::state::template_samples::view::<PageContext<'static>>),
    ("site/path.html", crate::state::template_samples::view::<PageContext<'static>>),
    ("site/practice.html", crate::state::template_samples::view::<PageContext<'static>>),
    ("site/section.html", crate::state::template_samples::view::<PageContext<'static>>),
];

#[cfg(test)]
crate::state::template_samples::sampled! {
    PageContext<'static> { site, page, breadcrumbs, section, drawing, children, previous, next, control, questions, practice, filter, contact }
    Body { head, number, summary, html, layout, headings, fields, typed }
}

/// A sample of a page whose layout has the contact form.
#[cfg(test)]
fn sample_with_form(random: &mut crate::state::template_samples::Random) -> serde_json::Value {
    use crate::state::template_samples::Sample;
    let contact = Some(Sample::sample(random));
    serde_json::to_value(PageContext { contact, ..PageContext::sample(random) }).unwrap()
}
