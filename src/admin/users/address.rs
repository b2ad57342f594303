//! Another e-mail address for a user, by an administrator: for those who cannot open a link, or where no e-mail is sent.

use axum::response::Response;
use serde::{Deserialize, Serialize};

use crate::{
    admin::{
        paths::{UserAddressPath, UserPath},
        shared::{
            admin_context::AdminContext,
            form_outcome::{FormOutcome, FormState},
            merged_form::{FormBase, FormField, Log},
            routes::Routes,
            sessions,
        },
    },
    error::{Error, Result, ValidationErrors},
    model::{
        address,
        policy::Action,
        user::{self, User},
        write::Write,
    },
    text::{email, isolate::isolate},
    web::{
        form::Form,
        security_log::{self, EventKind},
    },
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::ManageUsers, edit).post(Action::ManageUsers, update)
}

#[derive(Serialize)]
struct UserAddressView {
    id: i64,
    name: String,
    email: String,
    base: FormBase,
    #[serde(flatten)]
    state: FormState,
    /// Whether the old address is told.
    is_sent: bool,
    is_unsaved: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct UserAddressForm {
    email: String,
    #[serde(flatten)]
    base: FormBase,
}

const fn email_field<'a>(typed: &'a str, now: &'a str) -> FormField<'a> {
    FormField { name: "email", label: "E-mail address", typed, now }
}

async fn draw(admin: &AdminContext, user: &User, typed: &str, state: FormState) -> Result<Response> {
    let status = state.status();
    let now = email::display(&user.email);
    let view = UserAddressView {
        id: user.id,
        name: user.name.clone(),
        is_unsaved: typed != now,
        email: typed.to_owned(),
        base: FormBase::of(&[email_field(typed, &now)]),
        state,
        is_sent: admin.app.mailer.is_some(),
    };
    admin.screen_as(status, "admin/users/address.html", "Change an e-mail address", &view).await
}

async fn edit(UserAddressPath { id }: UserAddressPath, admin: AdminContext) -> Result<Response> {
    let user = user::get(admin.app.read(), id).await?;
    draw(&admin, &user, &email::display(&user.email), FormState::default()).await
}

async fn update(
    UserAddressPath { id }: UserAddressPath,
    admin: AdminContext,
    Form(typed): Form<UserAddressForm>,
) -> Result<Response> {
    match admin.change(async |write| change(&admin, write, id, &typed).await).await {
        Ok(FormOutcome::Saved(user)) => {
            if let Some(mailer) = &admin.app.mailer {
                mailer.wake();
            }
            if id == admin.user.id {
                // Their sessions have ended, this one too: it goes on under a new id.
                sessions::renew(&admin.session, &user).await?;
            }
            let sentence = format!(
                "{} signs in as {} from now on. Their sessions and links have ended.",
                isolate(&user.name),
                isolate(&email::display(&user.email))
            );
            let response = admin.done(&UserPath { id }.to_string(), sentence).await?;
            Ok(security_log::attach(response, EventKind::AddressChanged, Some(id)))
        }
        Ok(FormOutcome::Again((user, email, state))) => draw(&admin, &user, &email, state).await,
        Err(error) => admin.refuse(&UserPath { id }.to_string(), error).await,
    }
}

/// The user as changed; otherwise the user, what was typed, and why it is not saved.
async fn change(
    admin: &AdminContext,
    write: &Write,
    id: i64,
    typed: &UserAddressForm,
) -> Result<FormOutcome<User, (User, String, FormState)>> {
    let user = user::get(write, id).await?;
    let now = email::display(&user.email);
    let mut merged = typed.base.merge(&[email_field(typed.email.trim(), &now)]);
    let log = Log { action: "user.change_address", subject_id: Some(id), names: None };
    merged.name_authors(admin, log).await?;
    if merged.needs_choice() {
        let shown = merged.displayed_value("email").to_owned();
        return Ok(FormOutcome::Again((user, shown, merged.into_state())));
    }
    merged.check_changed()?;
    let done = match user::parse_email(merged.value("email")) {
        None => Err(ValidationErrors::one("email", user::NO_EMAIL).into()),
        Some(email) if email == user.email => {
            return Err(Error::Conflict("They have this address already, so nothing was saved.".to_owned()));
        }
        Some(email) => address::change(write, &user, &email, admin.app.mailer.is_some()).await,
    };
    match done {
        Ok(user) => Ok(FormOutcome::Saved(user)),
        Err(error) => {
            let state = merged.into_state_with(error.validation_errors()?);
            Ok(FormOutcome::Again((user, typed.email.clone(), state)))
        }
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/users/address.html", crate::admin::shared::admin_context::sample_screen::<UserAddressView>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    UserAddressView { id, name, email, base, state, is_sent, is_unsaved }
}
