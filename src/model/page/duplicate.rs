//! Copies of a page with the pages below it. Nothing of them is public.

use std::collections::VecDeque;

use super::{
    editing,
    path::{self, PageLocation},
    subtree,
    tree::{self, PageNode},
};
use crate::{
    error::{Error, Result},
    model::{
        document::{choices::Menu, content::Content, kind::DocumentKind, revision},
        link::keeping,
        write::Write,
    },
    text::slug,
};

/// Most pages at once.
const MOST: usize = 500;
/// Longest title, in characters.
const TITLE: usize = 200;

/// A copy.
pub(crate) struct Copied {
    pub(crate) id: i64,
    pub(crate) title: String,
    /// How many pages were made, itself included.
    pub(crate) all: usize,
}

/// Copies a page in its newest version beside itself, with all that are below it.
/// `Conflict` when these are too many.
pub(crate) async fn copy_with_below(write: &Write, page: &PageNode) -> Result<Copied> {
    let below = subtree::documents_below(write, &page.path).await?.len();
    if page.path == path::HOME || below >= MOST {
        return Err(Error::Conflict(format!("At most {MOST} pages can be copied at once.")));
    }
    let (original, content) = content(write, page.id).await?;
    let title = format!("Copy of {}", content.title);
    let title = if title.chars().count() > TITLE { content.title.clone() } else { title };
    let slug = free_slug(write, page).await?;
    // Where its original is in the menu, the copy would be beside it.
    let content = Content { title, slug, menu: Menu::Hidden, ..content };
    let (copy, first) = editing::create(write, page.parent_id, content).await?;
    keeping::inherit(write, first.id, original).await?;
    let mut all = 1;
    let mut waiting = VecDeque::from([(page.id, copy.id)]);
    while let Some((original, parent)) = waiting.pop_front() {
        for child in tree::siblings(write, Some(original)).await? {
            let slug = PageLocation::of(write, child.id).await?.slug;
            let (original, content) = self::content(write, child.id).await?;
            let (copy, first) = editing::create(write, Some(parent), Content { slug, ..content }).await?;
            keeping::inherit(write, first.id, original).await?;
            waiting.push_back((child.id, copy.id));
            all += 1;
        }
    }
    Ok(Copied { id: copy.id, title: first.content.title, all })
}

/// The newest version of a page, by its id, and what a copy has of it: what only one page can have, or what was said of the original
/// alone, is left out.
async fn content(write: &Write, id: i64) -> Result<(i64, Content)> {
    let original = revision::latest(write, id).await?;
    let extra = original
        .content
        .extra
        .clone()
        .retain_known(&write.rules.fields.of(DocumentKind::Page, &original.content.document_type));
    Ok((original.id, Content { review_by: None, change_note: String::new(), extra, ..original.content }))
}

async fn free_slug(write: &Write, page: &PageNode) -> Result<String> {
    let own = page.path.rsplit('/').next().unwrap_or_default();
    for candidate in slug::candidates(&format!("{own}-copy")).filter_map(|slug| slug::parse(&slug).ok()) {
        if path::ensure_free(write, &write.rules, 0, (page.parent_id, &candidate)).await.is_ok() {
            return Ok(candidate);
        }
    }
    Err(Error::Conflict("There is no free path for the copy.".to_owned()))
}
