//! The links from a public page to others: breadcrumbs, the section around it, what is below, previous and next.

use serde::Serialize;

use super::{render_input::RenderInput, site_view::NavLink};
use crate::{
    error::Result,
    model::{
        document::{
            choices::Menu,
            content::{Content, numbered},
            keys,
        },
        page::{
            path::HOME,
            public::{self, Card, NavPage},
        },
    },
    state::{nav_cache::NavPages, page_lists::PageLists},
};

/// The section around a page: the way to it, and what is beside it, or below it where anything is.
#[derive(Serialize)]
pub(crate) struct SectionNav {
    /// Of the uppermost page.
    label: String,
    /// From the uppermost page to the one that the others are below.
    trail: Vec<SectionEntry>,
    items: Vec<SectionEntry>,
}

#[derive(Serialize)]
struct SectionEntry {
    label: String,
    number: String,
    path: String,
    current: bool,
}

#[derive(Serialize)]
pub(crate) struct Child {
    pub(super) title: String,
    pub(super) label: String,
    pub(super) number: String,
    pub(super) summary: String,
    pub(super) path: String,
    pub(super) children: Vec<Child>,
}

impl Child {
    pub(super) fn numbered_title(&self) -> String {
        numbered(&self.title, &self.number)
    }
}

#[derive(Serialize)]
pub(crate) struct Neighbour {
    title: String,
    number: String,
    path: String,
}

/// The way from the uppermost level down to a page, through live pages.
pub(crate) struct Ancestry {
    above: Vec<NavPage>,
    /// For each of them the list it is in, and last the list with the page itself.
    levels: Vec<NavPages>,
    below: NavPages,
}

impl Ancestry {
    pub(crate) async fn to(lists: PageLists<'_>, input: &RenderInput) -> Result<Self> {
        let id = input.revision.document_id;
        let mut above: Vec<NavPage> = Vec::new();
        let mut levels = vec![lists.top().await?];
        while let Some(next) =
            levels.last().and_then(|list| list.iter().find(|entry| is_at_or_above(entry, &input.path)))
        {
            let next = next.clone();
            levels.push(lists.below(&next).await?);
            above.push(next);
        }
        // A version that is not live is in no list.
        let own = levels.last().and_then(|list| list.iter().find(|entry| entry.id == id));
        let below = match own {
            Some(own) => lists.below(own).await?,
            None => lists.below_page(id, &input.path).await?,
        };
        Ok(Self { above, levels, below })
    }

    /// Label and path of the uppermost page that the page with this `label` and `path` is in, or that it is itself with
    /// others below; none for a page by itself.
    pub(crate) fn section<'a>(&'a self, label: &'a str, path: &'a str) -> Option<(&'a str, &'a str)> {
        let own = (path != HOME && !self.below.is_empty()).then_some((label, path));
        self.above.first().map(|above| (above.label(), &*above.path)).or(own)
    }
}

pub(crate) fn is_at_or_above(entry: &NavPage, path: &str) -> bool {
    path.strip_prefix(&*entry.path).is_some_and(|rest| rest.starts_with('/'))
}

pub(crate) fn breadcrumbs(path: &str, ancestry: &Ancestry) -> Vec<NavLink> {
    if path == HOME {
        return Vec::new();
    }
    let home = NavLink { label: "Home".to_owned(), path: HOME.to_owned(), current: false };
    let above = ancestry.above.iter().map(|entry| NavLink {
        label: entry.label().to_owned(),
        path: entry.path.to_string(),
        current: false,
    });
    std::iter::once(home).chain(above).collect()
}

/// A distinct title: with the number behind what a page above says that such titles begin with, or with the page above, as
/// pages such as “Overview” are in many sections.
pub(crate) async fn head_title(lists: PageLists<'_>, content: &Content, ancestry: &Ancestry) -> Result<String> {
    let (title, number) = (&content.title, content.clause_number.as_str());
    let own = content.value(keys::TITLE_PREFIX);
    if !own.is_empty() {
        return Ok(if title.starts_with(&*own) { title.clone() } else { format!("{own}, {title}") });
    }
    if number.is_empty() {
        let above = ancestry.above.last();
        return Ok(above.map_or_else(|| title.clone(), |above| format!("{title} – {}", above.label())));
    }
    let above: Vec<i64> = ancestry.above.iter().map(|page| page.id).collect();
    let prefix = public::title_prefix(lists.app.read(), &above).await?;
    let numbered = content.numbered_title();
    Ok(if prefix.is_empty() { numbered } else { format!("{prefix}, {numbered}") })
}

