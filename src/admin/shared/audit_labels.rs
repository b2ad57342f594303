//! The audit log in words for users: what its codes mean. Knows no entry.

use crate::{
    model::document::kind::{DocumentAction, DocumentKind},
    text::fold::fold,
};

/// Every action that the program records: its code, and what the user did. `{}` is where the name of the thing goes.
const WORDS: [(&str, &str); 87] = [
    ("answer_template.change", "changed the answer template {}"),
    ("answer_template.create", "created the answer template {}"),
    ("answer_template.delete", "deleted the answer template {}"),
    ("faq_category.create", "created the category {}"),
    ("faq_category.delete", "deleted the category {}"),
    ("faq_category.move", "moved the category {} to another page"),
    ("faq_category.rename", "changed the category {}"),
    ("faq_category.reorder", "moved the category {} up or down"),
    ("invitation.create", "created a one-time link for {}"),
    ("mail.delete", "deleted the e-mail {}"),
    ("mail.send_again", "had the e-mail {} sent again"),
    ("media.add", "added {} to the media library"),
    ("media.change", "changed what is said of {} in the media library"),
    ("media.delete", "deleted {} from the media library"),
    ("media.forget", "deleted the previous file of {} in the media library"),
    ("media.put_back", "put back the previous file of {} in the media library"),
    ("media.replace", "replaced {} in the media library"),
    ("menu.add", "added {} to a menu"),
    ("menu.change", "changed {} in a menu"),
    ("menu.hide", "hid {} in a menu"),
    ("menu.move", "moved {} within a menu"),
    ("menu.remove", "removed {} from a menu"),
    ("menu.show", "showed {} in a menu again"),
    ("message.answer", "marked the message {} as answered"),
    ("message.assign", "assigned the message {}"),
    ("message.confirm_deletion", "confirmed the deletion of old messages"),
    ("message.delete", "deleted the message {}"),
    ("message.deliver_answer", "gave the answer to the message {} to the mail server"),
    ("message.draft_question", "made a draft of a question from the message {}"),
    ("message.expire", "deleted old messages"),
    ("message.export", "exported messages"),
    ("message.mark", "marked old messages for deletion"),
    ("message.note", "added a note to the message {}"),
    ("message.pause_deletion", "paused the deletion of old messages"),
    ("message.receive", "sent the message {}"),
    ("message.remove_answer", "removed the saved answer to the message {}"),
    ("message.resume_deletion", "resumed the deletion of old messages"),
    ("message.save_answer", "saved an answer to the message {}"),
    ("message.send_answer", "had the answer to the message {} sent as an e-mail"),
    ("message.sort", "changed the state of the message {}"),
    ("message.unmark", "cancelled the deletion of messages"),
    ("page.move", "moved the page {}"),
    ("personal_data.erase", "erased everything about {}"),
    ("personal_data.export", "exported everything about {}"),
    ("redirect.create", "added the redirect from {}"),
    ("redirect.change", "changed the redirect from {}"),
    ("redirect.import", "imported redirects"),
    ("redirect.delete", "deleted the redirect from {}"),
    ("type.change", "changed the type of documents {}"),
    ("type.create", "made the type of documents {}"),
    ("user.add_code_app", "added a code app to the account of {}"),
    ("user.change_address", "changed the e-mail address of {}"),
    ("user.add_passkey", "added a passkey to the account of {}"),
    ("user.change_password", "changed the password of {}"),
    ("user.change_role", "changed the role of {}"),
    ("user.create", "added the user {}"),
    ("user.end_sessions", "ended sessions of {}"),
    ("user.accept_invitation", "set the first password of {}"),
    ("user.link_company_account", "linked the company account of {}"),
    ("user.lock_code_app", "entered too many wrong codes for the code app of {}"),
    ("user.reactivate", "reactivated the account of {}"),
    ("user.remove_code_app", "removed the code app of {}"),
    ("user.remove_factors", "removed the second factors of {}"),
    ("user.erase", "erased an account, which is called {} now"),
    ("user.remove_passkey", "removed a passkey of {}"),
    ("user.rename", "changed the name of {}"),
    ("user.renew_recovery_codes", "made new recovery codes for {}"),
    ("user.deactivate", "deactivated the account of {}"),
    ("user.require_second_factor", "chose who needs a second factor: {}"),
    ("user.sign_in", "signed in"),
    ("user.sign_in_failed", "failed to sign in as {}"),
    ("user.sign_out", "signed out"),
    ("user.use_recovery_code", "used a recovery code"),
    ("webhook.create", "added a webhook to {}"),
    ("webhook.delete", "removed the webhook to {}"),
    ("webhook.discard", "deleted what could not be sent by the webhook to {}"),
    ("webhook.send_again", "had the webhook to {} sent again"),
    ("settings.change", "changed the settings"),
    ("site.backup", "made a backup"),
    ("site.download_backup", "downloaded the backup {}"),
    ("site.bring_list_back", "brought the list of what to do before opening back"),
    ("site.confirm_step", "marked {} as done before opening"),
    ("site.import", "imported a site"),
    ("site.put_list_away", "put the list of what to do before opening away"),
    ("site.reopen_step", "marked {} as to do before opening"),
    ("site.schedule_backups", "chose how often a backup is made: {}"),
    ("site.restore", "restored the backup of {}"),
];

