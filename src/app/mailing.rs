//! Sends the e-mails in the outbox: a task that is told of new ones, and looks by itself too. One node does it at a time. Also
//! has stored once a day what is told daily.

use std::time::{Duration, SystemTime};

use tokio_util::sync::CancellationToken;

use super::mail_content::{self, MailContent};
use crate::{
    db::transaction::Transaction,
    error::Result,
    mail::fault::FaultScope,
    model::{
        actor::Actor,
        mail::{
            daily, notices,
            outbox::{self, MailKind, QueuedMail},
        },
        message::reply,
        settings::Settings,
    },
    state::app_state::App,
};

/// How often it looks when it is told of nothing: other nodes store e-mails too, and some are to be tried again.
const PAUSE: Duration = Duration::from_secs(10);
/// From this hour on, by the time zone of the site, the daily e-mails are sent.
const MORNING: i8 = 7;

/// Sends what is due until `stop`; ends at once without a mail server.
pub async fn run(app: App, stop: CancellationToken) {
    let Some(mailer) = &app.mailer else { return stop.cancelled().await };
    loop {
        let mut is_up = true;
        if app.db.leads() {
            is_up = work(&app).await.unwrap_or_else(|error| {
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

/// Stores what is told daily when its time has come, and sends all that is due. Gives whether the server takes any.
pub async fn work(app: &App) -> Result<bool> {
    if app.mailer.is_none() {
        return Ok(false);
    }
    tell_daily(app).await?;
    send_due(app).await
}

async fn tell_daily(app: &App) -> Result<()> {
    let zone = Settings::load(app.read()).await?.zone();
    let now = app.clock.believed();
    let local = jiff::Timestamp::from_millisecond(now.0).unwrap_or_default().to_zoned(zone);
    if local.hour() >= MORNING {
        daily::store(&app.db, app.now(), local.date()).await?;
    }
    Ok(())
}

/// Sends all e-mails that are due, one after the other. Gives whether the server takes any; if not, the rest waits.
pub async fn send_due(app: &App) -> Result<bool> {
    let Some(mailer) = &app.mailer else { return Ok(false) };
    while let Some(mail) = outbox::take(&app.db, app.steady(), mailer.limit()).await? {
        let (outgoing, told) = match mail_content::compose(app, mailer, &mail).await? {
            MailContent::Ready { outgoing, told } => (outgoing, told),
            MailContent::Obsolete => {
                outbox::forget(&app.db, mail.id).await?;
                continue;
            }
            MailContent::Late(sentence) => {
                outbox::note_fault(&app.db, &mail, sentence, true).await?;
                continue;
            }
        };
        let now = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(app.now().0).unwrap_or_default());
        let Err(fault) = mailer.send(&outgoing, now).await else {
            note_sent(app, &mail, told).await?;
            continue;
        };
        let is_given_up = outbox::note_fault(&app.db, &mail, &fault.sentence, fault.scope == FaultScope::Ever).await?;
        tracing::warn!(id = mail.id, attempts = mail.attempts, is_given_up, "an e-mail was not sent");
        if fault.scope == FaultScope::Server {
            return Ok(false);
        }
    }
    Ok(true)
}

/// `told`: a user, and the newest message that they were told of.
async fn note_sent(app: &App, mail: &QueuedMail, told: Option<(i64, i64)>) -> Result<()> {
    if mail.kind == MailKind::Answer {
        return app.change(Actor::system("mail"), async |write| reply::note_sent(write, mail).await).await;
    }
    if let Some((user_id, message_id)) = told {
        let told = (message_id, app.steady());
        return notices::note_told(&app.db, mail.id, user_id, told, app.now()).await;
    }
    let tx = Transaction::begin(&app.db).await?;
    outbox::forget_sent(&tx, mail.id, app.now()).await?;
    tx.commit().await
}
