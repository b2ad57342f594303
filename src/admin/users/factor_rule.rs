//! Which roles need a second factor: the form for administrators.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use crate::{
    admin::{
        paths::{FactorRulePath, UsersPath},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::Result,
    model::{
        actor::Role,
        factor_rule::{self, FactorRule},
        policy::Action,
    },
    text::count::pluralise,
    web::{form::Form, form_errors::FormErrors},
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::ManageUsers, edit).post(Action::ManageUsers, update)
}

#[derive(Serialize)]
struct View {
    for_administrators: bool,
    for_editors: bool,
    /// How many of each would be asked to add one, in words; empty: none.
    administrators_without: String,
    editors_without: String,
    errors: FormErrors,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RuleForm {
    for_administrators: String,
    for_editors: String,
}

impl RuleForm {
    fn rule(&self) -> FactorRule {
        let chosen = [(Role::Administrator, &self.for_administrators), (Role::Editor, &self.for_editors)];
        FactorRule::of(chosen.into_iter().filter(|(_, typed)| *typed == "yes").map(|(role, _)| role).collect())
    }
}

async fn draw(admin: &AdminContext, rule: &FactorRule, errors: FormErrors) -> Result<Response> {
    let without = async |role| -> Result<String> {
        let count = factor_rule::count_without(admin.app.read(), role).await?;
        Ok(if count == 0 { String::new() } else { format!("{} none yet.", pluralise(count, "has", "have")) })
    };
    let status = if errors.list.is_empty() { axum::http::StatusCode::OK } else { errors.status() };
    let view = View {
        for_administrators: rule.requires(Role::Administrator),
        for_editors: rule.requires(Role::Editor),
        administrators_without: without(Role::Administrator).await?,
        editors_without: without(Role::Editor).await?,
        errors,
    };
    admin.screen_as(status, "admin/users/factor_rule.html", "Who needs a second factor", &view).await
}

async fn edit(_: FactorRulePath, admin: AdminContext) -> Result<Response> {
    draw(&admin, &FactorRule::load(admin.app.read()).await?, FormErrors::default()).await
}

async fn update(_: FactorRulePath, admin: AdminContext, Form(typed): Form<RuleForm>) -> Result<Response> {
    let has_factor = admin.user.has_second_factor;
    match admin.change(async |write| typed.rule().save(write, has_factor).await).await {
        Ok(true) => admin.done(UsersPath::PATH, "Who needs a second factor was saved.").await,
        Ok(false) => admin.not_done(FactorRulePath::PATH, "This was saved before. Nothing was changed.").await,
        Err(error) => draw(&admin, &typed.rule(), error.validation_errors()?.into()).await,
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/users/factor_rule.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { for_administrators, for_editors, administrators_without, editors_without, errors }
}
