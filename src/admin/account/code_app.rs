//! The code app of the user: adding one, which asks for a first code, and removing it. Its salt waits in the session until
//! then.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::{own_device, recovery_codes::show_codes};
use crate::{
    admin::{
        paths::{AccountPath, CodeAppPath, NewCodeAppPath, RemoveCodeAppPath},
        shared::{admin_context::AdminContext, routes::Routes, sessions},
    },
    crypto,
    error::{Error, Result},
    model::{code_app, one_time_code::CodeSecret, policy::Action},
    text::{email, qr_code},
    web::{form::Form, form_errors::FormErrors, security_log::EventKind},
};

/// Key of the salt of an app that is being added, among a session's values.
const SALT: &str = "code_app_salt";
const HOME: &str = AccountPath::PATH;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .post(Action::ChangeOwnFactors, begin)
        .get(Action::ChangeOwnFactors, new)
        .post(Action::ChangeOwnFactors, create)
        .post(Action::ChangeOwnFactors, delete)
}

#[derive(Serialize)]
struct View {
    /// How many squares the QR code is wide; 0: none is shown.
    size: usize,
    path: String,
    secret: String,
    /// The same for an app on this device.
    address: String,
    code: String,
    errors: FormErrors,
}

/// Chooses the secret, after the password was asked for.
async fn begin(_: NewCodeAppPath, admin: AdminContext) -> Result<Response> {
    admin.session.insert(SALT, crypto::random_token()).await.map_err(sessions::fault)?;
    Ok(Redirect::to(CodeAppPath::PATH).into_response())
}

async fn salt(admin: &AdminContext) -> Result<Option<String>> {
    admin.session.get(SALT).await.map_err(sessions::fault)
}

async fn new(_: CodeAppPath, admin: AdminContext) -> Result<Response> {
    match salt(&admin).await? {
        Some(salt) => draw(&admin, &salt, String::new(), FormErrors::default()).await,
        None => Ok(Redirect::to(HOME).into_response()),
    }
}

async fn draw(admin: &AdminContext, salt: &str, code: String, errors: FormErrors) -> Result<Response> {
    let secret = code_app::secret(&admin.app.signing_key, admin.user.id, salt);
    let address = address(&admin.settings.site_name, &email::display(&admin.user.email), &secret);
    let picture = qr_code::draw(&address);
    let status = if errors.list.is_empty() { StatusCode::OK } else { errors.status() };
    let view = View {
        size: picture.as_ref().map_or(0, |picture| picture.size),
        path: picture.map(|picture| picture.path).unwrap_or_default(),
        secret: in_groups(&secret.text()),
        address,
        code,
        errors,
    };
    admin.screen_as(status, "admin/account/code_app.html", "Add a code app", &view).await
}

/// What apps read, in the form that they all understand.
fn address(site_name: &str, user: &str, secret: &CodeSecret) -> String {
    let encode =
        |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    let (site, user) = (encode(&site_name.replace(':', " ")), encode(user));
    format!("otpauth://totp/{site}:{user}?secret={}&issuer={site}", secret.text())
}

fn in_groups(secret: &str) -> String {
    let characters: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = characters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CodeForm {
    code: String,
}

async fn create(_: CodeAppPath, admin: AdminContext, Form(typed): Form<CodeForm>) -> Result<Response> {
    let Some(salt) = salt(&admin).await? else {
        if code_app::find(admin.app.read(), admin.user.id).await?.is_some() {
            let sentence = "Your code app was added. If you have not seen your recovery codes, make new ones.";
            return admin.done(HOME, sentence).await;
        }
        return admin.not_done(HOME, "No code app was added. Begin again.").await;
    };
    let key = &admin.app.signing_key;
    match admin.change(async |write| code_app::add(write, &admin.user, key, &salt, &typed.code).await).await {
        Ok((user, codes)) => {
            admin.session.remove::<String>(SALT).await.map_err(sessions::fault)?;
            sessions::renew(&admin.session, &user).await?;
            let response = show_codes(&admin, codes).await?;
            own_device::keep_known(&admin, &user, response, EventKind::FactorAdded).await
        }
        Err(Error::Validation(invalid)) => draw(&admin, &salt, typed.code, invalid.into()).await,
        Err(error) => admin.refuse(HOME, error).await,
    }
}

async fn delete(_: RemoveCodeAppPath, admin: AdminContext) -> Result<Response> {
    let Some(user) = admin.change(async |write| code_app::remove(write, &admin.user).await).await? else {
        return admin.not_done(HOME, "You have no code app, so none was removed.").await;
    };
    sessions::renew(&admin.session, &user).await?;
    let sentence = if user.has_second_factor {
        "Your code app was removed. Your other sessions have ended."
    } else {
        "Your code app was removed: your password is enough to sign in. Your other sessions have ended."
    };
    let response = admin.done(HOME, sentence).await?;
    own_device::keep_known(&admin, &user, response, EventKind::FactorRemoved).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/account/code_app.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { size, path, secret, address, code, errors }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_is_told_the_site_and_the_user() {
        let secret = CodeSecret::new(*b"12345678901234567890");
        assert_eq!(
            address("Site: two & more", "ada@portal.example", &secret),
            "otpauth://totp/Site%20%20two%20%26%20more:ada%40portal%2Eexample\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Site%20%20two%20%26%20more"
        );
        assert_eq!(in_groups("ABCDEFGHIJ"), "ABCD EFGH IJ");
    }
}
