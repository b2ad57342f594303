//! A new password for the user, who gives the present one first.

use axum::{http::StatusCode, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::own_device;
use crate::{
    admin::{
        paths::{AccountPasswordPath, AccountPath},
        shared::{admin_context::AdminContext, confirm_password, routes::Routes, sessions},
    },
    error::Result,
    model::{
        password_rules,
        policy::Action,
        user::{self, User},
    },
    web::{form::Form, form_errors::FormErrors, security_log::EventKind},
};

const CURRENT: &str = "current_password";

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::UseAdmin, edit).post(Action::UseAdmin, update)
}

#[derive(Serialize)]
struct View {
    email: String,
    errors: FormErrors,
    password_min: usize,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PasswordForm {
    current_password: String,
    password: String,
}

async fn edit(_: AccountPasswordPath, admin: AdminContext) -> Result<Response> {
    draw(&admin, StatusCode::OK, FormErrors::default()).await
}

async fn draw(admin: &AdminContext, status: StatusCode, errors: FormErrors) -> Result<Response> {
    let view = View { email: admin.user.email.clone(), errors, password_min: password_rules::MIN };
    admin.screen_as(status, "admin/account/password.html", "Change your password", &view).await
}

async fn update(_: AccountPasswordPath, admin: AdminContext, Form(typed): Form<PasswordForm>) -> Result<Response> {
    match replace(&admin, &typed).await {
        Ok(user) => {
            sessions::renew(&admin.session, &user).await?;
            let sentence = "Your password was changed. Your other sessions have ended.";
            let response = admin.done(AccountPath::PATH, sentence).await?;
            own_device::keep_known(&admin, &user, response, EventKind::PasswordChanged).await
        }
        Err(error) => {
            let (status, errors) = confirm_password::refusal(&admin.app, error, CURRENT)?;
            // A new password that breaks a rule is not a wrong password.
            let is_wrong = errors.list.iter().any(|error| error.field == CURRENT);
            let response = draw(&admin, status, errors).await?;
            Ok(if is_wrong { confirm_password::mark(response, admin.user.id) } else { response })
        }
    }
}

async fn replace(admin: &AdminContext, typed: &PasswordForm) -> Result<User> {
    let app = &admin.app;
    confirm_password::check_password(app, &admin.user, &typed.current_password, CURRENT).await?;
    let about = [admin.settings.site_name.as_str(), &admin.user.name, &admin.user.email];
    let hashed = app.hasher.hash_new(&typed.password, &about).await?;
    admin.change(async |write| user::set_password(write, &admin.user, &hashed).await).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/account/password.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { email, errors, password_min }
}
