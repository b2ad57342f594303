//! What a page shows of the fields of a document's type: key facts above its text, sections below it. What a value is decides how it
//! is drawn; `templates/macros/field_value.html` draws it. Fields of every document have places of their own in the templates.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use super::embedded;
use crate::{
    error::Result,
    model::{
        document::{
            content::Content,
            field::{Control, Field, FieldPlace},
            fields::DocumentFields,
            kind::DocumentKind,
            linked_text,
            revision::Revision,
            rows,
        },
        faq::item::LiveItem,
        link::addresses,
        media::sources,
        page::public,
    },
    state::app_state::App,
    text::{
        ids::{self, Ids},
        markdown::{self, HeadingContext, known::KnownTargets, links::LinkAddresses, media::MediaSources},
    },
};

/// The public fields of a type that have a value, in the order of the form.
#[derive(Debug, Default, Serialize)]
pub(crate) struct TypedFields {
    pub(crate) facts: Vec<FieldText>,
    pub(crate) sections: Vec<FieldText>,
}

#[derive(Debug, Serialize)]
pub(crate) struct FieldText {
    #[serde(skip)]
    pub(super) key: String,
    /// Of a section: where links lead to it.
    pub(crate) id: String,
    pub(crate) label: String,
    value: ValueView,
}

/// One value; the first of these that is not empty is shown.
#[derive(Debug, Default, Serialize)]
struct ValueView {
    /// Labels of the parts of a list, then its rows, each with a value for each part.
    heads: Vec<String>,
    rows: Vec<Vec<CellView>>,
    /// Safe to insert as it is.
    html: String,
    /// Where a link leads, and whether that is another site.
    href: String,
    is_elsewhere: bool,
    text: String,
}

/// A value in a row.
#[derive(Debug, Default, Serialize)]
struct CellView {
    href: String,
    is_elsewhere: bool,
    text: String,
}

impl TypedFields {
    /// About how many bytes they take on a page.
    #[must_use]
    pub(crate) fn size(&self) -> usize {
        let all = self.facts.iter().chain(&self.sections);
        all.map(|field| field.value.html.len() + field.value.rows.len() * 200 + field.value.text.len()).sum()
    }
}

/// Where the fields of a document are drawn.
#[derive(Debug, Clone, Copy)]
enum Around<'a> {
    Page,
    /// A question, with its slug.
    Question(&'a str),
}

/// What visitors see of a version of a page, whose fields these are. Takes the ids of its sections.
pub(crate) async fn typed_fields(
    app: &App,
    revision: &Revision,
    fields: &DocumentFields,
    ids: &mut Ids,
) -> Result<TypedFields> {
    let content = &revision.content;
    if content.document_type.is_empty() {
        return Ok(TypedFields::default());
    }
    let links = addresses::of(app.read(), &app.config.origin(), revision).await?;
    let known = KnownValues::find(app, &[(fields, content, &links)]).await?;
    Drawing { app, known: &known, links: &links }.fields(fields, content, Around::Page, ids).await
}

/// The same of questions, by the ids of their documents; `all` has where their links lead, by document and revision.
pub(crate) async fn of_questions(
    app: &App,
    items: &[LiveItem],
    all: &HashMap<(i64, i64), LinkAddresses>,
    ids: &mut Ids,
) -> Result<HashMap<i64, TypedFields>> {
    let (none, mut drawn, mut views) = (LinkAddresses::default(), Vec::new(), HashMap::new());
    for item in items.iter().filter(|item| !item.revision.content.document_type.is_empty()) {
        let Revision { id, document_id, content, .. } = &item.revision;
        let fields = app.rules.fields.of(DocumentKind::FaqItem, &content.document_type);
        drawn.push((item, fields, all.get(&(*document_id, *id)).unwrap_or(&none)));
    }
    let asked: Vec<_> = drawn.iter().map(|(item, fields, links)| (fields, &item.revision.content, *links)).collect();
    let known = KnownValues::find(app, &asked).await?;
    for (item, fields, links) in &drawn {
        let drawing = Drawing { app, known: &known, links };
        let around = Around::Question(&item.current_slug);
        let view = drawing.fields(fields, &item.revision.content, around, ids).await?;
        views.insert(item.revision.document_id, view);
    }
    Ok(views)
}

/// What values name, asked once for all that are drawn.
struct KnownValues {
    media: MediaSources,
    /// Titles of the pages that references lead to, by path.
    titles: HashMap<String, String>,
}

impl KnownValues {
    async fn find(app: &App, drawn: &[(&DocumentFields, &Content, &LinkAddresses)]) -> Result<Self> {
        let (mut texts, mut paths) = (Vec::new(), BTreeSet::new());
        for (fields, content, links) in drawn {
            texts.extend(linked_text::of_fields(fields, content));
            for field in fields.all().filter(|field| field.place.is_some()) {
                add_paths(&mut paths, field, content.extra.get(&field.key), links);
            }
        }
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let media = sources::of(app.read(), &texts).await?;
        Ok(Self { media, titles: public::titles(app.read(), &paths).await? })
    }
}

