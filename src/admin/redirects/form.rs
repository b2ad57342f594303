//! Adding a redirect, and changing one. Visitors see it at once.

use axum::{extract::Query, http::StatusCode, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use crate::{
    admin::{
        documents::uses::UseView,
        paths::{DeleteRedirectPath, NewRedirectPath, RedirectPath, RedirectsPath},
        shared::{
            admin_context::AdminContext,
            form_outcome::{FormOutcome, FormState},
            merged_form::{FormBase, FormField, Log},
            routes::Routes,
        },
    },
    error::Result,
    model::{
        link::uses,
        policy::Action,
        redirect::{
            editing::{self, CheckedRedirect, FROM, RedirectInput, TO},
            list::{self, RedirectRow},
        },
        write::Write,
    },
    web::form::Form,
};

const BELOW: &str = "covers_below";
/// Most texts that are named.
const USES: i64 = 100;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get(Action::Publish, new)
        .post(Action::Publish, create)
        .get(Action::Publish, edit)
        .post(Action::Publish, update)
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct RedirectForm {
    from: String,
    target: String,
    /// `yes` or empty.
    covers_below: String,
    #[serde(flatten)]
    base: FormBase,
}

impl RedirectForm {
    /// To change a redirect as it is stored.
    fn of(redirect: &RedirectRow) -> Self {
        let [from, target, covers_below] = field_values(redirect);
        let fields = fields([&from, &target, &covers_below], [&from, &target, &covers_below]);
        let base = FormBase::of(&fields);
        Self { from, target, covers_below, base }
    }

    fn input(&self) -> RedirectInput {
        RedirectInput { from: self.from.clone(), to: self.target.clone(), covers_below: !self.covers_below.is_empty() }
    }
}

/// The values of the fields as they are stored.
fn field_values(redirect: &RedirectRow) -> [String; 3] {
    [redirect.path.clone(), redirect.to(), if redirect.covers_below { "yes" } else { "" }.to_owned()]
}

const fn fields<'a>(typed: [&'a str; 3], now: [&'a str; 3]) -> [FormField<'a>; 3] {
    [
        FormField { name: FROM, label: "From", typed: typed[0], now: now[0] },
        FormField { name: TO, label: "To", typed: typed[1], now: now[1] },
        FormField { name: BELOW, label: "Everything below it", typed: typed[2], now: now[2] },
    ]
}

#[derive(Serialize)]
struct FormView<'a> {
    id: Option<i64>,
    action: String,
    from: &'a str,
    target: &'a str,
    covers_below: bool,
    base: &'a FormBase,
    /// Where the form is sent that deletes it; empty for a new one.
    delete: String,
    /// Texts whose links lead on by it, at most so many.
    uses: Vec<UseView>,
    #[serde(flatten)]
    state: FormState,
}

/// What the form that deletes a redirect says that its user saw.
pub(super) fn seen(redirect: &RedirectRow) -> FormBase {
    RedirectForm::of(redirect).base
}

/// Whether a user saw a redirect as it is.
pub(super) fn is_as_seen(redirect: &RedirectRow, seen: &FormBase) -> bool {
    let now = field_values(redirect);
    let now = now.each_ref().map(String::as_str);
    seen.is_current(&fields(now, now))
}

/// A redirect as it is now, after something was refused that was decided about what it was before.
pub(super) async fn draw_now(admin: &AdminContext, id: i64) -> Result<Response> {
    let redirect = list::get(admin.app.read(), id).await?;
    draw_as(admin, StatusCode::CONFLICT, Some(id), &RedirectForm::of(&redirect), FormState::default()).await
}

async fn draw(admin: &AdminContext, id: Option<i64>, typed: &RedirectForm, state: FormState) -> Result<Response> {
    draw_as(admin, state.status(), id, typed, state).await
}

async fn draw_as(
    admin: &AdminContext,
    status: StatusCode,
    id: Option<i64>,
    typed: &RedirectForm,
    state: FormState,
) -> Result<Response> {
    let (heading, action) = match id {
        None => ("Add a redirect", RedirectsPath::PATH.to_owned()),
        Some(id) => ("Change the redirect", RedirectPath { id }.to_string()),
    };
    let RedirectForm { from, target, covers_below, base } = typed;
    let view = FormView {
        id,
        action,
        from,
        target,
        covers_below: !covers_below.is_empty(),
        base,
        delete: id.map(|id| DeleteRedirectPath { id }.to_string()).unwrap_or_default(),
        uses: match id {
            Some(id) => list_uses(admin, id).await?,
            None => Vec::new(),
        },
        state,
    };
    admin.screen_as(status, "admin/redirects/form.html", heading, &view).await
}

