//! A draft of a question, made from a message and its answer without what is personal. It is a draft of the user alone, so
//! nothing of the message is in a version, which could never be deleted, before the user has read it.

use super::outcome::{ActionResult, NextScreen};
use crate::{
    admin::{documents::paths::new_from_draft, shared::admin_context::AdminContext},
    crypto::random_token,
    error::{Result, ValidationErrors},
    model::{
        document::{
            draft::{self, DraftChange, DraftKey, DraftOrigin, DraftRequest, DraftText},
            input::DocumentInput,
            keys,
            kind::DocumentKind,
        },
        message::{handling, record},
        policy::Action,
        write::Write,
    },
    text::{clean, impersonal::impersonal, listing::join_with_and, question::question},
};

/// Longest question that is made, in characters.
const TITLE_MAX: usize = 200;
/// How many of the things that were left out are named.
const NAMED: usize = 12;

/// `answer` is what the form holds. `Validation` on it when it is empty; `Forbidden` without the right to edit.
pub(super) async fn draft_question(admin: &AdminContext, write: &Write, id: i64, answer: &str) -> Result<ActionResult> {
    admin.require(Action::Edit)?;
    let answer = clean::lines(answer);
    if answer.is_empty() {
        return Err(ValidationErrors::one("answer", "Enter the answer").into());
    }
    let message = record::get(write, id).await?;
    let assignee = message.assignee_name.clone().unwrap_or_default();
    let names =
        [&message.name, &message.reference, &message.answered_by, &message.saved_by, &assignee, &admin.user.name];
    let names = names.map(String::as_str);
    let (asked, answered) = (impersonal(&message.body, &names), impersonal(&answer, &names));
    let typed =
        DocumentInput::default().with(keys::TITLE, question(&asked.text, TITLE_MAX)).with(keys::BODY, answered.text);
    let key = random_token();
    let at = DraftKey::of_new(admin.user.id, DocumentKind::FaqItem, key.clone());
    let request = DraftRequest { key: at, origin: DraftOrigin::default() };
    let text = DraftText { base: 0, parent: "", typed: &typed };
    draft::change(write, &request, DraftChange::Keep(text), write.now).await?;
    write.record(handling::entry("message.draft_question", &message));
    let mut taken = asked.taken;
    taken.extend(answered.taken);
    let sentence = format!("This is a draft of message {}. {}", message.reference, describe(taken));
    let to = NextScreen::At(new_from_draft(DocumentKind::FaqItem, &key));
    Ok(ActionResult { to, ..ActionResult::here(sentence) })
}

fn describe(mut taken: Vec<String>) -> String {
    let mut seen = std::collections::BTreeSet::new();
    taken.retain(|what| seen.insert(what.clone()));
    if taken.is_empty() {
        return "Nothing personal was found in it: read it before you publish it.".to_owned();
    }
    let more = taken.len().saturating_sub(NAMED);
    let mut named: Vec<String> = taken.iter().take(NAMED).map(|what| format!("“{what}”")).collect();
    if more > 0 {
        named.push(format!("{more} more"));
    }
    format!("Left out: {}. Read it before you publish it, as more may be personal.", join_with_and(&named))
}
