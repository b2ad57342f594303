//! The screen “System”: what `plinth doctor` says, for administrators. Looks each time that it is opened, and changes nothing.

use axum::response::Response;
use serde::Serialize;

use super::{
    paths::SystemPath,
    shared::{admin_context::AdminContext, routes::Routes},
};
use crate::{
    doctor::{
        diagnosis::{Diagnosis, Grade},
        examined::{Machine, Site},
        list,
    },
    error::Result,
    model::policy::Action,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::ChangeSettings, show)
}

#[derive(Serialize)]
struct View {
    version: &'static str,
    wrong: usize,
    advised: usize,
    /// The worst first.
    checks: Vec<CheckView>,
}

#[derive(Serialize)]
struct CheckView {
    name: &'static str,
    is_wrong: bool,
    is_ok: bool,
    text: String,
    remedy: String,
}

impl From<Diagnosis> for CheckView {
    fn from(Diagnosis { check, grade, says, remedy }: Diagnosis) -> Self {
        Self { name: check, is_wrong: grade == Grade::Wrong, is_ok: grade == Grade::Ok, text: says, remedy }
    }
}

async fn show(_: SystemPath, admin: AdminContext) -> Result<Response> {
    let mut found = list::look_at_machine(Machine::serving(&admin.app)).await;
    found.extend(list::look_at_site(&Site::serving(&admin.app)).await);
    found.sort_by_key(|one| std::cmp::Reverse(one.grade));
    let count = |grade| found.iter().filter(|one| one.grade == grade).count();
    let view = View {
        version: env!("CARGO_PKG_VERSION"),
        wrong: count(Grade::Wrong),
        advised: count(Grade::Advice),
        checks: found.into_iter().map(Into::into).collect(),
    };
    admin.screen("admin/system.html", "System", &view).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/system.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { version, wrong, advised, checks }
    CheckView { name, is_wrong, is_ok, text, remedy }
}
