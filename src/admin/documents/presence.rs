//! Who else has the form of a document open: noted while it is open, and told in a sentence.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use crate::{
    admin::{
        paths::PresencePath,
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::{Error, Result},
    model::{
        document::{presence, record::Document},
        policy::Action,
    },
    text::{isolate::isolate, listing::join_with_and},
    web::form::Form,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post(Action::Edit, update)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PresenceForm {
    /// `leave` when the form is closed.
    #[serde(rename = "do")]
    does: String,
}

#[derive(Serialize)]
struct Answer {
    others: String,
}

async fn update(
    PresencePath { id }: PresencePath,
    admin: AdminContext,
    Form(form): Form<PresenceForm>,
) -> Result<Response> {
    let document = Document::find(admin.app.read(), id).await?.ok_or(Error::NotFound)?;
    let is_open = form.does != "leave";
    presence::note(&admin.app.db, document.id, &admin.user, is_open, admin.app.steady()).await?;
    Ok(Json(Answer { others: describe(&admin, &document).await? }).into_response())
}

/// Who else has the form of a document open, in a sentence; empty for nobody.
pub(crate) async fn describe(admin: &AdminContext, document: &Document) -> Result<String> {
    let others = presence::others(admin.app.read(), document.id, admin.user.id, admin.app.steady()).await?;
    if others.is_empty() {
        return Ok(String::new());
    }
    let has = if others.len() == 1 { "has" } else { "have" };
    let names: Vec<String> = others.iter().map(|name| isolate(name)).collect();
    Ok(format!("{} {has} this {} open too.", join_with_and(&names), document.kind.noun()))
}
