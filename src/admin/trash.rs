//! What was deleted, and the way back.

use axum::{extract::Query, response::Response};
use serde::Serialize;

use super::documents;
use crate::{
    error::{Error, Result},
    face::{
        desk::{Desk, When},
        pager::{self, Keys, Pager},
        routes::Routes,
        standing::noun,
    },
    model::{
        document::{self, Kind},
        policy::Action,
        revision,
        trash::{self, Restored, Trashed},
        turn::Turn,
    },
    text::time::Timestamp,
    web::path::Path,
};

const LIST: &str = "/admin/trash";
/// Rows on one page.
const SIZE: usize = 50;

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get(LIST, Action::Edit, list).post("/admin/trash/{id}/restore", Action::Edit, restore)
}

#[derive(Serialize)]
struct View {
    rows: Vec<Row>,
    pager: Pager,
}

#[derive(Serialize)]
struct Row {
    id: i64,
    title: String,
    /// `page` or `question`.
    kind: &'static str,
    when: When,
    /// How many pages below it went along.
    along: i64,
    /// Address of its versions.
    versions: String,
}

/// `GET /admin/trash`
pub async fn list(desk: Desk, Query(keys): Query<Keys>) -> Result<Response> {
    let from = keys.read(parse_key);
    let start = from.unwrap_or(Turn::Before((Timestamp(i64::MAX), 0)));
    let mut found = trash::list(desk.app.read(), start, pager::limit(SIZE)).await?;
    let pager = pager::turn(&mut found, SIZE, from, LIST, &[], key);
    let row = |trashed: Trashed| Row {
        id: trashed.id,
        kind: noun(trashed.kind),
        when: desk.when(trashed.trashed_at),
        along: trashed.along,
        versions: documents::versions(trashed.id),
        title: trashed.title,
    };
    let view = View { rows: found.into_iter().map(row).collect(), pager };
    desk.screen("admin/trash.html", "Trash", &view).await
}

fn key(trashed: &Trashed) -> String {
    format!("{}-{}", trashed.trashed_at.0, trashed.id)
}

fn parse_key(key: &str) -> Option<(Timestamp, i64)> {
    let (at, id) = key.split_once('-')?;
    Some((Timestamp(at.parse().ok()?), id.parse().ok()?))
}

/// `POST /admin/trash/{id}/restore`
pub async fn restore(desk: Desk, Path(id): Path<i64>) -> Result<Response> {
    let document = document::find(desk.app.read(), id).await?.ok_or(Error::NotFound)?;
    let edit = documents::edit_screen(document.kind, id);
    if document.trashed_at.is_none() {
        let title = revision::latest(desk.app.read(), id).await?.map(|newest| newest.content.title).unwrap_or_default();
        return desk
            .done_with(&edit, format!("“{title}” is not in the trash."), documents::again(&desk, id).await?)
            .await;
    }
    let write = desk.write().await?;
    let restored = match trash::restore(&write, id).await {
        Ok(restored) => restored,
        Err(Error::Conflict(reason)) => {
            drop(write);
            return desk.not_done(LIST, reason).await;
        }
        Err(other) => return Err(other),
    };
    let title = revision::latest(&write, id).await?.map(|newest| newest.content.title).unwrap_or_default();
    write.commit().await?;
    let place = new_place(&restored);
    let sentence = format!("“{title}” is back. {place}Visitors do not see it until you publish it.");
    desk.done_with(&edit, sentence, documents::again(&desk, id).await?).await
}

/// Says it when something came back elsewhere than it was.
fn new_place(restored: &Restored) -> String {
    let Restored { kind, before, now } = restored;
    if before == now {
        return String::new();
    }
    let sign = if *kind == Kind::FaqItem { "#" } else { "" };
    let reason = if last(before) == last(now) { "the page above is gone" } else { "its old address is taken" };
    format!("Its address is {sign}{now} now instead of {sign}{before}, because {reason}. ")
}

/// The last part of an address.
fn last(address: &str) -> &str {
    address.rsplit('/').next().unwrap_or(address)
}