/// The pages below a page, given by its id and path, `depth` levels deep.
pub(crate) async fn children(lists: PageLists<'_>, (id, path): (i64, &str), depth: usize) -> Result<Vec<Child>> {
    let mut children = Vec::new();
    for Card { entry, summary } in lists.cards(id, path).await? {
        if entry.menu == Menu::Hidden {
            continue;
        }
        let deeper = depth > 1 && entry.has_children;
        let below = if deeper {
            Box::pin(self::children(lists, (entry.id, &*entry.path), depth - 1)).await?
        } else {
            Vec::new()
        };
        children.push(Child {
            label: entry.label().to_owned(),
            title: entry.title.into(),
            number: entry.clause_number.into(),
            path: entry.path.into(),
            summary,
            children: below,
        });
    }
    Ok(children)
}

/// The navigation of the section a page belongs to. It lists few pages, so that the one that is read is among those in view.
pub(crate) fn section(input: &RenderInput, ancestry: &Ancestry) -> Option<SectionNav> {
    let (id, content) = (input.revision.document_id, &input.revision.content);
    let own = || SectionEntry { current: true, ..section_entry(content.label(), &content.clause_number, &input.path) };
    let entry = |entry: &NavPage| {
        if entry.id == id { own() } else { section_entry(entry.label(), &entry.clause_number, &entry.path) }
    };
    let listed = |list: &[NavPage]| list.iter().filter(|entry| is_listed(entry)).map(entry).collect::<Vec<_>>();
    let mut trail: Vec<_> = ancestry.above.iter().map(entry).collect();
    let mut items = listed(&ancestry.below);
    if items.is_empty() {
        items = ancestry.levels.last().map(|list| listed(list)).unwrap_or_default();
    } else {
        trail.push(own());
    }
    let label = trail.first()?.label.clone();
    Some(SectionNav { label, trail, items }).filter(|section| !section.items.is_empty())
}

fn section_entry(label: &str, number: &str, path: &str) -> SectionEntry {
    SectionEntry {
        label: label.to_owned(),
        // “Part 1 Part 1” says nothing more than “Part 1”.
        number: if label == number { String::new() } else { number.to_owned() },
        path: path.to_owned(),
        current: false,
    }
}

/// Previous and next page in reading order: a page, then what is below it, then its next sibling. What no menu lists is
/// skipped, with all below it, and has no neighbours itself.
pub(crate) async fn neighbours(
    lists: PageLists<'_>,
    input: &RenderInput,
    ancestry: &Ancestry,
) -> Result<(Option<Neighbour>, Option<Neighbour>)> {
    let menu = input.revision.content.menu;
    if input.path == HOME || menu == Menu::Hidden || ancestry.above.is_empty() && menu != Menu::Main {
        return Ok((None, None));
    }
    let before = previous_page(lists, input, ancestry).await?;
    Ok((before.as_ref().map(neighbour), next_page(input, ancestry).map(neighbour)))
}

fn neighbour(entry: &NavPage) -> Neighbour {
    Neighbour { title: entry.title.to_string(), number: entry.clause_number.to_string(), path: entry.path.to_string() }
}

fn is_listed(entry: &NavPage) -> bool {
    entry.menu != Menu::Hidden
}

async fn previous_page(lists: PageLists<'_>, input: &RenderInput, ancestry: &Ancestry) -> Result<Option<NavPage>> {
    let (Some(parent), Some(siblings)) = (ancestry.above.last(), ancestry.levels.last()) else { return Ok(None) };
    let index = siblings.iter().position(|entry| entry.id == input.revision.document_id).unwrap_or(0);
    let Some(sibling) = siblings[..index].iter().rfind(|entry| is_listed(entry)) else {
        return Ok(Some(parent.clone()).filter(is_listed));
    };
    let mut last = sibling.clone();
    while let Some(below) = lists.below(&last).await?.iter().rfind(|entry| is_listed(entry)) {
        last = below.clone();
    }
    Ok(Some(last))
}

fn next_page<'w>(input: &RenderInput, ancestry: &'w Ancestry) -> Option<&'w NavPage> {
    if let Some(first) = ancestry.below.iter().find(|entry| is_listed(entry)) {
        return Some(first);
    }
    let mut id = input.revision.document_id;
    for (above, siblings) in ancestry.above.iter().zip(&ancestry.levels[1..]).rev() {
        if let Some(next) = siblings.iter().skip_while(|entry| entry.id != id).skip(1).find(|entry| is_listed(entry)) {
            return Some(next);
        }
        if !is_listed(above) {
            return None;
        }
        id = above.id;
    }
    None
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    SectionNav { label, trail, items }
    SectionEntry { label, number, path, current }
    Child { title, label, number, summary, path, children }
    Neighbour { title, number, path }
}
