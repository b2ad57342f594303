//! The open sessions of a user, as screens list them.

use serde::Serialize;

use super::admin_context::{AdminContext, When};
use crate::{error::Result, model::session};

#[derive(Serialize)]
pub(crate) struct SessionView {
    id: i64,
    device: String,
    since: When,
    seen: When,
    own: bool,
}

pub(crate) async fn session_views(admin: &AdminContext, user_id: i64) -> Result<Vec<SessionView>> {
    let open = session::open(admin.app.read(), user_id, &own_id(admin), admin.app.steady()).await?;
    let view = |open: session::OpenSession| SessionView {
        id: open.id,
        since: admin.when(admin.app.clock.on_wall(open.created_at)),
        seen: admin.when(admin.app.clock.on_wall(open.seen_at)),
        device: open.device,
        own: open.own,
    };
    Ok(open.into_iter().map(view).collect())
}

/// The id of the session that a request came with.
#[must_use]
pub(crate) fn own_id(admin: &AdminContext) -> String {
    admin.session.id().map(|id| id.to_string()).unwrap_or_default()
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    SessionView { id, device, since, seen, own }
}
