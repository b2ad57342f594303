//! Erasing everything about one e-mail address in one change, as its user saw it listed. The audit log is told how much it was, and
//! not whose. What was deleted is still in the database's log until that is cut, which is the caller's business.

use super::found::{self, PersonalData};
use crate::{
    clock::Timestamp,
    error::{Error, Result},
    model::{
        audit_log::AuditEntry, mail::outbox, message::intake, personal_data::text_place::TextKind, saved_view,
        write::Write,
    },
    text::wanted_address::WantedAddress,
};

/// What takes the place of the address in the texts of others.
const INSTEAD: &str = "[e-mail address erased]";
/// What the audit log calls it.
const SUBJECT: &str = "an e-mail address";

/// What else is to be said of an address that was erased.
pub(crate) const STAYS: &str = "The search forgets it within a minute, or when the portal is started again. Backups, and what a \
                                restore has kept aside, keep it until they are deleted.";

/// Erases it; `seen` is the fingerprint of what its user saw, and `steady` the steady time now. Says how much it was.
/// `Conflict` with a sentence when there is nothing or something else by now, when an e-mail is just being sent, for oneself and for
/// the last administrator.
pub(crate) async fn erase(write: &Write, wanted: &WantedAddress, seen: &str, steady: Timestamp) -> Result<String> {
    let data = found::find(write, wanted).await?;
    if data.is_empty() {
        return Err(Error::Conflict("Nothing that can be erased is kept about this address any more.".to_owned()));
    }
    if data.fingerprint() != seen {
        return Err(Error::Conflict(
            "Nothing was erased: something came in or changed since you looked. Look at the list again, then erase."
                .to_owned(),
        ));
    }
    check_idle(write, &data, steady).await?;
    if let Some(account) = &data.account {
        account.erase(write).await?;
    }
    delete(write, &data, wanted).await?;
    replace(write, &data, wanted).await?;
    let sentence = data.sentence();
    // Of messages as a whole, so that the search reads all of them again.
    write.record(AuditEntry::new("personal_data.erase", "message", None, SUBJECT).detail(sentence.as_str()));
    Ok(sentence)
}

/// An e-mail that is being sent would leave after everything was said to be erased.
async fn check_idle(write: &Write, data: &PersonalData, steady: Timestamp) -> Result<()> {
    let mut busy: i64 = 0;
    for message in &data.messages {
        let sql = "select count(*) from mail where message_id = $1 and state = 'waiting' and busy_until > $2";
        busy += write.value::<i64>(sql, (message.id, steady)).await?;
    }
    for mail in &data.mails {
        let sql = "select count(*) from mail where id = $1 and state = 'waiting' and busy_until > $2";
        busy += write.value::<i64>(sql, (mail.id, steady)).await?;
    }
    if busy == 0 {
        return Ok(());
    }
    Err(Error::Conflict(
        "Nothing was erased: an e-mail to this address is being sent just now. Try again in a minute.".to_owned(),
    ))
}

/// Notes, drafts and answers go with their messages.
async fn delete(write: &Write, data: &PersonalData, wanted: &WantedAddress) -> Result<()> {
    write.execute("delete from message where sender = $1", (wanted.normal(),)).await?;
    for mail in &data.mails {
        outbox::forget_in(write, mail.id).await?;
    }
    write.execute("delete from address_link where email = $1", (wanted.normal(),)).await?;
    for id in &data.views {
        saved_view::delete(write, *id).await?;
    }
    Ok(())
}

async fn replace(write: &Write, data: &PersonalData, wanted: &WantedAddress) -> Result<()> {
    for draft in &data.drafts {
        draft.replace(write, wanted, INSTEAD).await?;
    }
    for text in &data.texts {
        write.execute(text.update, (text.id, wanted.replace_in(&text.content, INSTEAD))).await?;
        if text.kind == TextKind::Message {
            intake::refresh_search_text(write, text.id).await?;
        }
    }
    Ok(())
}

/// Notes in the audit log that it was exported.
pub(crate) fn note_export(write: &Write, data: &PersonalData) {
    let entry = AuditEntry::new("personal_data.export", "personal_data", None, SUBJECT);
    write.record(entry.detail(data.sentence()));
}
