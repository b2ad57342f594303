//! What was found about an e-mail address, in words: what erasing takes away, what it changes, and what stays and why.

use axum_extra::routing::TypedPath;
use serde::Serialize;

use crate::{
    admin::{
        documents::paths,
        paths::{
            AnswerTemplatesPath, AuditLogPath, MailPath, MediaListPath, MenuPath, MessagePath, RedirectsPath,
            SettingsPath, TypesPath, UserPath,
        },
    },
    model::personal_data::{
        account::{AccountCounts, AccountData},
        found::{KeptTexts, OwnMessage, PersonalData},
        text_place::{FoundText, TextKind},
    },
    text::count::pluralise,
    web::form_errors::SelectOption,
};

/// How many of a kind are listed.
const LISTED: usize = 20;

/// One kind of what was found.
#[derive(Serialize)]
pub(super) struct FoundRow {
    /// How much it is: `2 messages`.
    what: String,
    /// What erasing does to it, or why it stays.
    effect: String,
    /// Where it is: labels and paths.
    places: Vec<SelectOption>,
    /// How many more there are.
    more: usize,
}

impl FoundRow {
    fn new(what: String, effect: &str) -> Self {
        Self { what, effect: effect.to_owned(), places: Vec::new(), more: 0 }
    }

    fn at(mut self, mut places: Vec<SelectOption>) -> Self {
        places.dedup();
        self.more = places.len().saturating_sub(LISTED);
        places.truncate(LISTED);
        self.places = places;
        self
    }
}

/// What erasing deletes or changes.
pub(super) fn list_erased(data: &PersonalData) -> Vec<FoundRow> {
    let mut rows = Vec::new();
    if !data.messages.is_empty() {
        let what = pluralise(data.messages.len(), "message from this address", "messages from this address");
        let row = FoundRow::new(what, "Deleted with their notes, answers and e-mails.");
        rows.push(row.at(data.messages.iter().map(message).collect()));
    }
    if !data.mails.is_empty() {
        let what = pluralise(data.mails.len(), "e-mail to this address", "e-mails to this address");
        rows.push(FoundRow::new(what, "Deleted; what waits is not sent."));
    }
    if !data.links.is_empty() {
        let what =
            pluralise(data.links.len(), "link with which a user confirms it", "links with which users confirm it");
        rows.push(FoundRow::new(what, "Deleted: the user keeps the address that they have."));
    }
    rows.extend(data.account.iter().map(account));
    if !data.views.is_empty() {
        let what = pluralise(data.views.len(), "saved filter that asks for it", "saved filters that ask for it");
        rows.push(FoundRow::new(what, "Deleted."));
    }
    if !data.drafts.is_empty() {
        let what = pluralise(data.drafts.len(), "draft of a user that names it", "drafts of users that name it");
        rows.push(FoundRow::new(what, "They stay, with “[e-mail address erased]” in its place."));
    }
    if !data.texts.is_empty() {
        let what = pluralise(data.texts.len(), "text of others that names it", "texts of others that name it");
        let row = FoundRow::new(what, "They stay, with “[e-mail address erased]” in its place.");
        rows.push(row.at(data.texts.iter().map(text).collect()));
    }
    rows
}

fn message(message: &OwnMessage) -> SelectOption {
    let notes = pluralise(message.notes, "note", "notes");
    let mails = pluralise(message.mails, "e-mail", "e-mails");
    SelectOption::new(MessagePath { id: message.id }.to_string(), format!("{}, {notes}, {mails}", message.reference))
}

