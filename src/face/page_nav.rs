//! The ways from a public page to others: breadcrumbs, the section around it, what is below, previous and next.

use serde::Serialize;

use super::{page_view::Subject, site_view::Link, state::App};
use crate::{
    error::Result,
    model::{
        page::{
            address::HOME,
            public::{self, Entry},
        },
        revision::Menu,
    },
};

#[derive(Serialize)]
pub(super) struct Node {
    label: String,
    number: String,
    path: String,
    current: bool,
    open: bool,
    items: Vec<Node>,
}

#[derive(Serialize)]
pub(super) struct Child {
    title: String,
    label: String,
    number: String,
    summary: String,
    path: String,
    children: Vec<Child>,
}

#[derive(Serialize)]
pub(super) struct Neighbour {
    title: String,
    number: String,
    path: String,
}

pub(super) fn breadcrumbs(path: &str, ancestors: &[Entry]) -> Vec<Link> {
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

pub(super) async fn children(app: &App, id: i64, depth: usize) -> Result<Vec<Child>> {
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
pub(super) async fn section(app: &App, subject: &Subject, ancestors: &[Entry]) -> Result<Option<Node>> {
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

pub(super) fn node(label: &str, number: &str, path: &str) -> Node {
    Node {
        label: label.to_owned(),
        // “Part 1 Part 1” says nothing more than “Part 1”.
        number: if label == number { String::new() } else { number.to_owned() },
        path: path.to_owned(),
        current: false,
        open: false,
        items: Vec::new(),
    }
}

/// Previous and next page in reading order: a page, then what is below it, then its next sibling.
pub(super) async fn neighbours(app: &App, subject: &Subject) -> Result<(Option<Neighbour>, Option<Neighbour>)> {
    if subject.path == HOME || subject.parent_id.is_none() && subject.revision.content.menu != Menu::Main {
        return Ok((None, None));
    }
    let before = before(app, subject).await?;
    let after = after(app, subject).await?;
    Ok((before.map(neighbour), after.map(neighbour)))
}

pub(super) fn neighbour(entry: Entry) -> Neighbour {
    Neighbour { title: entry.title, number: entry.number, path: entry.path }
}

pub(super) async fn before(app: &App, subject: &Subject) -> Result<Option<Entry>> {
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

pub(super) async fn after(app: &App, subject: &Subject) -> Result<Option<Entry>> {
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
