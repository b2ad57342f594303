//! A form that was drawn for one user and is sent while another one is signed in, as from a tab that was left open: it is not
//! handled in the other one's name unasked. What was typed is shown, and can be sent again.

use axum::{
    extract::Request,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{
    kept_form,
    kept_page::{self, Reason},
};
use crate::{
    model::user::User,
    state::app_state::App,
    text::isolate,
    web::{
        form,
        submissions::{self, SUBMISSION_FIELD, with_files},
    },
};

/// Such a form: where it was sent, and what is shown of it; nothing of one with files, which would have to be chosen again.
pub(super) struct OtherUsersForm {
    target: String,
    fields: Vec<(String, String)>,
    user_name: String,
}

impl OtherUsersForm {
    /// None for any other form.
    pub(super) fn of(request: &Request, body: &[u8]) -> Option<Self> {
        let user = request.extensions().get::<User>()?;
        submissions::drawn_for(body).filter(|drawn_for| *drawn_for != user.id)?;
        // The page marks the form as one that anyone may send.
        let is_kept = |name: &str| name != SUBMISSION_FIELD && !kept_form::is_password(name);
        let fields: Vec<(String, String)> = form::read(body).ok()?;
        Some(Self {
            target: request.uri().path_and_query().map_or_else(String::new, ToString::to_string),
            fields: fields.into_iter().filter(|(name, _)| is_kept(name)).collect(),
            user_name: user.name.clone(),
        })
    }

    /// The same for a form with files, of which only the beginning is read: the request as it was, when it is not one.
    pub(super) async fn pass_files(request: Request) -> Result<Request, Self> {
        let user = request.extensions().get::<User>().cloned().filter(|_| with_files::is_with_files(request.headers()));
        let Some(user) = user else { return Ok(request) };
        let (drawn_for, request) = with_files::drawn_for(request).await;
        if drawn_for.is_none_or(|drawn_for| drawn_for == user.id) {
            return Ok(request);
        }
        Err(Self { target: String::new(), fields: Vec::new(), user_name: user.name })
    }

    pub(super) async fn refuse(self, app: &App) -> Response {
        let name = self.user_name;
        let todo = if self.target.is_empty() {
            "open the form again and choose the files again"
        } else {
            "you can send it again: it is then done in your name"
        };
        let reason = Reason {
            title: "Someone else is signed in here now",
            is_error: true,
            message: isolate::quotations(&format!(
                "This form was opened by another user, and this browser is signed in as “{name}” now. If you are “{name}”, {todo}."
            )),
            ..Reason::default()
        };
        let page = kept_page::render(app, self.target, self.fields, reason).await;
        page.map_or_else(IntoResponse::into_response, |page| (StatusCode::CONFLICT, page).into_response())
    }
}
