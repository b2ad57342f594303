//! Sends the webhooks that wait: a task that looks by itself. One node does it at a time. While webhooks are off, nothing waits: what
//! happens then is listed as not sent.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::{
    db::transaction::Transaction,
    error::Result,
    model::webhook::{endpoint, queue},
    state::app_state::App,
    webhook::client::{OutgoingHook, WebhookClient, WebhookFaultScope},
};

/// How often it looks.
const PAUSE: Duration = Duration::from_secs(5);

/// Said of what happened while webhooks were off.
const OFF: &str = "Webhooks were off (PLINTH_WEBHOOKS).";

/// Sends what is due until `stop`.
pub async fn run(app: App, stop: CancellationToken) {
    if app.webhooks.as_ref().is_some_and(WebhookClient::is_insecure) {
        tracing::warn!("webhooks are set for tests: they may lead to this machine, without encryption");
    }
    loop {
        if app.db.leads()
            && let Err(error) = send_due(&app).await
        {
            tracing::error!(%error, "webhooks cannot be sent and are tried again");
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Sends all webhooks that are due, one after the other. A receiver that is not reached is asked once for all that wait for it,
/// so that it does not hold up the others.
pub async fn send_due(app: &App) -> Result<()> {
    let Some(client) = &app.webhooks else { return hold(app).await };
    while let Some(hook) = queue::take(&app.db, app.steady(), WebhookClient::limit()).await? {
        let outgoing = OutgoingHook {
            url: &hook.url,
            secret: &endpoint::secret(&app.signing_key, &hook.salt),
            id: hook.id,
            event: &hook.event,
            body: &hook.body,
            at: app.now().0 / 1000,
        };
        match client.send(&outgoing).await {
            Ok(()) => queue::note_sent(&app.db, &hook, app.now()).await?,
            Err(fault) => {
                let is_final = fault.scope == WebhookFaultScope::Ever;
                let is_given_up = queue::note_fault(&app.db, &hook, &fault.sentence, is_final).await?;
                tracing::warn!(id = hook.id, attempts = hook.attempts, is_given_up, "a webhook was not sent");
                if fault.scope == WebhookFaultScope::Receiver {
                    let given_up = is_given_up.then_some(fault.sentence.as_str());
                    queue::put_off_others(&app.db, &hook, given_up).await?;
                }
            }
        }
    }
    queue::forget_old(&app.db, app.now()).await
}

async fn hold(app: &App) -> Result<()> {
    if queue::is_waiting(app.read()).await? {
        let tx = Transaction::begin(&app.db).await?;
        queue::hold_all(&tx, OFF).await?;
        tx.commit().await?;
    }
    queue::forget_old(&app.db, app.now()).await
}
