//! E-mails with a one-time link, which is made when they are sent. What is stored of it is its hash.

use super::writer::{MailWriter, WrittenMail};
use crate::{
    admin::paths::{AddressLinkPath, InvitationPath},
    error::Result,
    model::{
        actor::Actor,
        address,
        invitation::{self, CreatedLink, Purpose},
        user,
    },
};

const LATE: WrittenMail =
    WrittenMail::Late("It could not be sent in the time that its link would have worked: make a new link.");

/// A link that an administrator made: the one on their screen is not stored, so this is another, and both work.
pub(super) async fn invitation(writer: &MailWriter<'_>) -> Result<WrittenMail> {
    let (app, user) = (writer.app, writer.user);
    let purpose = Purpose::of(user);
    if app.now() > writer.mail.created_at.plus(purpose.life()) {
        return Ok(LATE);
    }
    let made = invitation::for_mail(&app.db, user, writer.mail.id, app.now()).await?;
    let Some(made) = made else { return Ok(WrittenMail::Obsolete) };
    let by = writer.mail.author_name.as_str();
    if purpose == Purpose::Password {
        let sentence = format!("{by} made a link for you to choose a new password.");
        return Ok(new_password(writer, made, sentence));
    }
    let sentence =
        format!("{by} invites you to work on “{}” as {}.", writer.settings.site_name, user.role.with_article());
    let link = writer.link("Choose a password and join", InvitationPath { token: made.token });
    let mut notice = writer.notice("your invitation", sentence, Some(link));
    notice.view.note = "The link works once, for 24 hours. It is for you alone.";
    Ok(WrittenMail::Ready(Box::new(notice)))
}

/// A link that was asked for at the sign-in. Those who have not joined yet have an invitation instead.
pub(super) async fn password(writer: &MailWriter<'_>) -> Result<WrittenMail> {
    let (app, user, mail) = (writer.app, writer.user, writer.mail);
    if !user.has_accepted {
        return Ok(WrittenMail::Obsolete);
    }
    if app.now() > mail.created_at.plus(Purpose::Password.life()) {
        return Ok(LATE);
    }
    // A later try makes another link beside it, as the e-mail of the first one may have arrived.
    let made = if mail.user_id.is_none() {
        let actor = Actor::system("mail");
        app.change(actor, async |write| invitation::for_forgotten(write, user, mail.id).await).await?
    } else {
        invitation::for_mail(&app.db, user, mail.id, app.now()).await?
    };
    let Some(made) = made else { return Ok(WrittenMail::Obsolete) };
    let sentence = "You, or someone who typed your address, asked for a link to choose a new password.".to_owned();
    Ok(new_password(writer, made, sentence))
}

fn new_password(writer: &MailWriter<'_>, made: CreatedLink, sentence: String) -> WrittenMail {
    let link = writer.link("Choose a new password", InvitationPath { token: made.token });
    let mut notice = writer.notice("a new password", sentence, Some(link));
    notice.view.note = "The link works once, for one hour. Your present password works until then. If you did not ask for it, \
                        do nothing, and tell an administrator if it comes again.";
    WrittenMail::Ready(Box::new(notice))
}

/// To the address that a user wants to have. When another account has it, nothing is sent, and nobody is told.
pub(super) async fn address(writer: &MailWriter<'_>) -> Result<WrittenMail> {
    let (app, user, mail) = (writer.app, writer.user, writer.mail);
    if user::with_email(app.read(), &mail.recipient).await?.is_some() {
        return Ok(WrittenMail::Obsolete);
    }
    if app.now() > mail.created_at.plus(address::LIFE) {
        return Ok(LATE);
    }
    let made = address::for_mail(&app.db, user, (mail.id, &mail.recipient), app.now()).await?;
    let Some(token) = made else { return Ok(WrittenMail::Obsolete) };
    let sentence = format!("You asked to sign in to “{}” with this address.", writer.settings.site_name);
    let link = writer.link("Use this address", AddressLinkPath { token });
    let mut notice = writer.notice("your new address", sentence, Some(link));
    notice.view.note =
        "The link works once, for 24 hours, when you are signed in. If you did not ask for it, do nothing.";
    Ok(WrittenMail::Ready(Box::new(notice)))
}

/// To the address that a user had. Another user may have it by now, so the new one is not in it.
pub(super) fn new_address(writer: &MailWriter<'_>) -> WrittenMail {
    let by = if writer.mail.author_name == writer.user.name { "you" } else { writer.mail.author_name.as_str() };
    let sentence = format!(
        "The address with which you sign in to “{}” was changed by {by}. This one counts no longer.",
        writer.settings.site_name
    );
    let mut notice = writer.notice("your address was changed", sentence, None);
    notice.view.note = "If you do not know of this, tell an administrator at once.";
    WrittenMail::Ready(Box::new(notice))
}