fn account(found: &AccountData) -> FoundRow {
    let AccountCounts { sessions, views, drafts, comments, notes, .. } = found.counts;
    let parts = [
        pluralise(sessions, "session", "sessions"),
        pluralise(views, "saved filter", "saved filters"),
        pluralise(drafts, "draft", "drafts"),
    ];
    let effect = format!(
        "Name, address, password, factors, {} are deleted. The account is called “Former user {}” from then on, at {} and {} of \
         theirs too, and can never be used again.",
        parts.join(", "),
        found.user.id,
        pluralise(comments, "comment", "comments"),
        pluralise(notes, "note", "notes"),
    );
    let place = SelectOption::new(UserPath { id: found.user.id }.to_string(), found.user.name.clone());
    FoundRow::new("1 account".to_owned(), &effect).at(vec![place])
}

fn text(text: &FoundText) -> SelectOption {
    match text.kind {
        TextKind::Note => SelectOption::new(MessagePath { id: text.about }.to_string(), "A note on a message"),
        TextKind::Comment => SelectOption::new(paths::comments(text.about), "A comment"),
        TextKind::Email => SelectOption::new(MailPath::PATH, "An e-mail"),
        TextKind::Menu => SelectOption::new(MenuPath::PATH, "A menu"),
        TextKind::Redirect => SelectOption::new(RedirectsPath::PATH, "A redirect"),
        TextKind::AnswerTemplate => SelectOption::new(AnswerTemplatesPath::PATH, "An answer template"),
        TextKind::Media => SelectOption::new(MediaListPath::PATH, "The media library"),
        TextKind::Type => SelectOption::new(TypesPath::PATH, "A type"),
        TextKind::AuditEntry => {
            let path = format!("{AuditLogPath}?before={}#_entry-{}", text.id.saturating_add(1), text.id);
            SelectOption::new(path, format!("Entry {}", text.id))
        }
        TextKind::Message | TextKind::Document => {
            SelectOption::new(MessagePath { id: text.about }.to_string(), "A message from another address")
        }
    }
}

/// What erasing leaves.
pub(super) fn list_kept(data: &PersonalData, kept: &KeptTexts) -> Vec<FoundRow> {
    let mut rows = Vec::new();
    if let Some(account) = &data.account {
        let AccountCounts { versions, publications, entries, .. } = account.counts;
        let parts = [
            pluralise(versions, "version", "versions"),
            pluralise(publications, "publication", "publications"),
            pluralise(entries, "entry of the audit log", "entries of the audit log"),
        ];
        let effect =
            "The name of the account stays there: they say who is responsible for what was public, and never change.";
        rows.push(FoundRow::new(parts.join(", "), effect));
    }
    if !kept.documents.is_empty() {
        let places = kept.documents.iter().map(|(document, _)| {
            SelectOption::new(paths::edit_screen(document.kind, document.id), document.title.clone())
        });
        let what = pluralise(kept.documents.len(), "page or question names it", "pages or questions name it");
        let effect = "Take it out of the text yourself, if it should go. Earlier versions keep it: they never change.";
        rows.push(FoundRow::new(what, effect).at(places.collect()));
    }
    let (entries, others): (Vec<_>, Vec<_>) = kept.others.iter().partition(|text| text.kind == TextKind::AuditEntry);
    if !entries.is_empty() {
        let what = pluralise(entries.len(), "entry of the audit log names it", "entries of the audit log name it");
        let row = FoundRow::new(what, "They stay: each entry is part of the proof of all later ones.");
        rows.push(row.at(entries.into_iter().map(text).collect()));
    }
    let mut places: Vec<_> = others.into_iter().map(text).collect();
    places.extend(kept.settings.then(|| SelectOption::new(SettingsPath::PATH, "The settings")));
    if !places.is_empty() {
        let what = pluralise(places.len(), "other text of the site names it", "other texts of the site name it");
        rows.push(FoundRow::new(what, "Take it out yourself, if it should go.").at(places));
    }
    rows.push(FoundRow::new(
        "Backups, and what a restore has kept aside".to_owned(),
        "They keep it until they are deleted, by rotation or by hand. After a restore, erase it again, and delete the folders \
         “before-restore-…” beside the database.",
    ));
    rows
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    FoundRow { what, effect, places, more }
}
