//! The messages of a list as CSV, for administrators. Written piece by piece, and noted in the journal first.

use axum::{
    extract::Query,
    http::{Method, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use jiff::tz::TimeZone;

use super::message_wish::Wish;
use crate::{
    error::Result,
    face::{desk::Desk, routes::Routes, state::App},
    model::{
        message::{export, inbox::Filter},
        policy::Action,
    },
    web::stream::{self, Pieces},
};

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get("/admin/messages.csv", Action::DisposeOfMessages, save)
}

async fn save(desk: Desk, method: Method, Query(wish): Query<Wish>) -> Result<Response> {
    let day = desk.app.now().date(&TimeZone::UTC);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"messages-{day}.csv\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    if method == Method::HEAD {
        return Ok(headers.into_response());
    }
    let filter = wish.filter(&desk);
    let write = desk.write().await?;
    export::note(&write, &filter).await?;
    write.commit().await?;
    let (pieces, body) = stream::channel();
    tokio::spawn(fill(desk.app.clone(), filter, pieces));
    Ok((headers, body).into_response())
}

/// Ends when all is written, the reader has gone, or the database fails, which the reader then notices.
async fn fill(app: App, filter: Filter, pieces: Pieces) {
    if let Err(error) = write_all(&app, &filter, &pieces).await {
        tracing::error!(%error, "an export of messages broke off");
        let _ = pieces.send(Err(error)).await;
    }
}

async fn write_all(app: &App, filter: &Filter, pieces: &Pieces) -> Result<()> {
    let mut piece = export::head()?;
    let mut before = i64::MAX;
    loop {
        let messages = export::page(app.read(), filter, before).await?;
        piece.extend(export::rows(&messages)?);
        if pieces.send(Ok(Bytes::from(std::mem::take(&mut piece)))).await.is_err() {
            return Ok(());
        }
        match messages.last() {
            Some(last) => before = last.id,
            None => return Ok(()),
        }
    }
}
