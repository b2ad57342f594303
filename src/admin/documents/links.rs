//! What to tell the user who publishes a document: links and pictures that lead nowhere, and where a new page is listed.
//! What to tell the user who takes one away: who links to it.

use serde::Serialize;

use super::{
    link_check::{self, Dead, Text},
    paths,
    publication_status::noun,
};
use crate::{
    admin::shared::admin_context::AdminContext,
    error::{Error, Result},
    model::{
        document::DocumentKind,
        link::{self, Linking},
        page::{
            path::{self, HOME},
            public,
        },
        publishing,
        revision::{Layout, Menu, Revision},
    },
    web::path::is_at_or_below,
};

/// Documents that are named as linking to another.
const NAMED: usize = 100;

/// Links and pictures of a version that lead nowhere; the pages `coming` are about to be published, like the version itself.
///
/// # Errors
/// When the database fails.
pub async fn dead(admin: &AdminContext, kind: DocumentKind, revision: &Revision, coming: &[Revision]) -> Result<Dead> {
    let mut texts = Vec::new();
    for page in coming {
        texts.push(text(admin, DocumentKind::Page, page).await?);
    }
    link_check::dead(&admin.app, &text(admin, kind, revision).await?, &texts).await
}

async fn text<'a>(admin: &AdminContext, kind: DocumentKind, revision: &'a Revision) -> Result<Text<'a>> {
    let db = admin.app.read();
    let path = match kind {
        DocumentKind::Page => path::of(db, revision.document_id).await?,
        DocumentKind::FaqItem => {
            public::with_layout(db, Layout::Faq).await?.map_or(HOME.to_owned(), |page| page.path.into())
        }
    };
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

/// Published documents that link to the published pages at and below an address. They are none of these pages.
///
/// # Errors
/// When the database fails.
pub async fn to_pages(admin: &AdminContext, path: &str) -> Result<LinkedFrom> {
    let db = admin.app.read();
    let mut found = link::to_pages(db, path, &admin.app.config.origin(), limit()).await?;
    // The answers go along with the page that shows them.
    let answers = public::with_layout(db, Layout::Faq).await?;
    if answers.is_some_and(|page| is_at_or_below(&page.path, path)) {
        found.retain(|linking| linking.kind == DocumentKind::Page);
    }
    Ok(linked_from(found))
}

/// Published documents that link to a question, by any of its addresses.
///
/// # Errors
/// When the database fails.
pub async fn to_item(admin: &AdminContext, id: i64) -> Result<LinkedFrom> {
    let db = admin.app.read();
    let Some(page) = public::with_layout(db, Layout::Faq).await? else { return Ok(LinkedFrom::default()) };
    Ok(linked_from(link::to_item(db, page.id, id, &admin.app.config.origin(), limit()).await?))
}

fn limit() -> i64 {
    i64::try_from(NAMED).unwrap_or(i64::MAX - 1) + 1
}

fn linked_from(mut found: Vec<Linking>) -> LinkedFrom {
    let more = found.len() > NAMED;
    found.truncate(NAMED);
    let row = |Linking { id, kind, title }| Row { title, kind: noun(kind), edit: paths::edit_screen(kind, id) };
    LinkedFrom { rows: found.into_iter().map(row).collect(), more }
}

/// Where a page that was just published for the first time is listed; empty otherwise.
///
/// # Errors
/// When the database fails.
pub async fn list_dead(admin: &AdminContext, kind: DocumentKind, revision: &Revision) -> Result<&'static str> {
    let db = admin.app.read();
    if kind == DocumentKind::FaqItem || publishing::publications(db, revision.document_id, 2).await?.len() != 1 {
        return Ok("");
    }
    let path = match path::of(db, revision.document_id).await {
        Ok(path) => path,
        Err(Error::NotFound) => return Ok(""),
        Err(other) => return Err(other),
    };
    Ok(match revision.content.menu {
        Menu::Hidden => " No menu lists it.",
        Menu::Footer => " It is listed at the foot of every page.",
        Menu::Main if path.matches('/').count() == 1 => " It is listed in the main menu.",
        Menu::Main => " It is listed in the navigation of its section.",
    })
}