/// The same for what is done with documents: `NOUN` is what users call one of its kind.
const DOCUMENT_WORDS: [(DocumentAction, &str); DocumentAction::ALL.len()] = [
    (DocumentAction::Create, "created the NOUN {}"),
    (DocumentAction::Save, "saved the NOUN {}"),
    (DocumentAction::Merge, "merged two changes to the NOUN {}"),
    (DocumentAction::Publish, "published the NOUN {}"),
    (DocumentAction::Unpublish, "unpublished the NOUN {}"),
    (DocumentAction::Discard, "discarded the unpublished changes to the NOUN {}"),
    (DocumentAction::UndoDiscard, "brought back the discarded changes to the NOUN {}"),
    (DocumentAction::Reorder, "moved the NOUN {} up or down"),
    (DocumentAction::Delete, "moved the NOUN {} to the trash"),
    (DocumentAction::Restore, "restored the NOUN {} from the trash"),
    (DocumentAction::Republish, "published the NOUN {} again"),
    (DocumentAction::RestorePublication, "restored the publication of the NOUN {}"),
    (DocumentAction::Schedule, "scheduled a change to the NOUN {}"),
    (DocumentAction::CancelSchedule, "cancelled a schedule of the NOUN {}"),
    (DocumentAction::CarryOutSchedule, "had scheduled a change to the NOUN {}, which was carried out"),
    (DocumentAction::CreatePreviewLink, "made a private link to the NOUN {}"),
    (DocumentAction::RevokePreviewLink, "revoked a private link to the NOUN {}"),
    (DocumentAction::Review, "reviewed the NOUN {} and found it still right"),
    (DocumentAction::SetOwner, "changed the owner of the NOUN {}"),
    (DocumentAction::Comment, "commented on the NOUN {}"),
    (DocumentAction::ResolveComment, "resolved a comment on the NOUN {}"),
    (DocumentAction::ReopenComment, "opened a comment on the NOUN {} again"),
    (DocumentAction::GiveUpSchedule, "had scheduled a change to the NOUN {}, which was not possible any more"),
];

/// Both, as codes and words.
fn all_words() -> impl Iterator<Item = (&'static str, String)> {
    let documents = DocumentKind::ALL.into_iter().flat_map(|kind| {
        DOCUMENT_WORDS.into_iter().map(move |(action, words)| (kind.action(action), words.replace("NOUN", kind.noun())))
    });
    WORDS.into_iter().map(|(code, words)| (code, words.to_owned())).chain(documents)
}

/// Whom an entry is about, when that changes the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AuditTarget {
    Other,
    Oneself,
}

