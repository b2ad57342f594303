//! What to tell the user who publishes a document: links and pictures that lead nowhere, and where a new page is listed.
//! What to tell the user who takes one away: who links to it.

use serde::Serialize;

use super::{
    link_check::{self, Dead, Text},
    paths,
};
use crate::{
    admin::shared::admin_context::AdminContext,
    error::Result,
    model::{
        document::{
            choices::{Layout, Menu},
            kind::DocumentKind,
            placement,
            record::Document,
            revision::Revision,
        },
        link::{self, Linking},
        page::public,
        publishing,
    },
    web::path::is_at_or_below,
};

/// Documents that are named as linking to another.
const NAMED: usize = 100;

/// Links and pictures of a version that lead nowhere; the pages `coming` are about to be published, like the version itself.
///
/// # Errors
/// When the database fails.
pub async fn dead(
    admin: &AdminContext,
    document: &Document,
    revision: &Revision,
    coming: &[(Document, Revision)],
) -> Result<Dead> {
    let mut texts = Vec::new();
    for (page, revision) in coming {
        texts.push(text(admin, page.kind, revision).await?);
    }
    link_check::dead(&admin.app, &text(admin, document.kind, revision).await?, &texts).await
}

async fn text<'a>(admin: &AdminContext, kind: DocumentKind, revision: &'a Revision) -> Result<Text<'a>> {
    let path = placement::public_path(admin.app.read(), kind, revision.document_id).await?;
    Ok(Text { kind, path, content: &revision.content })
}

/// Published documents that link to one that is about to go.
#[derive(Debug, Default, Serialize)]
pub struct LinkedFrom {
    rows: Vec<Row>,
    /// Whether there are more.
    more: bool,
}

#[derive(Debug, Serialize)]
struct Row {
    title: String,
    /// `page` or `question`.
    kind: &'static str,
    edit: String,
}

/// Published documents that link to a document that is about to go, by any of its addresses, or to the published pages
/// below it: `path` is where it is in the tree of pages, if it is there.
///
/// # Errors
/// When the database fails.
pub async fn to(admin: &AdminContext, document: &Document, path: Option<&str>) -> Result<LinkedFrom> {
    let (db, origin) = (admin.app.read(), admin.app.config.origin());
    if !document.is_live() && path.is_none() {
        return Ok(LinkedFrom::default());
    }
    let answers = public::with_layout(db, Layout::Faq).await?;
    let found = match (path, answers) {
        (Some(path), answers) => {
            let mut found = link::to_pages(db, path, &origin, limit()).await?;
            // The answers go along with the page that shows them.
            if answers.is_some_and(|page| is_at_or_below(&page.path, path)) {
                found.retain(|linking| placement::is_in_tree(linking.kind));
            }
            found
        }
        (None, Some(page)) => link::to_item(db, page.id, document.id, &origin, limit()).await?,
        (None, None) => Vec::new(),
    };
    Ok(linked_from(found))
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

/// Where a page that was just published for the first time is listed; empty otherwise.
///
/// # Errors
/// When the database fails.
pub async fn where_listed(admin: &AdminContext, document: &Document, revision: &Revision) -> Result<&'static str> {
    let db = admin.app.read();
    let Some(path) = placement::tree_path(db, document).await? else { return Ok("") };
    if publishing::publications(db, document.id, 2).await?.len() != 1 {
        return Ok("");
    }
    Ok(match revision.content.menu {
        Menu::Hidden => " No menu lists it.",
        Menu::Footer => " It is listed at the foot of every page.",
        Menu::Main if path.matches('/').count() == 1 => " It is listed in the main menu.",
        Menu::Main => " It is listed in the navigation of its section.",
    })
}
