//! What a link can lead to, for the dialog that adds one: pages and questions by title or path, and things of the media
//! library, as JSON. Each has the address that is written into the text.

use axum::{
    Json,
    extract::{Query, rejection::QueryRejection},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use crate::{
    admin::{
        paths::LinkChoicesPath,
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::Result,
    model::{
        cursor::Cursor,
        faq::{collection, item as question},
        media::item::{self, MediaFilter},
        page::tree,
        policy::Action,
    },
    text::{clean, fold::fold},
};

/// How many are offered of each kind.
const OFFERED: usize = 8;
/// Longest search, in characters.
const SEARCH_MAX: usize = 200;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, index)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LinkChoiceQuery {
    q: String,
}

#[derive(Debug, Serialize)]
struct LinkChoice {
    address: String,
    title: String,
    /// `Page, not published`
    about: &'static str,
}

#[derive(Debug, Serialize)]
struct LinkChoiceReply {
    choices: Vec<LinkChoice>,
}

async fn index(
    _: LinkChoicesPath,
    admin: AdminContext,
    query: Result<Query<LinkChoiceQuery>, QueryRejection>,
) -> Result<Response> {
    let query = query.map(|Query(query)| query).unwrap_or_default();
    let text: String = clean::line(&query.q).chars().take(SEARCH_MAX).collect();
    let mut choices = pages(&admin, &text).await?;
    choices.extend(questions(&admin, &text).await?);
    choices.extend(media(&admin, &text).await?);
    Ok(Json(LinkChoiceReply { choices }).into_response())
}

async fn pages(admin: &AdminContext, text: &str) -> Result<Vec<LinkChoice>> {
    let found = tree::choices(admin.app.read(), text, i64::try_from(OFFERED).unwrap_or_default()).await?;
    let choice = |page: tree::PageNode| LinkChoice {
        about: if page.live { "Page" } else { "Page, not published" },
        address: page.path,
        title: page.title,
    };
    Ok(found.into_iter().map(choice).collect())
}

/// Those that begin with what was typed come first.
async fn questions(admin: &AdminContext, text: &str) -> Result<Vec<LinkChoice>> {
    let db = admin.app.read();
    let pages = collection::all(db).await?;
    let page_of = |item: &question::ListedItem| pages.iter().find(|page| page.live && page.id == item.page_id);
    let typed = fold(text);
    let mut found = question::list(db, text).await?;
    found.retain(|item| !item.is_template && page_of(item).is_some());
    found.sort_by_key(|item| (!fold(&item.title).starts_with(&typed), !item.live));
    let choice = |item: question::ListedItem| LinkChoice {
        about: if item.live { "Question" } else { "Question, not published" },
        address: format!("{}#{}", page_of(&item).map_or("", |page| &page.path), item.slug),
        title: item.title,
    };
    Ok(found.into_iter().take(OFFERED).map(choice).collect())
}

async fn media(admin: &AdminContext, text: &str) -> Result<Vec<LinkChoice>> {
    let filter = MediaFilter { text: text.to_owned(), kind: None, is_used: None };
    let found =
        item::list(admin.app.read(), &filter, Cursor::default(), i64::try_from(OFFERED).unwrap_or_default()).await?;
    let choice = |thing: item::MediaItem| LinkChoice {
        about: if thing.kind == item::MediaKind::Picture { "Picture" } else { "File" },
        address: thing.path,
        title: thing.title,
    };
    Ok(found.into_iter().map(choice).collect())
}
