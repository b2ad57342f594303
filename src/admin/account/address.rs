//! Another e-mail address for the user: they give their password, and open the link that is sent to the new address. The link
//! works for the signed-in user alone, so an address that was mistyped lets nobody in.

use axum::{http::StatusCode, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::own_device;
use crate::{
    admin::{
        paths::{AccountPath, AddressLinkPath, AddressPath},
        shared::{admin_context::AdminContext, confirm_password, routes::Routes, sessions},
    },
    error::{Error, Result, ValidationErrors},
    model::{address, policy::Action, user},
    text::{email, isolate::isolate},
    web::{client::Client, form::Form, form_errors::FormErrors, security_log::EventKind},
};

const CURRENT: &str = "current_password";

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get(Action::UseAdmin, edit)
        .post(Action::UseAdmin, ask)
        .get(Action::UseAdmin, show)
        .post(Action::UseAdmin, confirm)
}

#[derive(Serialize)]
struct AddressView {
    /// The present address; for password managers as it is stored.
    username: String,
    present: String,
    email: String,
    /// Whether this portal sends e-mails; else only an administrator can change it.
    is_sent: bool,
    errors: FormErrors,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AddressForm {
    email: String,
    current_password: String,
}

async fn draw(admin: &AdminContext, status: StatusCode, typed: String, errors: FormErrors) -> Result<Response> {
    let view = AddressView {
        username: admin.user.email.clone(),
        present: email::display(&admin.user.email),
        email: typed,
        is_sent: admin.app.mailer.is_some(),
        errors,
    };
    admin.screen_as(status, "admin/account/address.html", "Change your e-mail address", &view).await
}

async fn edit(_: AddressPath, admin: AdminContext) -> Result<Response> {
    draw(&admin, StatusCode::OK, String::new(), FormErrors::default()).await
}

/// Whether another account has the address is not said here; the link to it is not sent then.
async fn ask(_: AddressPath, admin: AdminContext, client: Client, Form(typed): Form<AddressForm>) -> Result<Response> {
    let Some(mailer) = &admin.app.mailer else {
        return Err(Error::BadRequest(
            "This portal sends no e-mail. Ask an administrator to change your address.".to_owned(),
        ));
    };
    match checked(&admin, client, &typed).await {
        Ok(email) => {
            address::ask(&admin.app.db, &admin.user, &email, admin.app.now()).await?;
            mailer.wake();
            let sentence = format!(
                "A link is on its way to {}, unless another account has this address. Your address changes when you open the \
                 link within 24 hours, signed in.",
                isolate(&email::display(&email))
            );
            admin.done(AccountPath::PATH, sentence).await
        }
        Err(error) => {
            let (status, errors) = confirm_password::refusal(&admin.app, error, CURRENT)?;
            let is_wrong = errors.list.iter().any(|error| error.field == CURRENT);
            let response = draw(&admin, status, typed.email, errors).await?;
            Ok(if is_wrong { confirm_password::mark(response, admin.user.id) } else { response })
        }
    }
}

async fn checked(admin: &AdminContext, client: Client, typed: &AddressForm) -> Result<String> {
    let email = user::parse_email(&typed.email).ok_or_else(|| ValidationErrors::one("email", user::NO_EMAIL))?;
    if email == admin.user.email {
        return Err(ValidationErrors::one("email", "This is your address already").into());
    }
    confirm_password::check_password(&admin.app, &admin.user, &typed.current_password, CURRENT).await?;
    match admin.app.login_attempts.by_forgetting(&email, client, admin.app.steady()) {
        Err(Error::TooMany(_)) => Err(ValidationErrors::one(
            "email",
            "Several links were sent to this address or from here. Try again in an hour",
        )
        .into()),
        counted => counted.map(|()| email),
    }
}

#[derive(Serialize)]
struct AddressLinkView {
    present: String,
    email: String,
}

/// Opening the link changes nothing: programs that look at e-mails do that too.
async fn show(AddressLinkPath { token }: AddressLinkPath, admin: AdminContext) -> Result<Response> {
    match address::find(admin.app.read(), &token, admin.user.id, admin.app.now()).await {
        Ok(email) => {
            let view = AddressLinkView { present: email::display(&admin.user.email), email: email::display(&email) };
            admin.screen("admin/account/address_link.html", "Confirm your e-mail address", &view).await
        }
        Err(error) => dead(&admin, error).await,
    }
}

async fn confirm(AddressLinkPath { token }: AddressLinkPath, admin: AdminContext) -> Result<Response> {
    match admin.change(async |write| address::confirm(write, &token, &admin.user).await).await {
        Ok(user) => {
            if let Some(mailer) = &admin.app.mailer {
                mailer.wake();
            }
            sessions::renew(&admin.session, &user).await?;
            let sentence = format!(
                "From now on you sign in as {}. Your other sessions have ended.",
                isolate(&email::display(&user.email))
            );
            let response = admin.done(AccountPath::PATH, sentence).await?;
            own_device::keep_known(&admin, &user, response, EventKind::AddressChanged).await
        }
        Err(error) => dead(&admin, error).await,
    }
}

async fn dead(admin: &AdminContext, error: Error) -> Result<Response> {
    if !matches!(error, Error::Gone) {
        return Err(error);
    }
    let sentence = "This link does not work: it was used already, has expired, was replaced by a newer one, or is for another \
                    account. Your address was not changed.";
    admin.not_done(AccountPath::PATH, sentence).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples = &[
    ("admin/account/address.html", crate::admin::shared::admin_context::sample_screen::<AddressView>),
    ("admin/account/address_link.html", crate::admin::shared::admin_context::sample_screen::<AddressLinkView>),
];

#[cfg(test)]
crate::state::template_samples::sampled! {
    AddressView { username, present, email, is_sent, errors }
    AddressLinkView { present, email }
}
