//! What links to a document: to the parts of it that a new version no longer has, for the user who publishes it, and to
//! the document itself, for the user who removes it.

use serde::Serialize;

use super::{link_check, paths};
use crate::{
    admin::shared::admin_context::AdminContext,
    error::Result,
    model::{
        document::{content::Content, fact, placement, record::Document, revision::Revision},
        faq::{collection, former_slug, item, location},
        link::{
            inbound::{self, Linking, PartLink},
            questions::is_at_or_in,
        },
    },
    render::page,
    text::{
        ids::Ids,
        markdown::{self, HeadingContext, known::KnownTargets},
    },
    web::path::is_at_or_below,
};

/// Most documents that are named as linking to another.
const NAMED: usize = 100;

/// Published documents that link to one that is about to be removed.
#[derive(Debug, Default, Serialize)]
pub(crate) struct LinkedFrom {
    rows: Vec<Row>,
    more: bool,
}

#[derive(Debug, Serialize)]
struct Row {
    title: String,
    kind: &'static str,
    edit: String,
}

/// Published documents that link to a document that is about to be removed, by any of its paths, or to the
/// published pages below it; `path` is its path in the tree of pages, if it has one.
pub(crate) async fn to(admin: &AdminContext, document: &Document, path: Option<&str>) -> Result<LinkedFrom> {
    Ok(linked_from(find(admin, document, path).await?))
}

/// The same for several, each with its path; those that are removed themselves, by id, are none of them.
pub(crate) async fn to_all(
    admin: &AdminContext,
    documents: &[(Document, Option<String>)],
    removed: &[i64],
) -> Result<LinkedFrom> {
    let mut all: Vec<Linking> = Vec::new();
    for (document, path) in documents {
        let mut found = find(admin, document, path.as_deref()).await?;
        found.retain(|one| !removed.contains(&one.id) && !all.contains(one));
        all.extend(found);
        if all.len() > NAMED {
            break;
        }
    }
    Ok(linked_from(all))
}

async fn find(admin: &AdminContext, document: &Document, path: Option<&str>) -> Result<Vec<Linking>> {
    let (db, origin) = (admin.app.read(), admin.app.config.origin());
    if !document.is_live() && path.is_none() {
        return Ok(Vec::new());
    }
    if let Some(path) = path {
        return without_items_along(admin, path, inbound::to_pages(db, path, &origin, limit()).await?).await;
    }
    match collection::live_of(db, document.id).await? {
        Some(page) => inbound::to_item(db, page.id, document.id, &origin, limit()).await,
        None => Ok(Vec::new()),
    }
}

/// Items go along with the page that shows them, at the path or below it.
async fn without_items_along(admin: &AdminContext, path: &str, found: Vec<Linking>) -> Result<Vec<Linking>> {
    let db = admin.app.read();
    let mut along = collection::all(db).await?;
    along.retain(|page| is_at_or_below(&page.path, path));
    let mut left = Vec::new();
    for linking in found {
        let is_along = !placement::is_in_tree(linking.kind) && !along.is_empty() && {
            let page_id = location::of(db, linking.id).await?.page_id;
            along.iter().any(|page| page.id == page_id)
        };
        if !is_along {
            left.push(linking);
        }
    }
    Ok(left)
}

fn limit() -> i64 {
    i64::try_from(NAMED).unwrap_or(i64::MAX - 1) + 1
}

fn linked_from(mut found: Vec<Linking>) -> LinkedFrom {
    let more = found.len() > NAMED;
    found.truncate(NAMED);
    let row = |Linking { id, kind, title }| Row { title, kind: kind.noun(), edit: paths::edit_screen(kind, id) };
    LinkedFrom { rows: found.into_iter().map(row).collect(), more }
}

/// Parts of a page or of an answer that published texts link to and that this version of it does not have, with these
/// texts, in words: `#fees (“Training”)`. Empty when there are none.
pub(crate) async fn missing_parts(admin: &AdminContext, document: &Document, revision: &Revision) -> Result<String> {
    let missing = if placement::is_in_tree(document.kind) {
        missing_on_page(admin, document, revision).await?
    } else {
        missing_in_answer(admin, document, revision).await?
    };
    Ok(in_words(missing))
}

