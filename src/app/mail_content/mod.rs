//! What is written in e-mails. All but answers are written at the moment they are sent, from what is true then; a one-time
//! link is made then too, so that nothing stored could sign anyone in.

mod changes;
mod links;
mod notices;
mod writer;

use self::writer::{MailNotice, MailWriter, WrittenMail};
use crate::{
    error::{Error, Result},
    mail::{composing::OutgoingMail, mailer::Mailer},
    model::{
        mail::outbox::{self, MailKind, QueuedMail},
        settings::Settings,
        user::{self, User},
    },
    state::app_state::App,
};

/// How many answers before one are named in its headers.
const THREAD: i64 = 20;

pub(super) enum MailContent {
    Ready {
        outgoing: Box<OutgoingMail>,
        /// The newest message that it is about, and whom it tells of it.
        told: Option<(i64, i64)>,
    },
    /// Its recipient may not have it any more, or does not need it.
    Obsolete,
    /// It could not be sent in time; the sentence says so.
    Late(&'static str),
}

pub(super) async fn compose(app: &App, mailer: &Mailer, mail: &QueuedMail) -> Result<MailContent> {
    let settings = Settings::load(app.read()).await?;
    if let (MailKind::Answer, Some(message_id)) = (mail.kind, mail.message_id) {
        let outgoing = Box::new(answer(app, mailer, mail, message_id, settings).await?);
        return Ok(MailContent::Ready { outgoing, told: None });
    }
    let Some(user) = find_user(app, mail).await? else { return Ok(MailContent::Obsolete) };
    let writer = MailWriter { app, mail, user: &user, settings: &settings };
    let written = match mail.kind {
        MailKind::Answer => WrittenMail::Obsolete,
        MailKind::Message | MailKind::Digest => notices::messages(&writer).await?,
        MailKind::Review => notices::review(&writer).await?,
        MailKind::Schedule => notices::schedule(&writer).await?,
        MailKind::Invitation => links::invitation(&writer).await?,
        MailKind::Password => links::password(&writer).await?,
        MailKind::Address => links::address(&writer).await?,
        MailKind::NewAddress => links::new_address(&writer),
        MailKind::NewDevice => changes::new_device(&writer).await?,
        MailKind::NewPassword
        | MailKind::AddedPasskey
        | MailKind::RemovedPasskey
        | MailKind::AddedCodeApp
        | MailKind::RemovedCodeApp
        | MailKind::NewRecoveryCodes
        | MailKind::RemovedFactors => changes::of_account(&writer),
    };
    let MailNotice { subject, view, told_message } = match written {
        WrittenMail::Ready(notice) => *notice,
        WrittenMail::Obsolete => return Ok(MailContent::Obsolete),
        WrittenMail::Late(sentence) => return Ok(MailContent::Late(sentence)),
    };
    let outgoing = OutgoingMail {
        header_id: mailer.header_id(&mail.token),
        recipient: if mail.recipient.is_empty() { user.email.clone() } else { mail.recipient.clone() },
        recipient_name: user.name.clone(),
        subject: format!("{}: {subject}", settings.site_name),
        text: app.templates.render("mail/notice.txt", &view)?.0,
        html: Some(app.templates.render("mail/notice.html", &view)?.0),
        unsubscribe: view.unsubscribe,
        is_automatic: true,
        ..OutgoingMail::default()
    };
    let told = (told_message > 0).then_some((user.id, told_message));
    Ok(MailContent::Ready { outgoing: Box::new(outgoing), told })
}

async fn answer(
    app: &App,
    mailer: &Mailer,
    mail: &QueuedMail,
    message_id: i64,
    settings: Settings,
) -> Result<OutgoingMail> {
    let thread = outbox::thread(app.read(), message_id, THREAD).await?;
    Ok(OutgoingMail {
        header_id: mailer.header_id(&mail.token),
        recipient: mail.recipient.clone(),
        recipient_name: mail.recipient_name.clone(),
        reply_to: settings.contact_address,
        subject: format!("{}{}", if thread.is_empty() { "" } else { "Re: " }, mail.subject),
        text: format!("{}\n\n{}\n", mail.answer, mail.quoted),
        thread: thread.iter().map(|token| mailer.header_id(token)).collect(),
        ..OutgoingMail::default()
    })
}

/// Whom it is for; none when they may not sign in any more.
async fn find_user(app: &App, mail: &QueuedMail) -> Result<Option<User>> {
    let user = match mail.user_id {
        Some(id) => Error::optional(user::get(app.read(), id).await)?,
        None => user::with_email(app.read(), &mail.recipient).await?,
    };
    Ok(user.filter(|user| user.active))
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples = writer::SAMPLES;
