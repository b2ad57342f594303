//! The forms of one field of a type: adding it, and changing it.

use axum::{http::StatusCode, response::Response};
use serde::Serialize;

use super::{
    asked::AskedChange,
    change::{self, ChangeOutcome, FormAnswer},
    field_input::TypeFieldForm,
};
use crate::{
    admin::{
        paths::{NewTypeFieldPath, TypeFieldPath, TypePath},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::{Error, Result, ValidationErrors},
    model::{
        document::{
            document_type::DocumentType,
            type_field::{Shown, TypeControl, TypeField},
        },
        policy::Action,
    },
    text::clean,
    web::{
        form::Form,
        form_errors::{FormErrors, SelectOption},
    },
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get(Action::ChangeTypes, new)
        .post(Action::ChangeTypes, create)
        .get(Action::ChangeTypes, edit)
        .post(Action::ChangeTypes, update)
}

#[derive(Serialize)]
struct FieldFormView<'a> {
    is_new: bool,
    action: String,
    /// The path of the screen of the type, and what the type is called.
    path: String,
    name: &'a str,
    label: &'a str,
    key: &'a str,
    hint: &'a str,
    controls: Vec<SelectOption>,
    control: &'a str,
    limit: &'a str,
    is_required: bool,
    is_searched: bool,
    places: Vec<SelectOption>,
    shown: &'a str,
    options: &'a str,
    parts: &'a str,
    base: &'a str,
    errors: FormErrors,
}

/// The form of a field of `now`: of a new one, or of that with the key `field`.
async fn draw(
    admin: &AdminContext,
    status: StatusCode,
    (now, field): (&DocumentType, Option<&str>),
    typed: &TypeFieldForm,
    errors: FormErrors,
) -> Result<Response> {
    let (heading, action) = match field {
        None => ("Add a field", NewTypeFieldPath { key: now.key.clone() }.to_string()),
        Some(field) => {
            ("Change the field", TypeFieldPath { key: now.key.clone(), field: field.to_owned() }.to_string())
        }
    };
    let option = |(name, label): (&str, &str)| SelectOption::new(name, label);
    let view = FieldFormView {
        is_new: field.is_none(),
        action,
        path: TypePath { key: now.key.clone() }.to_string(),
        name: &now.definition.label,
        label: &typed.label,
        key: &typed.key,
        hint: &typed.hint,
        controls: TypeControl::ALL.map(|control| option(control.names())).into(),
        control: &typed.control,
        limit: &typed.limit,
        is_required: !typed.required.is_empty(),
        is_searched: !typed.searched.is_empty(),
        places: Shown::ALL.map(|shown| option(shown.names())).into(),
        shown: &typed.shown,
        options: &typed.options,
        parts: &typed.parts,
        base: &typed.base,
        errors,
    };
    admin.screen_as(status, "admin/types/field.html", heading, &view).await
}

async fn new(NewTypeFieldPath { key }: NewTypeFieldPath, admin: AdminContext) -> Result<Response> {
    let now = change::find(&admin, &key)?;
    draw(&admin, StatusCode::OK, (&now, None), &TypeFieldForm::new(now.version), FormErrors::default()).await
}

async fn create(
    NewTypeFieldPath { key }: NewTypeFieldPath,
    admin: AdminContext,
    Form(typed): Form<TypeFieldForm>,
) -> Result<Response> {
    let now = change::find(&admin, &key)?;
    let added = typed.field(None).and_then(|field| match now.definition.field(&field.key) {
        Some(other) => {
            let what = if other.is_hidden { "which is hidden" } else { "which this type has" };
            let sentence = format!("The key “{}” is that of “{}”, {what}; choose another one", other.key, other.label);
            Err(ValidationErrors::one("key", sentence))
        }
        None => Ok(field),
    });
    let field = match added {
        Ok(field) => field,
        Err(invalid) => return refuse(&admin, (&now, None), &typed, invalid).await,
    };
    let mut next = now.definition.clone();
    next.fields.push(field);
    let action = NewTypeFieldPath { key }.to_string();
    let fields = typed.fields();
    let asked = AskedChange { now: &now, next, base: &typed.base, confirmed: &typed.confirmed, action, fields };
    let outcome = change::carry_out(&admin, asked).await;
    finish(&admin, (&now, None), typed, outcome).await
}

/// The field of a type with this key.
/// `NotFound` when there is none.
fn find(now: &DocumentType, field: &str) -> Result<TypeField> {
    now.definition.field(field).cloned().ok_or(Error::NotFound)
}

async fn edit(TypeFieldPath { key, field }: TypeFieldPath, admin: AdminContext) -> Result<Response> {
    let now = change::find(&admin, &key)?;
    let typed = TypeFieldForm::of(&find(&now, &field)?, now.version);
    draw(&admin, StatusCode::OK, (&now, Some(&field)), &typed, FormErrors::default()).await
}

async fn update(
    TypeFieldPath { key, field }: TypeFieldPath,
    admin: AdminContext,
    Form(typed): Form<TypeFieldForm>,
) -> Result<Response> {
    let now = change::find(&admin, &key)?;
    let changed = match typed.field(Some(&find(&now, &field)?)) {
        Ok(changed) => changed,
        Err(invalid) => return refuse(&admin, (&now, Some(&field)), &typed, invalid).await,
    };
    let mut next = now.definition.clone();
    for one in next.fields.iter_mut().filter(|one| one.key == field) {
        one.clone_from(&changed);
    }
    let action = TypeFieldPath { key, field: field.clone() }.to_string();
    let fields = typed.fields();
    let asked = AskedChange { now: &now, next, base: &typed.base, confirmed: &typed.confirmed, action, fields };
    let outcome = change::carry_out(&admin, asked).await;
    finish(&admin, (&now, Some(&field)), typed, outcome).await
}

/// The form again with what is wrong with it. A fault of the whole type has no field here.
async fn refuse(
    admin: &AdminContext,
    (now, field): (&DocumentType, Option<&str>),
    typed: &TypeFieldForm,
    invalid: ValidationErrors,
) -> Result<Response> {
    let errors = FormErrors::from(invalid).without("fields");
    let errors = if field.is_some() { errors.without("key") } else { errors };
    draw(admin, errors.status(), (now, field), typed, errors).await
}

async fn finish(
    admin: &AdminContext,
    (now, field): (&DocumentType, Option<&str>),
    typed: TypeFieldForm,
    outcome: Result<ChangeOutcome>,
) -> Result<Response> {
    let to = TypePath { key: now.key.clone() }.to_string();
    let what = if field.is_some() { "was saved" } else { "was added" };
    let sentence = format!("The field “{}” {what}.", clean::line(&typed.label));
    match change::answer(admin, outcome, &to, sentence).await? {
        FormAnswer::Screen(screen) => Ok(screen),
        FormAnswer::Newer(base, errors) => {
            let typed = TypeFieldForm { base, ..typed };
            draw(admin, StatusCode::CONFLICT, (now, field), &typed, errors).await
        }
        FormAnswer::Invalid(invalid) => refuse(admin, (now, field), &typed, invalid).await,
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/types/field.html", crate::admin::shared::admin_context::sample_screen::<FieldFormView<'static>>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    FieldFormView<'static> {
        is_new, action, path, name, label, key, hint, controls, control, limit, is_required, is_searched, places, shown,
        options, parts, base, errors
    }
}