/// Adds the paths that the references of a value lead to.
fn add_paths(paths: &mut BTreeSet<String>, field: &Field, value: &str, links: &LinkAddresses) {
    match &field.control {
        Control::Reference if !value.is_empty() => {
            paths.insert(path_of(address(value, links)).to_owned());
        }
        Control::Rows(parts) => {
            for row in rows::read(value) {
                for part in parts {
                    add_paths(paths, part, row.get(&*part.key).map_or("", String::as_str), links);
                }
            }
        }
        _ => {}
    }
}

/// Where a reference leads now.
fn address<'a>(value: &'a str, links: &'a LinkAddresses) -> &'a str {
    links.get(value).map_or(value, String::as_str)
}

fn path_of(address: &str) -> &str {
    address.split(['#', '?']).next().unwrap_or(address)
}

struct Drawing<'a> {
    app: &'a App,
    known: &'a KnownValues,
    links: &'a LinkAddresses,
}

impl Drawing<'_> {
    async fn fields(
        &self,
        fields: &DocumentFields,
        content: &Content,
        around: Around<'_>,
        ids: &mut Ids,
    ) -> Result<TypedFields> {
        let mut drawn = TypedFields::default();
        for field in fields.all() {
            let value = content.value(&field.key);
            let (Some(place), Some(value)) = (field.place, field.public_value(&value)) else { continue };
            let id = match (place, around) {
                (FieldPlace::Data, _) => continue,
                (FieldPlace::Section, Around::Page) => ids.take(&ids::of_words(&field.label)),
                (FieldPlace::Section, Around::Question(slug)) => {
                    ids.take(&format!("{slug}-{}", ids::of_words(&field.label)))
                }
                (FieldPlace::Fact, _) => String::new(),
            };
            let label = field.label.to_string();
            let Some(value) = self.value(field, value, (around, &id), ids).await? else { continue };
            let list = if place == FieldPlace::Fact { &mut drawn.facts } else { &mut drawn.sections };
            list.push(FieldText { key: field.key.to_string(), id, label, value });
        }
        Ok(drawn)
    }

    /// None for a reference to what visitors cannot see.
    async fn value(
        &self,
        field: &Field,
        value: &str,
        (around, id): (Around<'_>, &str),
        ids: &mut Ids,
    ) -> Result<Option<ValueView>> {
        // What was stored while the field was another is shown as text.
        if !field.can_show(value) {
            return Ok(Some(ValueView { text: value.to_owned(), ..ValueView::default() }));
        }
        Ok(Some(match &field.control {
            Control::Markdown(_) | Control::Media => {
                let prefix = if id.is_empty() { &*field.key } else { id };
                let within = match around {
                    Around::Page => HeadingContext::Section(prefix),
                    Around::Question(_) => HeadingContext::Part(prefix),
                };
                let parts = embedded::find_facts(self.app, value, self.links).await?;
                let (media, links, embedded) = (Some(&self.known.media), Some(self.links), Some(&parts));
                let known = KnownTargets { media, links, embedded, ..KnownTargets::default() };
                let render = || markdown::render_among(value, within, known, ids).html;
                ValueView { html: self.app.rendering.run_large(render).await?, ..ValueView::default() }
            }
            Control::Rows(parts) => {
                let mut drawn = Vec::new();
                for row in rows::read(value) {
                    let mut cells = Vec::new();
                    for part in parts {
                        cells.push(self.cell(part, row.get(&*part.key).map_or("", String::as_str)));
                    }
                    drawn.push(cells);
                }
                let heads = parts.iter().map(|part| part.label.to_string()).collect();
                ValueView { heads, rows: drawn, ..ValueView::default() }
            }
            _ => {
                let CellView { href, is_elsewhere, text } = self.cell(field, value);
                if text.is_empty() {
                    return Ok(None);
                }
                ValueView { href, is_elsewhere, text, ..ValueView::default() }
            }
        }))
    }

    fn cell(&self, field: &Field, value: &str) -> CellView {
        match &field.control {
            Control::Url if field.fits(value) => {
                CellView { href: value.to_owned(), is_elsewhere: true, text: shown_address(value).to_owned() }
            }
            Control::Reference if !value.is_empty() => self.reference(value),
            Control::YesNo if value.is_empty() => CellView::default(),
            _ => {
                let text = field.label_of(value).map_or_else(|| value.to_owned(), std::borrow::Cow::into_owned);
                CellView { text, ..CellView::default() }
            }
        }
    }

    /// A link to a page, with its title; nothing while visitors cannot see it.
    fn reference(&self, value: &str) -> CellView {
        let href = address(value, self.links);
        let title = self.known.titles.get(path_of(href));
        title.map_or_else(CellView::default, |title| CellView {
            href: href.to_owned(),
            is_elsewhere: false,
            text: title.clone(),
        })
    }
}

/// An address as readers know it: `www.iso.org/standard/70636.html`.
fn shown_address(address: &str) -> &str {
    let without = ["https://", "http://", "mailto:"].into_iter().find_map(|scheme| address.strip_prefix(scheme));
    let shown = without.unwrap_or(address);
    shown.strip_suffix('/').unwrap_or(shown)
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    TypedFields { facts, sections }
    FieldText { key, id, label, value }
    ValueView { heads, rows, html, href, is_elsewhere, text }
    CellView { href, is_elsewhere, text }
}
