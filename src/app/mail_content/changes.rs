//! E-mails that tell users what was changed in how they sign in, so that they notice when it was not they. They have no link that does
//! anything, and nobody can choose not to get them.

use axum_extra::routing::TypedPath;

use super::writer::{MailWriter, WrittenMail};
use crate::{
    admin::paths::AccountPath,
    clock::Timestamp,
    error::Result,
    model::{known_device, mail::outbox::MailKind},
};

const NOTE: &str = "If you do not know of this, choose another password at once, look at the devices and the factors on your account \
                    screen, and tell an administrator.";

/// Of a change to the password or to a factor.
pub(super) fn of_account(writer: &MailWriter<'_>) -> WrittenMail {
    let (subject, what) = match writer.mail.kind {
        MailKind::AddedPasskey => ("a passkey was added", "A passkey was added to your account"),
        MailKind::RemovedPasskey => ("a passkey was removed", "A passkey was removed from your account"),
        MailKind::AddedCodeApp => ("a code app was added", "A code app was added to your account"),
        MailKind::RemovedCodeApp => ("your code app was removed", "The code app of your account was removed"),
        MailKind::NewRecoveryCodes => ("new recovery codes", "The recovery codes of your account were replaced"),
        MailKind::RemovedFactors => {
            ("your second factors were removed", "Code app, passkeys and recovery codes of your account were removed")
        }
        _ => ("your password was changed", "The password of your account was changed"),
    };
    let author = writer.mail.author_name.as_str();
    let by = if author == writer.user.name { "you" } else { author };
    notice(writer, subject, &format!("{what} by {by}"))
}

/// Of a sign-in on a device that is not in the list of the user; none once it was forgotten.
pub(super) async fn new_device(writer: &MailWriter<'_>) -> Result<WrittenMail> {
    let new = known_device::newest_since(writer.app.read(), writer.user.id, Timestamp(0)).await?;
    let Some(new) = new else { return Ok(WrittenMail::Obsolete) };
    let sentence = format!("Someone signed in with your account on a new device, {}, from {}", new.device, new.network);
    Ok(notice(writer, "a sign-in on a new device", &sentence))
}

fn notice(writer: &MailWriter<'_>, subject: &str, what: &str) -> WrittenMail {
    let at = writer.mail.created_at.long(&writer.settings.zone());
    let sentence = format!("{what} ({at}).");
    let mut notice = writer.notice(subject, sentence, Some(writer.link("Your account", AccountPath::PATH)));
    notice.view.note = NOTE;
    WrittenMail::Ready(Box::new(notice))
}
