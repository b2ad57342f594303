//! The settings of a type: making one, and changing what it is called, what it is used for and the layout of new pages.

use axum::{http::StatusCode, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::{
    asked::AskedChange,
    change::{self, FormAnswer},
    made_key, words,
};
use crate::{
    admin::{
        paths::{EditTypePath, NewTypePath, TypePath},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::{Result, ValidationErrors},
    model::{
        document::{
            choices::Layout,
            document_type::{DocumentType, TypeDefinition},
            kind::DocumentKind,
            type_editing,
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

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
struct TypeForm {
    label: String,
    /// Of a new type only.
    key: String,
    hint: String,
    /// `yes` or empty.
    for_pages: String,
    for_questions: String,
    layout: String,
    /// The version that its user saw.
    base: String,
    confirmed: String,
}

impl TypeForm {
    fn of(one: &DocumentType) -> Self {
        let TypeDefinition { label, hint, used_for, layout, .. } = &one.definition;
        let tick = |kind| if used_for.contains(&kind) { "yes" } else { "" }.to_owned();
        Self {
            label: label.clone(),
            key: one.key.clone(),
            hint: hint.clone(),
            for_pages: tick(DocumentKind::Page),
            for_questions: tick(DocumentKind::FaqItem),
            layout: layout.as_str().to_owned(),
            base: one.version.to_string(),
            confirmed: String::new(),
        }
    }

    /// `now` with what was typed.
    fn apply_to(&self, now: &TypeDefinition) -> TypeDefinition {
        let kinds = [(&self.for_pages, DocumentKind::Page), (&self.for_questions, DocumentKind::FaqItem)];
        TypeDefinition {
            label: self.label.clone(),
            hint: self.hint.clone(),
            used_for: kinds.into_iter().filter(|(tick, _)| !tick.is_empty()).map(|(_, kind)| kind).collect(),
            layout: Layout::from_name(&self.layout).unwrap_or_default(),
            ..now.clone()
        }
    }

    /// What it holds, to be sent once more.
    fn fields(&self) -> Vec<(&'static str, String)> {
        let Self { label, hint, for_pages, for_questions, layout, base, .. } = self.clone();
        vec![
            ("label", label),
            ("hint", hint),
            ("for_pages", for_pages),
            ("for_questions", for_questions),
            ("layout", layout),
            ("base", base),
        ]
    }
}

#[derive(Serialize)]
struct FormView<'a> {
    is_new: bool,
    action: String,
    /// The path of the screen of the type, and what the type is called; empty for a new one.
    path: String,
    name: &'a str,
    label: &'a str,
    key: &'a str,
    hint: &'a str,
    for_pages: bool,
    for_questions: bool,
    layouts: Vec<SelectOption>,
    layout: &'a str,
    base: &'a str,
    errors: FormErrors,
}

/// The form of a new type, or of `now`.
async fn draw(
    admin: &AdminContext,
    status: StatusCode,
    now: Option<&DocumentType>,
    typed: &TypeForm,
    errors: FormErrors,
) -> Result<Response> {
    let (heading, action) = match now {
        None => ("New type", NewTypePath::PATH.to_owned()),
        Some(now) => ("Change the type", EditTypePath { key: now.key.clone() }.to_string()),
    };
    let TypeForm { label, key, hint, layout, base, .. } = typed;
    let view = FormView {
        is_new: now.is_none(),
        action,
        path: now.map(|now| TypePath { key: now.key.clone() }.to_string()).unwrap_or_default(),
        name: now.map_or("", |now| now.definition.label.as_str()),
        label,
        key,
        hint,
        for_pages: !typed.for_pages.is_empty(),
        for_questions: !typed.for_questions.is_empty(),
        layouts: words::layouts(admin),
        layout,
        base,
        errors,
    };
    admin.screen_as(status, "admin/types/form.html", heading, &view).await
}

/// The errors of a definition as this form shows them.
fn form_errors(mut invalid: ValidationErrors) -> FormErrors {
    for error in &mut invalid.list {
        if error.field == "used_for" {
            "for_pages".clone_into(&mut error.field);
        }
    }
    FormErrors::from(invalid).without("fields")
}

async fn new(_: NewTypePath, admin: AdminContext) -> Result<Response> {
    let typed = TypeForm { for_pages: "yes".to_owned(), ..TypeForm::default() };
    draw(&admin, StatusCode::OK, None, &typed, FormErrors::default()).await
}

async fn create(_: NewTypePath, admin: AdminContext, Form(typed): Form<TypeForm>) -> Result<Response> {
    let key = made_key::key(&typed.key, &typed.label);
    let definition = typed.apply_to(&TypeDefinition::default());
    let made = admin.change(async |write| type_editing::create(write, &key, definition.clone()).await).await;
    match made {
        Ok(()) => {
            let sentence = format!("The type “{}” was made. Add its fields.", clean::line(&typed.label));
            admin.done(&TypePath { key }.to_string(), sentence).await
        }
        Err(error) => {
            let mut invalid = error.validation_errors()?;
            // A key that nobody typed is made from the name, which is missing.
            if key.is_empty() && clean::line(&typed.label).is_empty() {
                invalid.list.retain(|error| error.field != "key");
            }
            let errors = form_errors(invalid);
            draw(&admin, errors.status(), None, &typed, errors).await
        }
    }
}

async fn edit(EditTypePath { key }: EditTypePath, admin: AdminContext) -> Result<Response> {
    let now = change::find(&admin, &key)?;
    draw(&admin, StatusCode::OK, Some(&now), &TypeForm::of(&now), FormErrors::default()).await
}

async fn update(
    EditTypePath { key }: EditTypePath,
    admin: AdminContext,
    Form(typed): Form<TypeForm>,
) -> Result<Response> {
    let now = change::find(&admin, &key)?;
    let to = TypePath { key: key.clone() }.to_string();
    let asked = AskedChange {
        now: &now,
        next: typed.apply_to(&now.definition),
        base: &typed.base,
        confirmed: &typed.confirmed,
        action: EditTypePath { key }.to_string(),
        fields: typed.fields(),
    };
    let outcome = change::carry_out(&admin, asked).await;
    let sentence = format!("The type “{}” was saved.", clean::line(&typed.label));
    match change::answer(&admin, outcome, &to, sentence).await? {
        FormAnswer::Screen(screen) => Ok(screen),
        FormAnswer::Newer(base, errors) => {
            let typed = TypeForm { base, ..typed };
            draw(&admin, StatusCode::CONFLICT, Some(&now), &typed, errors).await
        }
        FormAnswer::Invalid(invalid) => {
            let errors = form_errors(invalid);
            draw(&admin, errors.status(), Some(&now), &typed, errors).await
        }
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/types/form.html", crate::admin::shared::admin_context::sample_screen::<FormView<'static>>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    FormView<'static> {
        is_new, action, path, name, label, key, hint, for_pages, for_questions, layouts, layout, base, errors
    }
}