async fn missing_on_page(admin: &AdminContext, document: &Document, revision: &Revision) -> Result<Vec<PartLink>> {
    if placement::tree_path(admin.app.read(), document).await?.is_none() {
        return Ok(Vec::new());
    }
    let mut links = to_parts(admin, document.id).await?;
    if !links.is_empty() {
        let content = &revision.content;
        let ids = page::ids(&admin.app, document.id, content).await?;
        let fields = admin.app.rules.fields.of(document.kind, &content.document_type);
        links.retain(|link| match fact::key_in(&link.fragment) {
            Some(key) => fact::value(&fields, content, key).is_none(),
            None => ids.is_free(&link.fragment),
        });
    }
    Ok(links)
}

/// The parts of an item have names that begin with its slug, on its page.
async fn missing_in_answer(admin: &AdminContext, document: &Document, revision: &Revision) -> Result<Vec<PartLink>> {
    let db = admin.app.read();
    let Some(page) = collection::live_of(db, document.id).await? else { return Ok(Vec::new()) };
    let mut links = to_parts(admin, page.id).await?;
    let bound = inbound::to_parts_of_question(db, document.id, limit()).await?;
    if links.is_empty() && bound.is_empty() {
        return Ok(links);
    }
    let former = former_slug::former_slugs(db, page.id).await?;
    let mut slugs: Vec<_> = former.into_iter().map(|former| (former.slug, former.document_id)).collect();
    slugs.extend(item::live(db, page.id).await?.into_iter().map(|item| (item.current_slug, item.revision.document_id)));
    let is_in_this = |fragment: &str| {
        let around = slugs.iter().filter(|(slug, _)| is_at_or_in(fragment, slug)).max_by_key(|(slug, _)| slug.len());
        around.is_some_and(|(slug, id)| *id == document.id && slug != fragment)
    };
    let Content { slug, body, .. } = &revision.content;
    let mut ids = Ids::default();
    ids.reserve(slug);
    let render = || markdown::render_among(body, HeadingContext::Part(slug), KnownTargets::default(), &mut ids);
    admin.app.rendering.run(body.len(), render).await?;
    links.retain(|link| is_in_this(&link.fragment));
    // Links go along when it gets another slug.
    let now = location::of(db, document.id).await?.slug;
    let renamed = |fragment: &str| fragment.strip_prefix(now.as_deref()?).map(|part| format!("{slug}{part}"));
    for link in &mut links {
        if let Some(fragment) = renamed(&link.fragment) {
            link.fragment = fragment;
        }
    }
    let bound = bound.into_iter().map(|link| PartLink { fragment: format!("{slug}{}", link.fragment), ..link });
    links.extend(bound);
    links.retain(|link| ids.is_free(&link.fragment));
    links.sort_by(|one, other| (&one.fragment, &one.title).cmp(&(&other.fragment, &other.title)));
    Ok(links)
}

async fn to_parts(admin: &AdminContext, page_id: i64) -> Result<Vec<PartLink>> {
    let origin = admin.app.config.origin();
    let mut links = inbound::to_parts(admin.app.read(), page_id, &origin, limit()).await?;
    links.retain(|link| !link_check::is_on_every_page(&link.fragment));
    Ok(links)
}

fn in_words(links: Vec<PartLink>) -> String {
    let mut missing: Vec<(String, Vec<String>)> = Vec::new();
    for link in links {
        let title = format!("“{}”", link.title);
        match missing.last_mut().filter(|(fragment, _)| *fragment == link.fragment) {
            Some((_, titles)) => titles.push(title),
            None => missing.push((link.fragment, vec![title])),
        }
    }
    let words = missing.into_iter().map(|(fragment, titles)| format!("#{fragment} ({})", titles.join(", ")));
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    LinkedFrom { rows, more }
    Row { title, kind, edit }
}
