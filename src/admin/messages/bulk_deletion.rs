//! Deleting many messages for good, after a screen that says how many and whose; where all of a list are meant, their number is
//! typed.

use axum::{extract::Query, response::Response};
use serde::{Deserialize, Serialize};

use super::{
    bulk::{self, NOTHING},
    query::MessagesQuery,
};
use crate::{
    admin::{
        paths::{DeleteMessagesPath, MessagesPath},
        shared::{admin_context::AdminContext, cut_log::cut_log, routes::Routes},
    },
    error::{Error, Result, ValidationErrors},
    model::{
        message::{handling, record},
        policy::Action,
        seen_version::SeenVersion,
    },
    text::count::{self, pluralise},
    web::{form::Form, form_errors::FormErrors},
};

/// How many are listed.
const NAMED: usize = 20;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post(Action::DisposeOfMessages, delete)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DeletionForm {
    message: Vec<String>,
    scope: String,
    /// Id of the newest message when the list was shown.
    last: String,
    /// `yes` from the screen that asks.
    confirmed: String,
    count: String,
}

#[derive(Serialize)]
struct View {
    query: String,
    messages: Vec<String>,
    is_all: bool,
    last: String,
    number: String,
    named: Vec<Named>,
    more: usize,
    typed: String,
    errors: FormErrors,
}

#[derive(Serialize)]
struct Named {
    reference: String,
    name: String,
}

async fn delete(
    _: DeleteMessagesPath,
    admin: AdminContext,
    Query(list_query): Query<MessagesQuery>,
    Form(form): Form<DeletionForm>,
) -> Result<Response> {
    let list = format!("{MessagesPath}{}", list_query.query());
    let filter = list_query.filter(&admin);
    let selection = bulk::selection(&form.message, &form.scope, &form.last);
    let messages = selection.messages(admin.app.read(), &filter, |_| true).await?;
    if messages.is_empty() {
        return admin.not_done(&list, NOTHING).await;
    }
    if form.confirmed != "yes" {
        return ask(&admin, &list_query, form, &messages, FormErrors::default()).await;
    }
    let typed = count::parse(&form.count);
    let deleted = admin.change(async |write| {
        let messages = selection.messages(write, &filter, |_| true).await?;
        if selection.is_whole_list() && typed != i64::try_from(messages.len()).ok() {
            return Err(ValidationErrors::one("count", sentence(&messages)).into());
        }
        Ok((messages.len(), handling::delete_all(write, &messages).await?))
    });
    match deleted.await {
        Ok((count, done)) => {
            cut_log(&admin).await;
            let sentence = bulk::outcome(done, "deleted") + &bulk::describe_more(&selection, count);
            if done.done == 0 { admin.not_done(&list, sentence).await } else { admin.done(&list, sentence).await }
        }
        Err(Error::Validation(invalid)) => ask(&admin, &list_query, form, &messages, invalid.into()).await,
        Err(other) => Err(other),
    }
}

fn sentence(messages: &[SeenVersion]) -> String {
    format!("Type {} to confirm that these messages are deleted", messages.len())
}

async fn ask(
    admin: &AdminContext,
    list_query: &MessagesQuery,
    form: DeletionForm,
    messages: &[SeenVersion],
    errors: FormErrors,
) -> Result<Response> {
    let mut named = Vec::new();
    for seen in messages.iter().take(NAMED) {
        match record::get(admin.app.read(), seen.id).await {
            Ok(message) => named.push(Named { reference: message.reference, name: message.name }),
            Err(Error::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    let status = errors.status();
    let title = format!("Delete {}", pluralise(messages.len(), "message", "messages"));
    let view = View {
        query: list_query.query(),
        is_all: form.scope == "all",
        messages: if form.scope == "all" { Vec::new() } else { form.message },
        last: form.last,
        number: messages.len().to_string(),
        more: messages.len().saturating_sub(NAMED),
        named,
        typed: form.count,
        errors,
    };
    admin.screen_as(status, "admin/messages/delete_many.html", &title, &view).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/messages/delete_many.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { query, messages, is_all, last, number, named, more, typed, errors }
    Named { reference, name }
}
