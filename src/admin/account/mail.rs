//! Which e-mails the user gets.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use crate::{
    admin::{
        paths::AccountMailPath,
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::{Error, Result},
    model::{
        mail::notices::{self, MessageNotices},
        policy::Action,
    },
    web::{
        form::Form,
        form_errors::{FormErrors, SelectOption},
    },
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::UseAdmin, edit).post(Action::UseAdmin, update)
}

#[derive(Serialize)]
struct View {
    messages: &'static str,
    choices: Vec<SelectOption>,
    own_documents: bool,
    /// Whether any e-mail is sent.
    is_sent: bool,
    errors: FormErrors,
}

async fn edit(_: AccountMailPath, admin: AdminContext) -> Result<Response> {
    let choice = notices::choice(admin.app.read(), admin.user.id).await?;
    let view = View {
        messages: choice.messages.as_str(),
        choices: MessageNotices::ALL.map(|one| SelectOption::new(one.as_str(), label(one))).into(),
        own_documents: choice.own_documents,
        is_sent: admin.app.mailer.is_some(),
        errors: FormErrors::default(),
    };
    admin.screen("admin/account/mail.html", "E-mails to you", &view).await
}

const fn label(how: MessageNotices) -> &'static str {
    match how {
        MessageNotices::Daily => "Once a day, in the morning",
        MessageNotices::AtOnce => "At once, and those that come within ten minutes together",
        MessageNotices::None => "Never",
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MailForm {
    messages: String,
    own_documents: String,
}

async fn update(_: AccountMailPath, admin: AdminContext, Form(form): Form<MailForm>) -> Result<Response> {
    let Some(messages) = MessageNotices::parse(&form.messages) else {
        return Err(Error::BadRequest("The form has a choice that there is not.".to_owned()));
    };
    notices::choose(&admin.app.db, admin.user.id, messages, !form.own_documents.is_empty()).await?;
    admin.done(AccountMailPath::PATH, "Saved which e-mails you get.").await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/account/mail.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { messages, choices, own_documents, is_sent, errors }
}
