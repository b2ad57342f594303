//! What is done with a type by one press: moving a field up or down, hiding it, retiring the type. Nothing is typed.

use axum::{http::StatusCode, response::Response};
use serde::Deserialize;

use super::{
    asked::AskedChange,
    change::{self, ChangeOutcome},
    show,
};
use crate::{
    admin::{
        paths::{HiddenTypeFieldPath, RetiredTypePath, TypeFieldPositionPath, TypePath},
        shared::{admin_context::AdminContext, position::PositionForm, routes::Routes},
    },
    error::{Error, Result},
    model::{
        document::document_type::{DocumentType, TypeDefinition},
        policy::Action,
    },
    web::form::Form,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .post(Action::ChangeTypes, update_position)
        .post(Action::ChangeTypes, update_hidden)
        .post(Action::ChangeTypes, update_retired)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PressForm {
    /// The version that its user saw.
    base: String,
    confirmed: String,
    /// Where a field goes: `up` or `down`.
    to: String,
    /// `yes` to hide a field.
    hidden: String,
    /// `yes` to retire the type.
    retired: String,
}

/// The place of a field within its type.
fn place_of(now: &DocumentType, field: &str) -> Result<usize> {
    now.definition.fields.iter().position(|one| one.key == field).ok_or(Error::NotFound)
}

/// The path of the row of a field.
fn at_row(key: &str, field: &str) -> String {
    format!("{}#_field-{field}", TypePath { key: key.to_owned() })
}

async fn update_position(
    TypeFieldPositionPath { key, field }: TypeFieldPositionPath,
    admin: AdminContext,
    Form(form): Form<PressForm>,
) -> Result<Response> {
    let now = change::find(&admin, &key)?;
    let at = place_of(&now, &field)?;
    let label = now.definition.fields[at].label.clone();
    let other = match form.to.as_str() {
        "up" => at.checked_sub(1),
        "down" => Some(at + 1).filter(|other| *other < now.definition.fields.len()),
        _ => return Err(Error::BadRequest("A field moves up or down.".to_owned())),
    };
    let to = at_row(&key, &field);
    let Some(other) = other else {
        return admin.not_done(&to, PositionForm::describe_unmoved(&label)).await;
    };
    let mut next = now.definition.clone();
    next.fields.swap(at, other);
    let action = TypeFieldPositionPath { key, field }.to_string();
    let asked = ask(&now, next, &form, action, ("to", form.to.clone()));
    finish(&admin, asked, &to, PositionForm::describe(&label, "", "")).await
}

async fn update_hidden(
    HiddenTypeFieldPath { key, field }: HiddenTypeFieldPath,
    admin: AdminContext,
    Form(form): Form<PressForm>,
) -> Result<Response> {
    let now = change::find(&admin, &key)?;
    let at = place_of(&now, &field)?;
    let mut next = now.definition.clone();
    next.fields[at].is_hidden = form.hidden == "yes";
    let label = &next.fields[at].label;
    let sentence = if form.hidden == "yes" {
        format!("“{label}” is hidden now. Documents keep its values.")
    } else {
        format!("“{label}” is shown again.")
    };
    let to = at_row(&key, &field);
    let action = HiddenTypeFieldPath { key, field }.to_string();
    let asked = ask(&now, next, &form, action, ("hidden", form.hidden.clone()));
    finish(&admin, asked, &to, sentence).await
}

async fn update_retired(
    RetiredTypePath { key }: RetiredTypePath,
    admin: AdminContext,
    Form(form): Form<PressForm>,
) -> Result<Response> {
    let now = change::find(&admin, &key)?;
    let next = TypeDefinition { is_retired: form.retired == "yes", ..now.definition.clone() };
    let sentence = if next.is_retired {
        format!("“{}” is retired. The documents of this type keep it; no others can get it.", next.label)
    } else {
        format!("“{}” is offered again.", next.label)
    };
    let to = TypePath { key: key.clone() }.to_string();
    let asked = ask(&now, next, &form, RetiredTypePath { key }.to_string(), ("retired", form.retired.clone()));
    finish(&admin, asked, &to, sentence).await
}

/// A change that a button asks for, which sends `field` besides the version.
fn ask<'a>(
    now: &'a DocumentType,
    next: TypeDefinition,
    form: &'a PressForm,
    action: String,
    field: (&'static str, String),
) -> AskedChange<'a> {
    let fields = vec![field, ("base", form.base.clone())];
    AskedChange { now, next, base: &form.base, confirmed: &form.confirmed, action, fields }
}

async fn finish(admin: &AdminContext, asked: AskedChange<'_>, to: &str, sentence: String) -> Result<Response> {
    let key = asked.now.key.clone();
    match change::carry_out(admin, asked).await {
        Ok(ChangeOutcome::Saved) => admin.done(to, sentence).await,
        Ok(ChangeOutcome::Same) => admin.not_done(to, change::SAME).await,
        Ok(ChangeOutcome::Asked(screen)) => Ok(screen),
        Ok(ChangeOutcome::Newer(newer)) => {
            admin.warn(format!("{}. This is how it is now.", newer.sentence)).await?;
            show::draw(admin, &key, StatusCode::CONFLICT).await
        }
        Err(error) => admin.refuse(to, error).await,
    }
}
