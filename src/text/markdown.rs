//! The one way from Markdown to HTML, for pages, answers, previews, old revisions and notices alike.
//! Safe by construction: raw HTML comes out as the text it is, links lead where links may lead, and no picture is ever
//! fetched from elsewhere. Knows no page and no template.

mod as_typed;
pub(crate) mod checks;
mod container;
pub mod contents;
pub(crate) mod embedded;
pub(crate) mod embedded_targets;
pub(crate) mod first_picture;
mod formatter;
pub(crate) mod glossary;
pub(crate) mod heading;
pub(crate) mod known;
pub(crate) mod link_source;
pub(crate) mod links;
pub(crate) mod media;
pub(crate) mod passages;
mod pictures;
mod reading;
mod sentences;
pub(crate) mod table_files;
pub(crate) mod table_rows;
mod tree;
mod words;

use comrak::{Arena, Options};

use self::{
    formatter::{Formatter, State},
    known::KnownTargets,
    reading::{TimeBudget, read},
    table_files::TableCount,
    tree::TreeParts,
};
use super::{bounded::Bounded, count, ids::Ids, nesting, tables, visible};
use crate::text::markdown::heading::Heading;

/// Most bytes of HTML. Ordinary text becomes two or three times as long.
const HTML_MAX: usize = 2_000_000;

/// The HTML of a text, and its headings for the table of contents.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Safe to insert as it is.
    pub html: String,
    /// Headings of the two uppermost levels that have words, in order.
    pub headings: Vec<Heading>,
}

/// Where the text will be shown.
#[derive(Debug, Clone, Copy)]
pub enum HeadingContext<'a> {
    /// The body of a page below its `h1`: headings from `h2`, each second-level part a `section`.
    Page,
    /// A section of a page below its `h2`: headings from `h3`, ids begin with this prefix.
    Section(&'a str),
    /// One of several texts on a page, such as an answer: headings from `h4`, ids begin with this prefix.
    Part(&'a str),
}

impl HeadingContext<'_> {
    const fn uppermost_heading(self) -> u8 {
        match self {
            Self::Page => 2,
            Self::Section(_) => 3,
            Self::Part(_) => 4,
        }
    }

    fn prefix(self) -> String {
        match self {
            Self::Page => String::new(),
            Self::Section(prefix) | Self::Part(prefix) => format!("{prefix}-"),
        }
    }
}

/// Renders `text` on a page of its own. Never fails: what [`check`] refuses is shown as it was typed.
#[must_use]
pub fn render(text: &str, heading_context: HeadingContext<'_>) -> Rendered {
    render_among(text, heading_context, KnownTargets::default(), &mut Ids::default())
}

/// The same with what is known of what the text names, on a page where the names in `ids` are taken; takes those that it
/// gives.
#[must_use]
pub(crate) fn render_among(
    text: &str,
    heading_context: HeadingContext<'_>,
    known: KnownTargets<'_>,
    ids: &mut Ids,
) -> Rendered {
    let how = (TimeBudget::Full, &options());
    render_within(text, heading_context, how, known, ids).unwrap_or_else(|_| render_as_typed(text))
}

/// The same for a preview: the attribute `data-sourcepos` of each block says which lines of the text it was made from, such
/// as `3:1-4:12`.
#[must_use]
pub(crate) fn render_with_lines(
    text: &str,
    heading_context: HeadingContext<'_>,
    known: KnownTargets<'_>,
    ids: &mut Ids,
) -> Rendered {
    let mut options = options();
    options.render.sourcepos = true;
    let how = (TimeBudget::Full, &options);
    render_within(text, heading_context, how, known, ids).unwrap_or_else(|_| render_as_typed(text))
}

/// The same, but gives up after a few milliseconds, so that other requests of the thread need not wait.
#[must_use]
pub(crate) fn render_quickly(
    text: &str,
    heading_context: HeadingContext<'_>,
    known: KnownTargets<'_>,
    ids: &mut Ids,
) -> Option<Rendered> {
    let mut taken = ids.clone();
    let rendered = render_within(text, heading_context, (TimeBudget::Quick, &options()), known, &mut taken).ok()?;
    *ids = taken;
    Some(rendered)
}

