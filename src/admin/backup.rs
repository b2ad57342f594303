//! How a backup is made, and when the last one was. Makes none itself: that is a command.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use serde::Serialize;

use super::{
    paths::{BackupPath, DashboardPath},
    shared::{
        admin_context::{AdminContext, When},
        routes::Routes,
    },
};
use crate::{
    error::Result,
    model::{opening, policy::Action},
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::ChangeSettings, show)
}

#[derive(Serialize)]
struct View {
    last: Option<When>,
    /// Whether the database is a file that the program itself copies.
    is_file: bool,
    dashboard: &'static str,
}

async fn show(_: BackupPath, admin: AdminContext) -> Result<Response> {
    let last = opening::load(admin.app.read()).await?.last_backup();
    let view = View {
        last: last.map(|at| admin.when(at)),
        is_file: admin.app.db.files().is_some(),
        dashboard: DashboardPath::PATH,
    };
    admin.screen("admin/backup.html", "Backup", &view).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/backup.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { last, is_file, dashboard }
}
