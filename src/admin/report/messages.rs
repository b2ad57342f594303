//! Messages that have waited for an answer for long.

use axum::response::Response;
use serde::Serialize;

use crate::{
    admin::{
        paths::{MessagePath, WaitingMessagesPath},
        shared::{
            admin_context::{AdminContext, When},
            routes::Routes,
        },
    },
    clock::DAY,
    error::Result,
    model::{
        policy::Action,
        site_report::{self, WaitingMessage},
    },
};

/// After so long a message counts as waiting.
pub(super) const LONG: i64 = 7 * DAY;
/// Most that are listed.
const LISTED: i64 = 200;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::HandleMessages, index)
}

#[derive(Serialize)]
struct View {
    rows: Vec<Row>,
    /// Whether there are more than are listed.
    is_cut: bool,
}

#[derive(Serialize)]
struct Row {
    reference: String,
    topic: String,
    received: When,
    path: String,
}

async fn index(_: WaitingMessagesPath, admin: AdminContext) -> Result<Response> {
    // One more than are listed, to see whether there are more.
    let before = admin.app.now().minus(LONG);
    let mut found = site_report::waiting_messages(admin.app.read(), before, LISTED + 1).await?;
    let most = usize::try_from(LISTED).unwrap_or(usize::MAX);
    let is_cut = found.len() > most;
    found.truncate(most);
    let row = |message: WaitingMessage| Row {
        path: MessagePath { id: message.id }.to_string(),
        received: admin.when(message.received_at),
        reference: message.reference,
        topic: message.topic,
    };
    let view = View { rows: found.into_iter().map(row).collect(), is_cut };
    admin.screen("admin/report/messages.html", "Messages that wait", &view).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/report/messages.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { rows, is_cut }
    Row { reference, topic, received, path }
}
