//! The link in an e-mail by which its user gets no more of them: a page that asks first, as programs follow links in e-mails,
//! and a request that programs for e-mail send for their user (RFC 8058). Neither asks for a session.

use axum::{extract::State, http::StatusCode, response::Response};
use serde::Serialize;

use crate::{
    admin::{
        paths::UnsubscribePath,
        shared::{auth_screen, routes::Routes, unsubscribe_token},
    },
    error::Result,
    model::{
        mail::notices::{self, NoticeTopic},
        policy::Action,
    },
    state::app_state::App,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::SignIn, show).post(Action::SignIn, update)
}

#[derive(Serialize)]
struct UnsubscribeView {
    /// Whether the link is one of ours.
    is_known: bool,
    is_done: bool,
    /// Whether it is about messages, not about documents of theirs.
    of_messages: bool,
}

async fn draw(app: &App, topic: Option<NoticeTopic>, is_done: bool) -> Result<Response> {
    let view =
        UnsubscribeView { is_known: topic.is_some(), is_done, of_messages: topic == Some(NoticeTopic::Messages) };
    let status = if view.is_known { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let title = if is_done { "You get no more of these e-mails" } else { "E-mails to you" };
    auth_screen::screen(app, status, "admin/account/unsubscribe.html", title, &view).await
}

async fn show(UnsubscribePath { token }: UnsubscribePath, State(app): State<App>) -> Result<Response> {
    let topic = unsubscribe_token::read(&app.signing_key, &token).map(|(_, topic)| topic);
    draw(&app, topic, false).await
}

/// Whatever is sent with it counts for nothing.
async fn update(UnsubscribePath { token }: UnsubscribePath, State(app): State<App>) -> Result<Response> {
    let Some((user_id, topic)) = unsubscribe_token::read(&app.signing_key, &token) else {
        return draw(&app, None, false).await;
    };
    notices::unsubscribe(&app.db, user_id, topic).await?;
    draw(&app, Some(topic), true).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/account/unsubscribe.html", crate::admin::shared::auth_screen::sample_screen::<UnsubscribeView>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    UnsubscribeView { is_known, is_done, of_messages }
}
