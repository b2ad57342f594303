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
        submissions::{self, SUBMISSION_FIELD},
    },
};

/// Such a form: where it was sent, and what is shown of it.
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

    pub(super) async fn refuse(self, app: &App) -> Response {
        let name = self.user_name;
        let reason = Reason {
            title: "Someone else is signed in here now",
            is_error: true,
            message: isolate::quotations(&format!(
                "This form was opened by another user, and this browser is signed in as “{name}” now. If you are “{name}”, you \
                 can send it again: it is then done in your name."
            )),
            ..Reason::default()
        };
        let page = kept_page::render(app, self.target, self.fields, reason).await;
        page.map_or_else(IntoResponse::into_response, |page| (StatusCode::CONFLICT, page).into_response())
    }
}
