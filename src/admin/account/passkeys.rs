//! The passkeys of the user: adding one, which a script does with the browser, and removing one. What the browser is asked
//! waits in the session for its answer.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::{own_device, recovery_codes::show_codes};
use crate::{
    admin::{
        paths::{AccountPath, NewPasskeyPath, PasskeysPath, RemovePasskeyPath},
        shared::{
            admin_context::{AdminContext, When},
            routes::Routes,
            sessions, user_agent,
        },
    },
    error::{Error, Result},
    model::{
        passkey::{self, StoredPasskey},
        policy::Action,
        relying_party::RelyingParty,
        user::User,
    },
    web::{form::Form, form_errors::FormErrors, security_log::EventKind},
};

/// Key of what the answer is checked with, among a session's values.
const STATE: &str = "new_passkey";
const HOME: &str = AccountPath::PATH;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .post(Action::ChangeOwnFactors, begin)
        .get(Action::ChangeOwnFactors, new)
        .post(Action::ChangeOwnFactors, create)
        .post(Action::ChangeOwnFactors, delete)
}

/// A passkey as the account screen lists it.
#[derive(Serialize)]
pub(super) struct PasskeyView {
    id: i64,
    name: String,
    backed_up: bool,
    added: When,
    used: Option<When>,
}

pub(super) async fn passkey_views(admin: &AdminContext) -> Result<Vec<PasskeyView>> {
    let view = |passkey: StoredPasskey| PasskeyView {
        id: passkey.id,
        backed_up: passkey.backed_up,
        added: admin.when(passkey.added_at),
        used: passkey.used_at.map(|time| admin.when(time)),
        name: passkey.name,
    };
    Ok(passkey::list(admin.app.read(), admin.user.id).await?.into_iter().map(view).collect())
}

#[derive(Serialize)]
struct View {
    /// What the script asks the browser for, as JSON.
    options: String,
    name: String,
    errors: FormErrors,
}

/// `Conflict` with a sentence when the site can have no passkeys.
fn relying_party(admin: &AdminContext) -> Result<&RelyingParty> {
    admin.app.relying_party.as_ref().map_err(|sentence| Error::Conflict((*sentence).to_owned()))
}

/// After the password was asked for.
async fn begin(_: PasskeysPath, admin: AdminContext) -> Result<Response> {
    match relying_party(&admin) {
        Ok(_) => Ok(Redirect::to(NewPasskeyPath::PATH).into_response()),
        Err(error) => admin.refuse(HOME, error).await,
    }
}

async fn new(_: NewPasskeyPath, admin: AdminContext) -> Result<Response> {
    draw(&admin, user_agent::describe(&admin.sender.headers), FormErrors::default()).await
}

async fn draw(admin: &AdminContext, name: String, errors: FormErrors) -> Result<Response> {
    let party = match relying_party(admin) {
        Ok(party) => party,
        Err(error) => return admin.refuse(HOME, error).await,
    };
    let stored = passkey::list(admin.app.read(), admin.user.id).await?;
    let known: Vec<_> = stored.iter().map(StoredPasskey::passkey).collect::<Result<_>>()?;
    let question = party.ask_for_new(&admin.user, &known)?;
    admin.session.insert(STATE, question.state).await.map_err(sessions::fault)?;
    let status = if errors.list.is_empty() { StatusCode::OK } else { errors.status() };
    let view = View { options: question.options, name, errors };
    admin.screen_as(status, "admin/account/passkey.html", "Add a passkey", &view).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NewPasskeyForm {
    name: String,
    /// The browser's answer, as JSON.
    answer: String,
}

async fn create(_: NewPasskeyPath, admin: AdminContext, Form(typed): Form<NewPasskeyForm>) -> Result<Response> {
    match add(&admin, &typed).await {
        Ok((user, codes)) => {
            sessions::renew(&admin.session, &user).await?;
            let response = match codes {
                Some(codes) => show_codes(&admin, codes).await?,
                None => admin.done(HOME, "Your passkey was added. Your other sessions have ended.").await?,
            };
            own_device::keep_known(&admin, &user, response, EventKind::FactorAdded).await
        }
        Err(Error::Validation(invalid)) => draw(&admin, typed.name, invalid.into()).await,
        Err(error) => admin.refuse(HOME, error).await,
    }
}

async fn add(admin: &AdminContext, typed: &NewPasskeyForm) -> Result<(User, Option<Vec<String>>)> {
    let party = relying_party(admin)?;
    // An answer counts once.
    let state = admin.session.remove::<String>(STATE).await.map_err(sessions::fault)?;
    let passkey = party.accept_new(&typed.answer, state.as_deref())?;
    admin.change(async |write| passkey::add(write, &admin.user, &passkey, &typed.name).await).await
}

async fn delete(RemovePasskeyPath { id }: RemovePasskeyPath, admin: AdminContext) -> Result<Response> {
    let Some(user) = admin.change(async |write| passkey::remove(write, &admin.user, id).await).await? else {
        return admin.not_done(HOME, "This passkey was removed before.").await;
    };
    sessions::renew(&admin.session, &user).await?;
    let sentence = "The passkey was removed here. Remove it on its device too. Your other sessions have ended.";
    let response = admin.done(HOME, sentence).await?;
    own_device::keep_known(&admin, &user, response, EventKind::FactorRemoved).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/account/passkey.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    PasskeyView { id, name, backed_up, added, used }
    View { options, name, errors }
}