/// Whether a text may be saved.
/// Errors: a sentence for its author, when its page would take too much time or space.
pub(crate) fn check(text: &str) -> Result<(), String> {
    if nesting::is_too_deep(text) {
        return Err(format!("Nest lists and quotations at most {} levels deep", nesting::DEEPEST));
    }
    if tables::cells(text, tables::MOST) > tables::MOST {
        return Err(format!(
            "Shorten the tables: rows times columns may be {} at most, cells left empty included",
            count::number(tables::MOST)
        ));
    }
    let how = (TimeBudget::Check, &options());
    let known = KnownTargets::default();
    render_within(text, HeadingContext::Page, how, known, &mut Ids::default()).map(drop).map_err(|limit| match limit {
        LimitExceeded::Size => {
            format!("Shorten the text or divide it: as a page it would be larger than {} MB", HTML_MAX / 1_000_000)
        }
        LimitExceeded::Time => "Shorten the text or divide it: to make a page of it takes too long".to_owned(),
    })
}

/// Why a text cannot be rendered.
enum LimitExceeded {
    Size,
    Time,
}

fn render_within(
    text: &str,
    heading_context: HeadingContext<'_>,
    (budget, options): (TimeBudget, &Options<'_>),
    known: KnownTargets<'_>,
    ids: &mut Ids,
) -> Result<Rendered, LimitExceeded> {
    let arena = Arena::new();
    let root = read(&arena, text, options, budget).ok_or(LimitExceeded::Time)?;
    let mut parts = TreeParts::of(root);
    let prefix = heading_context.prefix();
    parts.resolve_links();
    parts.break_lines_in_cells();
    parts.name_footnotes(&prefix, ids);
    let mut headings = parts.assign_heading_ids(heading_context.uppermost_heading(), &prefix, ids);
    let terms = parts.term_ids(&prefix, ids);
    parts.show_known(&arena, known);
    if let Some(glossary) = known.glossary {
        glossary::link_terms(&arena, root, glossary);
    }
    let state = State {
        terms: terms.into(),
        sections: matches!(heading_context, HeadingContext::Page),
        headings: headings.iter().cloned().collect(),
        tables: TableCount::new(known.tables),
        ..State::default()
    };
    let mut html = Bounded::new(text.len() * 3 / 2, HTML_MAX, budget.deadline());
    let Ok(state) = Formatter::format_document(root, options, &mut html, state) else {
        return Err(if html.is_late() { LimitExceeded::Time } else { LimitExceeded::Size });
    };
    let mut html = html.into_text();
    if state.section_open {
        html.push_str("</section>\n");
    }
    headings.retain(|heading| heading.level <= 3 && visible::has_any(&heading.text));
    Ok(Rendered { html, headings })
}

/// The text as it was typed, escaped.
fn render_as_typed(text: &str) -> Rendered {
    Rendered { html: as_typed::escape(text), headings: Vec::new() }
}

/// The words alone, for a description or a search result; at most `limit` characters.
#[must_use]
pub fn plain(text: &str, limit: usize) -> String {
    plain_within(text, limit, TimeBudget::Full).unwrap_or_else(|| cut(words::in_line(text), limit))
}

/// The same, but gives up after a few milliseconds.
#[must_use]
pub(crate) fn plain_quickly(text: &str, limit: usize) -> Option<String> {
    plain_within(text, limit, TimeBudget::Quick)
}

fn plain_within(text: &str, limit: usize, budget: TimeBudget) -> Option<String> {
    let arena = Arena::new();
    let root = read(&arena, text, &options(), budget)?;
    TreeParts::of(root).break_lines_in_cells();
    Some(cut(words::up_to(root, limit.saturating_mul(8)), limit))
}

fn cut(words: String, limit: usize) -> String {
    match words.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", words[..end].trim_end()),
        None => words,
    }
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.description_lists = true;
    options.extension.autolink = true;
    options.extension.footnotes = true;
    options.extension.block_directive = true;
    options.parse.smart = true;
    options.render.escape = true;
    options
}

#[cfg(test)]
mod tests;
