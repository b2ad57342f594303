//! What to tell somebody who publishes a document: links and pictures that lead nowhere, and where a new page is listed.

use crate::{
    error::{Error, Result},
    face::{
        desk::Desk,
        links::{self, Dead},
    },
    model::{
        document::Kind,
        page::{
            address::{self, HOME},
            public,
        },
        publishing,
        revision::{Layout, Menu, Revision},
    },
};

/// Links and pictures of a version that lead nowhere; the pages `coming` are about to be published, like the version itself.
///
/// # Errors
/// When the database fails.
pub async fn dead(desk: &Desk, kind: Kind, revision: &Revision, coming: &[Revision]) -> Result<Dead> {
    let db = desk.app.read();
    let mut paths = Vec::new();
    for page in coming {
        paths.push(address::of(db, page.document_id).await?);
    }
    let path = match kind {
        Kind::Page => address::of(db, revision.document_id).await?,
        Kind::FaqItem => public::with_layout(db, Layout::Faq).await?.map_or(HOME.to_owned(), |page| page.path.into()),
    };
    paths.push(path.clone());
    links::dead(&desk.app, &path, &revision.content.body, &paths).await
}

/// Where a page that was just published for the first time is listed; empty otherwise.
///
/// # Errors
/// When the database fails.
pub async fn listed(desk: &Desk, kind: Kind, revision: &Revision) -> Result<&'static str> {
    let db = desk.app.read();
    if kind == Kind::FaqItem || publishing::publications(db, revision.document_id, 2).await?.len() != 1 {
        return Ok("");
    }
    let path = match address::of(db, revision.document_id).await {
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