async fn list_uses(admin: &AdminContext, id: i64) -> Result<Vec<UseView>> {
    let redirect = list::get(admin.app.read(), id).await?.fields();
    let found = uses::of_redirect(admin.app.read(), &redirect, &admin.app.config.origin(), USES).await?;
    Ok(found.into_iter().map(UseView::of).collect())
}

/// What the form of a new redirect begins with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewRedirectQuery {
    from: String,
}

pub(crate) async fn new(
    _: NewRedirectPath,
    admin: AdminContext,
    Query(query): Query<NewRedirectQuery>,
) -> Result<Response> {
    let typed = RedirectForm { from: query.from, ..RedirectForm::default() };
    draw(&admin, None, &typed, FormState::default()).await
}

pub(crate) async fn create(_: RedirectsPath, admin: AdminContext, Form(typed): Form<RedirectForm>) -> Result<Response> {
    let input = typed.input();
    match admin.change(async |write| editing::create(write, &input).await).await {
        Ok(redirect) => done(&admin, &redirect).await,
        Err(error) => draw(&admin, None, &typed, error.validation_errors()?.into()).await,
    }
}

/// Says where the redirect leads, and what may not have been expected.
async fn done(admin: &AdminContext, redirect: &CheckedRedirect) -> Result<Response> {
    let CheckedRedirect { fields, to, is_collapsed, is_unpublished } = redirect;
    let below = if fields.covers_below { " and everything below it" } else { "" };
    let verb = if fields.covers_below { "lead" } else { "leads" };
    let directly = if *is_collapsed { ", where the path that you typed leads on to" } else { "" };
    let sentence = format!("{}{below} {verb} to {to} now{directly}.", fields.path);
    if *is_unpublished {
        let but = format!("{sentence} The page there is not published, so visitors find nothing until it is.");
        return admin.done_but(RedirectsPath::PATH, but).await;
    }
    admin.done(RedirectsPath::PATH, sentence).await
}

pub(crate) async fn edit(RedirectPath { id }: RedirectPath, admin: AdminContext) -> Result<Response> {
    let redirect = list::get(admin.app.read(), id).await?;
    draw(&admin, Some(id), &RedirectForm::of(&redirect), FormState::default()).await
}

pub(crate) async fn update(
    RedirectPath { id }: RedirectPath,
    admin: AdminContext,
    Form(typed): Form<RedirectForm>,
) -> Result<Response> {
    match admin.change(async |write| change(&admin, write, id, typed).await).await {
        Ok(FormOutcome::Saved(redirect)) => done(&admin, &redirect).await,
        Ok(FormOutcome::Again((typed, state))) => draw(&admin, Some(id), &typed, state).await,
        Err(error) => admin.refuse(RedirectsPath::PATH, error).await,
    }
}

async fn change(
    admin: &AdminContext,
    write: &Write,
    id: i64,
    typed: RedirectForm,
) -> Result<FormOutcome<CheckedRedirect, (RedirectForm, FormState)>> {
    let redirect = list::get(write, id).await?;
    let now = field_values(&redirect);
    let was_typed = [typed.from.trim(), typed.target.trim(), &*typed.covers_below];
    let mut merged = typed.base.merge(&fields(was_typed, now.each_ref().map(String::as_str)));
    let log = Log { action: "redirect.change", subject_id: Some(id), names: None };
    merged.name_authors(admin, log).await?;
    if merged.needs_choice() {
        let [from, target, covers_below] = [FROM, TO, BELOW].map(|name| merged.displayed_value(name).to_owned());
        let typed = RedirectForm { from, target, covers_below, ..RedirectForm::of(&redirect) };
        return Ok(FormOutcome::Again((typed, merged.into_state())));
    }
    merged.check_changed()?;
    let [from, to, covers_below] = [FROM, TO, BELOW].map(|name| merged.value(name).to_owned());
    let input = RedirectInput { from, to, covers_below: !covers_below.is_empty() };
    match editing::update(write, id, &input).await {
        Ok(redirect) => Ok(FormOutcome::Saved(redirect)),
        Err(error) => Ok(FormOutcome::Again((typed, merged.into_state_with(error.validation_errors()?)))),
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/redirects/form.html", crate::admin::shared::admin_context::sample_screen::<FormView<'static>>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    FormView<'static> { id, action, from, target, covers_below, base, delete, uses, state }
}
