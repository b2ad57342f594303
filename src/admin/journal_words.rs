//! The journal in words for people: what its codes mean. Knows no entry.

use crate::text::fold::fold;

/// Every action that the program records: its code, what somebody did, and whether the name of the thing follows.
const WORDS: [(&str, &str, bool); 53] = [
    ("faq_category.create", "created the category", true),
    ("faq_category.delete", "deleted the category", true),
    ("faq_category.rename", "renamed the category", true),
    ("faq_category.reorder", "reordered the category", true),
    ("faq_item.create", "created the question", true),
    ("faq_item.delete", "moved the question to the trash", true),
    ("faq_item.discard", "discarded changes of the question", true),
    ("faq_item.merge", "merged two changes of the question", true),
    ("faq_item.publish", "published the question", true),
    ("faq_item.reorder", "reordered the question", true),
    ("faq_item.restore", "restored the question", true),
    ("faq_item.save", "saved the question", true),
    ("faq_item.undo_discard", "brought back the discarded changes of the question", true),
    ("faq_item.unpublish", "unpublished the question", true),
    ("invitation.create", "created a one-time link for", true),
    ("message.answer", "answered the message", true),
    ("message.assign", "assigned the message", true),
    ("message.confirm_deletion", "agreed to the deletion of messages", false),
    ("message.delete", "deleted the message", true),
    ("message.expire", "deleted messages whose time was over", false),
    ("message.export", "exported messages", false),
    ("message.mark", "marked messages for deletion", false),
    ("message.note", "added a note to the message", true),
    ("message.pause_deletion", "paused the deletion of messages", false),
    ("message.receive", "sent the message", true),
    ("message.save_answer", "saved an answer to the message", true),
    ("message.resume_deletion", "resumed the deletion of messages", false),
    ("message.sort", "changed the state of the message", true),
    ("message.unmark", "withdrew the deletion of messages", false),
    ("page.create", "created the page", true),
    ("page.delete", "moved the page to the trash", true),
    ("page.discard", "discarded changes of the page", true),
    ("page.merge", "merged two changes of the page", true),
    ("page.move", "moved the page", true),
    ("page.publish", "published the page", true),
    ("page.reorder", "reordered the page", true),
    ("page.restore", "restored the page", true),
    ("page.save", "saved the page", true),
    ("page.undo_discard", "brought back the discarded changes of the page", true),
    ("page.unpublish", "unpublished the page", true),
    ("person.change_password", "changed the password of", true),
    ("person.change_role", "changed the role of", true),
    ("person.create", "added the person", true),
    ("person.end_sessions", "ended sessions of", true),
    ("person.join", "set the first password of", true),
    ("person.let_in", "reactivated the account of", true),
    ("person.rename", "changed the name of", true),
    ("person.shut_out", "deactivated the account of", true),
    ("person.sign_in", "signed in", false),
    ("person.sign_in_failed", "failed to sign in as", true),
    ("person.sign_out", "signed out", false),
    ("settings.change", "changed the settings", false),
    ("site.import", "imported a site", false),
];

/// Whom an entry is about, where that changes the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Anybody or anything.
    Other,
    /// The one who did it.
    Oneself,
    /// Nobody who is known.
    Nobody,
}

/// The words where the usual ones would be wrong; the name never follows.
const SPECIAL: [(&str, About, &str); 8] = [
    ("invitation.create", About::Oneself, "created a one-time link for their own account"),
    ("person.change_password", About::Oneself, "changed their own password"),
    ("person.change_role", About::Oneself, "changed their own role"),
    ("person.create", About::Oneself, "created their own account"),
    ("person.join", About::Oneself, "accepted their invitation"),
    ("person.rename", About::Oneself, "changed their own name"),
    ("person.shut_out", About::Oneself, "deactivated their own account"),
    ("person.sign_in_failed", About::Nobody, "failed to sign in with an unknown e-mail address"),
];

/// An action in words, and whether the name of the thing belongs behind it.
#[must_use]
pub fn action(code: &str, about: About) -> (String, bool) {
    if let Some((.., words)) = SPECIAL.iter().find(|(known, whom, _)| *known == code && *whom == about) {
        return ((*words).to_owned(), false);
    }
    WORDS
        .iter()
        .find(|(known, ..)| *known == code)
        .map_or_else(|| (code.replace(['.', '_'], " "), true), |(_, words, named)| ((*words).to_owned(), *named))
}

/// The codes whose words contain `text`.
#[must_use]
pub fn codes(text: &str) -> Vec<&'static str> {
    let text = fold(text.trim());
    if text.is_empty() {
        return Vec::new();
    }
    let special = SPECIAL.iter().map(|(code, _, words)| (*code, *words));
    let all = WORDS.iter().map(|(code, words, _)| (*code, *words)).chain(special);
    let mut found: Vec<_> = all.filter(|(_, words)| fold(words).contains(&text)).map(|(code, _)| code).collect();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    /// Literals of the form `noun.verb` with the nouns of the journal, in all sources below `directory`.
    fn recorded(directory: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                recorded(&path, found);
                continue;
            }
            let source = fs::read_to_string(&path).unwrap();
            let nouns = ["faq_category", "faq_item", "invitation", "message", "page", "person", "session", "settings"];
            found.extend(source.split('"').skip(1).step_by(2).filter_map(|literal| {
                let (noun, verb) = literal.split_once('.')?;
                let is_verb = !verb.is_empty() && verb.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
                (nouns.contains(&noun) && is_verb).then(|| literal.to_owned())
            }));
        }
    }

    #[test]
    fn everything_that_is_recorded_has_words() {
        let mut codes = Vec::new();
        recorded(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/model"), &mut codes);
        assert!(codes.contains(&"page.publish".to_owned()));
        codes.retain(|code| !WORDS.iter().any(|(known, ..)| known == code));
        assert_eq!(codes, Vec::<String>::new(), "add words for these to WORDS");
    }

    #[test]
    fn words_lead_back_to_codes() {
        assert_eq!(codes("Ｍoved the page to"), ["page.delete"]);
        assert_eq!(codes(" "), Vec::<&str>::new());
        assert_eq!(codes("unknown e-mail"), ["person.sign_in_failed"]);
        assert_eq!(action("page.paint", About::Other), ("page paint".to_owned(), true));
        assert_eq!(action("person.join", About::Oneself), ("accepted their invitation".to_owned(), false));
        assert_eq!(action("person.rename", About::Other), ("changed the name of".to_owned(), true));
    }
}
