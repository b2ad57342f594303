//! The screen with a link that a user was given: the invitation, or for a new password.

use axum::response::Response;
use serde::Serialize;

use crate::{
    admin::{
        paths::InvitationPath,
        shared::admin_context::{AdminContext, When},
    },
    error::Result,
    model::{
        invitation::CreatedLink,
        mail::outbox::{self, MailKind},
        user::User,
        write::Write,
    },
    text::email,
    web::security_log::{self, EventKind},
};

#[derive(Serialize)]
struct LinkView {
    id: i64,
    name: String,
    email: String,
    /// Whether they have accepted and this is for a new password.
    renewal: bool,
    link: String,
    expires: When,
    /// Whether the user gets one by e-mail too.
    is_mailed: bool,
}

/// Has a link sent to the user too, as part of the change that makes theirs.
pub(crate) async fn mail_link(admin: &AdminContext, write: &Write, user: &User) -> Result<()> {
    if admin.app.mailer.is_none() {
        return Ok(());
    }
    outbox::add_for(write, MailKind::Invitation, user.id).await
}

/// Shows a link, only this once. There is no redirect, for which the link would have to be stored.
pub(crate) async fn show_link(admin: &AdminContext, user: &User, made: &CreatedLink) -> Result<Response> {
    if let Some(mailer) = &admin.app.mailer {
        mailer.wake();
    }
    let view = LinkView {
        is_mailed: admin.app.mailer.is_some(),
        id: user.id,
        name: user.name.clone(),
        email: email::display(&user.email),
        renewal: user.has_accepted,
        link: format!("{}{}", admin.app.config.origin(), InvitationPath { token: made.token.clone() }),
        expires: admin.when(made.expires_at),
    };
    let title = if user.has_accepted { "Link for a new password" } else { "Invitation" };
    let response = admin.screen("admin/users/link.html", title, &view).await?;
    Ok(security_log::attach(response, EventKind::LinkMade, Some(user.id)))
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/users/link.html", crate::admin::shared::admin_context::sample_screen::<LinkView>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    LinkView { id, name, email, renewal, link, expires, is_mailed }
}
