//! One message: read it, sort it, give it to somebody, write notes, answer it. How it is shown is `message_screen`.
//!
//! Opening an unread message marks it as open, as every mail program does: “unread” means that nobody has looked, and
//! a button for it would be pressed by nobody. It is done on a real visit only (no HEAD, no prefetching), at most once,
//! with an entry in the journal, and a button takes it back.

use axum::{
    extract::Query,
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};
use serde::Deserialize;

use super::{
    message_screen::{self, Draft},
    message_wish::Wish,
};
use crate::{
    error::{Error, Result},
    face::{desk::Desk, routes::Routes},
    model::{
        message::{answering, handling, notes, state::State, stored},
        policy::Action,
    },
    web::{form::Form, path::Path},
};

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/admin/messages/{id}", Action::HandleMessages, show)
        .post("/admin/messages/{id}/state", Action::HandleMessages, sort)
        .post("/admin/messages/{id}/assignee", Action::HandleMessages, assign)
        .post_text("/admin/messages/{id}/notes", Action::HandleMessages, note)
        .post_text("/admin/messages/{id}/answer", Action::HandleMessages, answer)
}

async fn show(
    desk: Desk,
    method: Method,
    headers: HeaderMap,
    Path(id): Path<i64>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    if is_visit(&method, &headers) && stored::get(desk.app.read(), id).await?.state == State::Unread {
        let write = desk.write().await?;
        if handling::open(&write, id).await? {
            write.commit().await?;
        }
    }
    message_screen::draw(&desk, StatusCode::OK, id, &wish, Draft::default()).await
}

/// Whether somebody looks at the page, and not a program in advance.
fn is_visit(method: &Method, headers: &HeaderMap) -> bool {
    let ahead = ["sec-purpose", "purpose"]
        .into_iter()
        .filter_map(|name| headers.get(name))
        .any(|value| value.as_bytes().starts_with(b"prefetch"));
    *method == Method::GET && !ahead
}

/// The version that somebody saw. One that cannot be read is none that ever was.
fn seen(text: &str) -> i64 {
    text.parse().unwrap_or(-1)
}

fn address(id: i64, wish: &Wish) -> String {
    format!("/admin/messages/{id}{}", wish.query())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sorting {
    seen: String,
    state: String,
}

async fn sort(
    desk: Desk,
    Path(id): Path<i64>,
    Query(wish): Query<Wish>,
    Form(form): Form<Sorting>,
) -> Result<Response> {
    let state = State::parse(&form.state)
        .filter(|state| *state != State::Answered)
        .ok_or_else(|| Error::BadRequest("There is no such state of a message.".to_owned()))?;
    let write = desk.write().await?;
    let message = match handling::set_state(&write, id, seen(&form.seen), state).await {
        Ok(message) => message,
        Err(error) => {
            drop(write);
            return refused(&desk, id, &wish, Draft::default(), error).await;
        }
    };
    write.commit().await?;
    let list = format!("/admin/messages{}", wish.query());
    let (to, what) = match state {
        State::Unread => (list, "is marked as unread"),
        State::Archived => (list, "is archived"),
        State::Spam => (list, "is marked as spam"),
        State::Open | State::Answered => (address(id, &wish), "is open"),
    };
    desk.done(&to, format!("Message {} {what}.", message.reference)).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Assignment {
    seen: String,
    assignee: String,
}

async fn assign(
    desk: Desk,
    Path(id): Path<i64>,
    Query(wish): Query<Wish>,
    Form(form): Form<Assignment>,
) -> Result<Response> {
    // What is no number is nobody's id, and is refused like somebody who has left.
    let person = if form.assignee.is_empty() { None } else { Some(form.assignee.parse().unwrap_or(-1)) };
    let write = desk.write().await?;
    match handling::assign(&write, id, seen(&form.seen), person).await {
        Ok(true) => write.commit().await?,
        Ok(false) => return desk.not_done(&address(id, &wish), "Nothing was changed.").await,
        Err(error) => {
            drop(write);
            return refused(&desk, id, &wish, Draft::default(), error).await;
        }
    }
    let message = stored::get(desk.app.read(), id).await?;
    let sentence = message.assignee_name.map_or_else(
        || "The message is assigned to nobody now.".to_owned(),
        |name| format!("The message is assigned to {name}."),
    );
    desk.done(&address(id, &wish), sentence).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NoteForm {
    note: String,
}

async fn note(
    desk: Desk,
    Path(id): Path<i64>,
    Query(wish): Query<Wish>,
    Form(form): Form<NoteForm>,
) -> Result<Response> {
    let write = desk.write().await?;
    if let Err(error) = notes::add(&write, id, &form.note).await {
        drop(write);
        return refused(&desk, id, &wish, Draft { note: form.note, ..Draft::default() }, error).await;
    }
    write.commit().await?;
    desk.done(&address(id, &wish), "The note is added.").await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AnswerForm {
    seen: String,
    answer: String,
}

async fn answer(
    desk: Desk,
    Path(id): Path<i64>,
    Query(wish): Query<Wish>,
    Form(form): Form<AnswerForm>,
) -> Result<Response> {
    let write = desk.write().await?;
    if let Err(error) = answering::answer(&write, id, seen(&form.seen), &form.answer).await {
        drop(write);
        // After a conflict the screen shows what the others did, so the next try counts as having seen it.
        let seen = if matches!(error, Error::Invalid(_)) { Some(seen(&form.seen)) } else { None };
        return refused(&desk, id, &wish, Draft { answer: Some(form.answer), seen, ..Draft::default() }, error).await;
    }
    write.commit().await?;
    let sentence = "The answer is stored. Now send it with the link “Send with your mail program”.";
    desk.done(&address(id, &wish), sentence).await
}

/// Shows the message again with what was typed and the reason, or what was typed alone when the message is gone.
async fn refused(desk: &Desk, id: i64, wish: &Wish, draft: Draft, error: Error) -> Result<Response> {
    match error {
        Error::Invalid(invalid) => {
            let draft = Draft { errors: invalid.into(), ..draft };
            message_screen::draw(desk, StatusCode::UNPROCESSABLE_ENTITY, id, wish, draft).await
        }
        Error::Conflict(conflict) => {
            message_screen::draw(desk, StatusCode::CONFLICT, id, wish, Draft { conflict, ..draft }).await
        }
        Error::NotFound => message_screen::draw_gone(desk, wish, draft).await,
        other => Err(other),
    }
}
