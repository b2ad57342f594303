//! What the editor shows around the form of a page: the pages above it, its path, and for a new one the choice of
//! the page above.

use crate::{
    admin::{
        documents::{
            editor_context::{EditorContext, Link, Parents},
            form::{DocumentForm, TOP},
            paths,
        },
        paths::{MovePagePath, RedirectsPath},
        shared::{admin_context::AdminContext, document_kinds::PagesPath},
    },
    error::{Error, Result},
    model::{
        document::{keys, kind::DocumentKind, record::Document},
        page::{path::HOME, tree},
        policy::Action,
    },
    text::count::{number, pluralise},
    web::form_errors::SelectOption,
};

const GONE: &str = "The page that this one was meant to go below is not there any more.";
/// Most pages that are offered as the page above; others can be searched for.
const PARENTS: i64 = 200;

/// Of a page that is saved.
/// `NotFound` when it is in the trash.
pub(crate) async fn of(admin: &AdminContext, document: &Document) -> Result<EditorContext> {
    let node = tree::node(admin.app.read(), document.id).await?;
    let is_home = node.path == HOME;
    let link = |label: &str, path: String| Link { label: label.to_owned(), path };
    let mut more = vec![
        link("Pages below", format!("{PagesPath}?under={}", document.id)),
        link("Copy this page", paths::new_from(DocumentKind::Page, &document.id.to_string(), "")),
    ];
    more.push(link("Redirects to this page", format!("{RedirectsPath}?q={}", node.path)));
    if admin.may(Action::Publish) {
        more.push(link("Move to another place", MovePagePath { id: document.id }.to_string()));
    }
    Ok(EditorContext {
        above: above(admin, node.parent_id).await?,
        path: node.path,
        fixed: if is_home { vec![keys::SLUG] } else { Vec::new() },
        is_removable: !is_home,
        more: if is_home { Vec::new() } else { more },
        ..EditorContext::default()
    })
}

/// Of a page that is not saved yet.
pub(crate) async fn of_new(admin: &AdminContext, form: &DocumentForm) -> Result<EditorContext> {
    let parent_path = match form.parent() {
        _ if form.finds() => None,
        Ok(Some(parent)) => location(admin, parent).await?,
        Ok(None) => Some((None, HOME.to_owned())),
        Err(_) => None,
    };
    if let Some((parent, path)) = parent_path {
        return Ok(EditorContext {
            above: above(admin, parent).await?,
            sentence: format!("This page is not saved yet. Its path will begin with {path}."),
            path,
            parents: Some(parents(admin, form, false).await?),
            ..EditorContext::default()
        });
    }
    Ok(EditorContext {
        above: above(admin, None).await?,
        sentence: "This page is not saved yet. Choose where it goes.".to_owned(),
        parents: Some(parents(admin, form, true).await?),
        ..EditorContext::default()
    })
}

/// A page that others can be below, and its path; none when it is gone.
async fn location(admin: &AdminContext, id: i64) -> Result<Option<(Option<i64>, String)>> {
    let node = Error::optional(tree::node(admin.app.read(), id).await)?;
    Ok(node.filter(|node| node.path != HOME).map(|node| (Some(id), node.path)))
}

/// The pages that a search found, up to the limit, and always the chosen one. `is_open`: no page is chosen, as the one that was
/// is gone, or others are looked for.
async fn parents(admin: &AdminContext, form: &DocumentForm, is_open: bool) -> Result<Parents> {
    let db = admin.app.read();
    let find = form.find.trim();
    // The front page is the first by path, and nothing can be below it.
    let mut pages = tree::search(db, find, HOME, PARENTS).await?;
    let all = tree::count(db, find, HOME).await?;
    let has_more = i64::try_from(pages.len()).is_ok_and(|offered| offered < all);
    let sentence = match (is_open, has_more) {
        (true, _) if !form.finds() => format!("{GONE} {}", describe(pages.len(), all, find)),
        (true, _) | (_, true) => describe(pages.len(), all, find),
        (false, false) => String::new(),
    };
    if let Ok(Some(chosen)) = form.parent()
        && pages.iter().all(|page| page.id != chosen)
        && location(admin, chosen).await?.is_some()
    {
        pages.insert(0, tree::node(db, chosen).await?);
    }
    let pages =
        pages.into_iter().map(|page| SelectOption::new(page.id.to_string(), format!("{} ({})", page.title, page.path)));
    let choose = is_open.then(|| SelectOption::new("choose", "Choose a place"));
    let first = choose.into_iter().chain([SelectOption::new(TOP, "The top level")]);
    Ok(Parents {
        choices: first.chain(pages).collect(),
        chosen: if form.under.is_empty() && !is_open { TOP.to_owned() } else { form.under.clone() },
        sentence,
        can_find: is_open || has_more,
    })
}

fn describe(offered: usize, all: i64, find: &str) -> String {
    let found = if find.is_empty() { String::new() } else { format!(" that contain “{find}”") };
    let counted = pluralise(all, "page", "pages");
    match (offered, all) {
        (0, _) => format!("The list offers the top level only: there are no pages{found}."),
        (offered, all) if i64::try_from(offered).is_ok_and(|offered| offered < all) => {
            let offered = number(offered);
            format!("The list offers {offered} of {counted}{found}. Find the others by a part of their title or path.")
        }
        (1, _) => format!("The list offers the 1 page{}.", found.replace("contain", "contains")),
        _ => format!("The list offers all {counted}{found}."),
    }
}

async fn above(admin: &AdminContext, parent: Option<i64>) -> Result<Vec<Link>> {
    let mut list = EditorContext::of_kind(DocumentKind::Page).above;
    for node in tree::ancestors(admin.app.read(), parent).await? {
        list.push(Link { path: format!("{PagesPath}?under={}", node.id), label: node.title });
    }
    Ok(list)
}