/// Exceptions to the usual words, without a name.
const SPECIAL: [(&str, AuditTarget, &str); 15] = [
    ("invitation.create", AuditTarget::Oneself, "created a one-time link for their own account"),
    ("user.add_code_app", AuditTarget::Oneself, "added a code app to their own account"),
    ("user.add_passkey", AuditTarget::Oneself, "added a passkey to their own account"),
    ("user.remove_code_app", AuditTarget::Oneself, "removed their own code app"),
    ("user.remove_passkey", AuditTarget::Oneself, "removed a passkey of their own account"),
    ("user.remove_factors", AuditTarget::Oneself, "removed their own second factors"),
    ("user.renew_recovery_codes", AuditTarget::Oneself, "made new recovery codes for their own account"),
    ("user.change_address", AuditTarget::Oneself, "changed their own e-mail address"),
    ("user.change_password", AuditTarget::Oneself, "changed their own password"),
    ("user.change_role", AuditTarget::Oneself, "changed their own role"),
    ("user.create", AuditTarget::Oneself, "created their own account"),
    ("user.end_sessions", AuditTarget::Oneself, "ended sessions of their own account"),
    ("user.accept_invitation", AuditTarget::Oneself, "accepted their invitation"),
    ("user.rename", AuditTarget::Oneself, "changed their own name"),
    ("user.deactivate", AuditTarget::Oneself, "deactivated their own account"),
];

/// An action in words: those before the name of the thing and, if they contain the name, those after it.
#[must_use]
pub(crate) fn action(code: &str, target: AuditTarget) -> (String, Option<String>) {
    if let Some((.., words)) = SPECIAL.iter().find(|(known, whom, _)| *known == code && *whom == target) {
        return ((*words).to_owned(), None);
    }
    let known = all_words().find(|(known, _)| *known == code).map(|(_, words)| words);
    let words = known.unwrap_or_else(|| format!("{} {{}}", code.replace(['.', '_'], " ")));
    match words.split_once(" {}") {
        Some((before, after)) => (before.to_owned(), Some(after.to_owned())),
        None => (words, None),
    }
}

/// The codes whose words contain `text`.
#[must_use]
pub(crate) fn codes(text: &str) -> Vec<&'static str> {
    let text = fold(text.trim());
    if text.is_empty() {
        return Vec::new();
    }
    let special = SPECIAL.iter().map(|(code, _, words)| (*code, (*words).to_owned()));
    let all = all_words().chain(special);
    let mut found: Vec<_> =
        all.filter(|(_, words)| fold(&words.replace(" {}", "")).contains(&text)).map(|(code, _)| code).collect();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    /// Literals of the form `noun.verb` with the nouns of the audit log, in all sources below `directory`.
    fn collect_recorded(directory: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect_recorded(&path, found);
                continue;
            }
            let source = fs::read_to_string(&path).unwrap();
            let nouns = [
                "faq_category",
                "faq_item",
                "invitation",
                "media",
                "message",
                "page",
                "redirect",
                "user",
                "session",
                "settings",
                "type",
            ];
            found.extend(source.split('"').skip(1).step_by(2).filter_map(|literal| {
                let (noun, verb) = literal.split_once('.')?;
                let is_verb = !verb.is_empty() && verb.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
                (nouns.contains(&noun) && is_verb && verb != "toml").then(|| literal.to_owned())
            }));
        }
    }

    #[test]
    fn everything_that_is_recorded_has_words() {
        let mut codes = Vec::new();
        collect_recorded(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/model"), &mut codes);
        assert!(codes.contains(&"page.move".to_owned()));
        codes.retain(|code| !all_words().any(|(known, ..)| known == code));
        assert_eq!(codes, Vec::<String>::new(), "add words for these to WORDS");
    }

    #[test]
    fn words_lead_back_to_codes() {
        assert_eq!(codes("Ｍoved the page to"), ["page.delete"]);
        assert_eq!(codes(" "), Vec::<&str>::new());
        let words = |before: &str, after: Option<&str>| (before.to_owned(), after.map(ToOwned::to_owned));
        assert_eq!(action("page.paint", AuditTarget::Other), words("page paint", Some("")));
        assert_eq!(action("page.delete", AuditTarget::Other), words("moved the page", Some(" to the trash")));
        assert_eq!(action("user.accept_invitation", AuditTarget::Oneself), words("accepted their invitation", None));
        assert_eq!(action("user.rename", AuditTarget::Other), words("changed the name of", Some("")));
    }
}
