//! Sends the e-mails in the outbox: a task that is told of new ones, and looks by itself too. One node does it at a time.

use std::time::{Duration, SystemTime};

use tokio_util::sync::CancellationToken;

use crate::{
    error::Result,
    mail::{
        composing::OutgoingMail,
        fault::{FaultScope, MailFault},
        mailer::Mailer,
    },
    model::{
        actor::Actor,
        mail::outbox::{self, QueuedMail},
        message::reply,
        settings::Settings,
    },
    state::app_state::App,
};

/// How often it looks when it is told of nothing: other nodes store e-mails too, and some are to be tried again.
const PAUSE: Duration = Duration::from_secs(10);
/// How many answers before one are named in its headers.
const THREAD: i64 = 20;

/// Sends what is due until `stop`; ends at once without a mail server.
pub async fn run(app: App, stop: CancellationToken) {
    let Some(mailer) = &app.mailer else { return stop.cancelled().await };
    loop {
        let mut is_up = true;
        if app.db.leads() {
            is_up = send_due(&app).await.unwrap_or_else(|error| {
                tracing::error!(%error, "e-mails cannot be sent and are tried again");
                false
            });
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            // While the server takes nothing, news would only make it be asked more often.
            () = mailer.woken(), if is_up => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Sends all e-mails that are due, one after the other. Gives whether the server takes any; if not, the rest waits.
pub async fn send_due(app: &App) -> Result<bool> {
    let Some(mailer) = &app.mailer else { return Ok(false) };
    while let Some(mail) = outbox::take(&app.db, app.steady(), mailer.limit()).await? {
        match send(app, mailer, &mail).await? {
            Ok(()) => {
                app.change(Actor::system("mail"), async |write| reply::note_sent(write, &mail).await).await?;
            }
            Err(fault) => {
                let is_final = fault.scope == FaultScope::Ever;
                let is_given_up = outbox::note_fault(&app.db, &mail, &fault.sentence, is_final).await?;
                tracing::warn!(id = mail.id, attempts = mail.attempts, is_given_up, "an e-mail was not sent");
                if fault.scope == FaultScope::Server {
                    return Ok(false);
                }
            }
        }
    }
    Ok(true)
}

async fn send(app: &App, mailer: &Mailer, mail: &QueuedMail) -> Result<std::result::Result<(), MailFault>> {
    let settings = Settings::load(app.read()).await?;
    let thread = outbox::thread(app.read(), mail.message_id, THREAD).await?;
    let again = if thread.is_empty() { "" } else { "Re: " };
    let outgoing = OutgoingMail {
        header_id: mail.header_id.clone(),
        recipient: mail.recipient.clone(),
        recipient_name: mail.recipient_name.clone(),
        reply_to: settings.contact_address,
        subject: format!("{again}{}", mail.subject),
        text: format!("{}\n\n{}\n", mail.answer, mail.quoted),
        html: None,
        thread,
        is_automatic: false,
    };
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(app.now().0).unwrap_or_default());
    Ok(mailer.send(&outgoing, now).await)
}
