//! Answer templates: make, change, delete. Users who answer messages use them, so they write them too.

use axum::{http::StatusCode, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use crate::{
    admin::{
        paths::{AnswerTemplatePath, AnswerTemplatesPath, DeleteAnswerTemplatePath, NewAnswerTemplatePath},
        shared::{
            admin_context::AdminContext,
            form_outcome::{FormOutcome, FormState},
            merged_form::{FormBase, FormField, Log},
            routes::Routes,
        },
    },
    error::Result,
    model::{
        message::answer_template::{self, AnswerTemplate},
        policy::Action,
        write::Write,
    },
    text::clean,
    web::form::Form,
};

const LIST: &str = AnswerTemplatesPath::PATH;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get(Action::HandleMessages, index)
        .get(Action::HandleMessages, new)
        .post_text(Action::HandleMessages, create)
        .get(Action::HandleMessages, edit)
        .post_text(Action::HandleMessages, update)
        .post_text(Action::HandleMessages, delete)
}

#[derive(Serialize)]
struct ListView {
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    path: String,
    excerpt: String,
}

async fn index(_: AnswerTemplatesPath, admin: AdminContext) -> Result<Response> {
    let row = |template: AnswerTemplate| Row {
        path: AnswerTemplatePath { id: template.id }.to_string(),
        excerpt: clean::line(&template.body).chars().take(160).collect(),
        name: template.name,
    };
    let rows = answer_template::all(admin.app.read()).await?.into_iter().map(row).collect();
    admin.screen("admin/messages/templates.html", "Answer templates", &ListView { rows }).await
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
struct TemplateForm {
    name: String,
    body: String,
    #[serde(flatten)]
    base: FormBase,
}

impl TemplateForm {
    /// To change a template as it is stored.
    fn of(template: &AnswerTemplate) -> Self {
        let base = FormBase::of(&fields((&template.name, &template.body), template));
        Self { name: template.name.clone(), body: template.body.clone(), base }
    }
}

/// The typed name and text beside the stored ones.
fn fields<'a>((name, body): (&'a str, &'a str), now: &'a AnswerTemplate) -> [FormField<'a>; 2] {
    [
        FormField { name: "name", label: "Name", typed: name, now: &now.name },
        FormField { name: "body", label: "Text", typed: body, now: &now.body },
    ]
}

#[derive(Serialize)]
struct FormView<'a> {
    /// Where it can be deleted; none for a new one.
    deletion: Option<String>,
    action: String,
    name: &'a str,
    body: &'a str,
    base: &'a FormBase,
    #[serde(flatten)]
    state: FormState,
}

async fn draw(admin: &AdminContext, id: Option<i64>, typed: &TemplateForm, state: FormState) -> Result<Response> {
    draw_as(admin, state.status(), id, typed, state).await
}

async fn draw_as(
    admin: &AdminContext,
    status: StatusCode,
    id: Option<i64>,
    typed: &TemplateForm,
    state: FormState,
) -> Result<Response> {
    let (heading, action) = match id {
        None => ("New answer template", NewAnswerTemplatePath::PATH.to_owned()),
        Some(id) => ("Answer template", AnswerTemplatePath { id }.to_string()),
    };
    let TemplateForm { name, body, base } = typed;
    let deletion = id.map(|id| DeleteAnswerTemplatePath { id }.to_string());
    let view = FormView { deletion, action, name, body, base, state };
    admin.screen_as(status, "admin/messages/template.html", heading, &view).await
}

async fn new(_: NewAnswerTemplatePath, admin: AdminContext) -> Result<Response> {
    draw(&admin, None, &TemplateForm::default(), FormState::default()).await
}

async fn create(_: NewAnswerTemplatePath, admin: AdminContext, Form(typed): Form<TemplateForm>) -> Result<Response> {
    let created = admin.change(async |write| answer_template::create(write, &typed.name, &typed.body).await);
    if let Err(error) = created.await {
        return draw(&admin, None, &typed, error.validation_errors()?.into()).await;
    }
    admin.done(LIST, format!("The answer template “{}” was created.", clean::line(&typed.name))).await
}

async fn edit(AnswerTemplatePath { id }: AnswerTemplatePath, admin: AdminContext) -> Result<Response> {
    let template = answer_template::get(admin.app.read(), id).await?;
    draw(&admin, Some(id), &TemplateForm::of(&template), FormState::default()).await
}

async fn update(
    AnswerTemplatePath { id }: AnswerTemplatePath,
    admin: AdminContext,
    Form(typed): Form<TemplateForm>,
) -> Result<Response> {
    match admin.change(async |write| change(&admin, write, id, typed).await).await {
        Ok(FormOutcome::Saved(sentence)) => admin.done(LIST, sentence).await,
        Ok(FormOutcome::Again((typed, state))) => draw(&admin, Some(id), &typed, state).await,
        Err(error) => admin.refuse(LIST, error).await,
    }
}

async fn change(
    admin: &AdminContext,
    write: &Write,
    id: i64,
    typed: TemplateForm,
) -> Result<FormOutcome<String, (TemplateForm, FormState)>> {
    let now = answer_template::get(write, id).await?;
    let (name, body) = (clean::line(&typed.name), clean::lines(&typed.body));
    let mut merged = typed.base.merge(&fields((&name, &body), &now));
    merged
        .name_authors(
            admin,
            Log { action: "answer_template.change", subject_id: Some(id), names: Some(answer_template::names) },
        )
        .await?;
    if merged.needs_choice() {
        let [name, body] = ["name", "body"].map(|field| merged.displayed_value(field).to_owned());
        let typed = TemplateForm { name, body, ..TemplateForm::of(&now) };
        return Ok(FormOutcome::Again((typed, merged.into_state())));
    }
    merged.check_changed()?;
    match answer_template::change(write, &now, merged.value("name"), merged.value("body")).await {
        Ok(()) => Ok(FormOutcome::Saved(format!("The answer template “{}” was saved.", merged.value("name")))),
        Err(error) => {
            let again = TemplateForm { name, body, base: typed.base };
            Ok(FormOutcome::Again((again, merged.into_state_with(error.validation_errors()?))))
        }
    }
}

async fn delete(
    DeleteAnswerTemplatePath { id }: DeleteAnswerTemplatePath,
    admin: AdminContext,
    Form(seen): Form<FormBase>,
) -> Result<Response> {
    let deleted = admin.change(async |write| {
        let now = answer_template::get(write, id).await?;
        if !seen.is_current(&fields((&now.name, &now.body), &now)) {
            return Ok(None);
        }
        answer_template::delete(write, id).await.map(Some)
    });
    let Some(name) = deleted.await? else {
        admin
            .warn("This template was changed after you opened it, so it was not deleted. This is how it is now.")
            .await?;
        let now = answer_template::get(admin.app.read(), id).await?;
        return draw_as(&admin, StatusCode::CONFLICT, Some(id), &TemplateForm::of(&now), FormState::default()).await;
    };
    admin.done(LIST, format!("The answer template “{name}” was deleted.")).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples = &[
    ("admin/messages/templates.html", crate::admin::shared::admin_context::sample_screen::<ListView>),
    ("admin/messages/template.html", crate::admin::shared::admin_context::sample_screen::<FormView<'static>>),
];

#[cfg(test)]
crate::state::template_samples::sampled! {
    ListView { rows }
    Row { name, path, excerpt }
    FormView<'static> { deletion, action, name, body, base, state }
}
