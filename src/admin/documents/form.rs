//! What the form of a document sends, whatever its kind: the fields, the version they were made from, what was pressed,
//! and, after a conflict, which text was chosen for each field.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::form_draft::FormDraft;
use crate::{
    crypto,
    error::ValidationErrors,
    model::document::{
        draft::{DocumentDraft, DraftText},
        fields::DocumentFields,
        input::DocumentInput,
        keys,
        revision::Revision,
        rows::{self, ListRow},
        saving::Intent,
    },
};

/// Value of the field `under` for the uppermost level.
pub(crate) const TOP: &str = "top";

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
pub(crate) struct DocumentForm {
    /// The fields of the document; unknown ones are ignored.
    #[serde(skip)]
    pub(crate) typed: DocumentInput,
    pub(crate) base: String,
    /// For a new page: the id of the page above; empty or [`TOP`] for the uppermost level.
    pub(crate) under: String,
    /// After a clash: the version that what was typed was made from before; otherwise empty.
    pub(crate) made_from: String,
    /// For a new page: a part of the title, number or path of the page above, to find it by.
    pub(crate) find: String,
    /// In the address of a new document: the id of the one that it is made from.
    pub(crate) copy_of: String,
    /// The draft that the form was made from.
    pub(crate) draft: FormDraft,
    /// `save`; `publish`; `review`, to see first what would become public; `find`, to look for the page above; `drop`, to
    /// give up what was typed; `discard` and `restore`, for the draft; `row_up.contacts.2` and `row_down.contacts.2`.
    #[serde(rename = "do")]
    pub(crate) button: String,
    /// Fields, or parts of them, for which a text has to be chosen, by name, and which one was; see `clash_choice`.
    #[serde(skip)]
    pub(crate) clashes: Vec<(String, Option<Keep>)>,
    /// Which text of their own the user saw for these fields, see [`fingerprint`].
    #[serde(skip)]
    pub(crate) yours: Vec<(String, String)>,
    /// Where the other text is in that of the other version, for parts of a field: `10-34`, in bytes.
    #[serde(skip)]
    pub(crate) theirs: Vec<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    Theirs,
    Yours,
    /// Theirs, then yours.
    Both,
}

impl From<Vec<(String, String)>> for DocumentForm {
    fn from(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        let mut keeps = Vec::new();
        let mut lists: BTreeMap<String, BTreeMap<usize, ListRow>> = BTreeMap::new();
        for (name, value) in pairs {
            if let Some((key, row, part)) = rows::split_name(&name) {
                lists
                    .entry(key.to_owned())
                    .or_default()
                    .entry(row)
                    .or_default()
                    .insert(part.to_owned(), value.replace("\r\n", "\n"));
                continue;
            }
            match name.as_str() {
                "base" => form.base = value,
                "under" => form.under = value,
                "made_from" => form.made_from = value,
                "find" => form.find = value,
                "copy_of" => form.copy_of = value,
                "do" => form.button = value,
                "clash" => form.clashes.push((value, None)),
                "draft" | "draft_seen" | "draft_sequence" | "draft_tab" | "draft_user" => form.draft.set(&name, value),
                _ if name.starts_with("theirs_") => form.theirs.push((name["theirs_".len()..].to_owned(), value)),
                _ if name.starts_with("yours_") => form.yours.push((name["yours_".len()..].to_owned(), value)),
                _ => match name.strip_prefix("keep_") {
                    Some(key) => keeps.push((key.to_owned(), value)),
                    None => form.typed.set(&name, value),
                },
            }
        }
        if let Some((is_up, key, row)) = form.row_to_move()
            && let Some(list) = lists.get_mut(key)
        {
            rows::move_row(list, row, is_up);
        }
        for (key, list) in lists {
            form.typed.set(&key, rows::to_text(&list.into_values().collect::<Vec<_>>()));
        }
        for (key, keep) in &mut form.clashes {
            *keep = keeps.iter().find(|(kept, _)| kept == key).and_then(|(_, value)| match value.as_str() {
                "theirs" => Some(Keep::Theirs),
                "yours" => Some(Keep::Yours),
                "both" => Some(Keep::Both),
                _ => None,
            });
        }
        form
    }
}

impl DocumentForm {
    /// The form of a stored version. The note stays with that version: the next one has a note of its own.
    #[must_use]
    pub(crate) fn of(newest: &Revision) -> Self {
        let mut typed = newest.content.to_input();
        typed.set(keys::CHANGE_NOTE, "");
        Self { typed, base: newest.version.to_string(), ..Self::default() }
    }

    /// The form as a draft kept it.
    #[must_use]
    pub(crate) fn of_draft(draft: DocumentDraft) -> Self {
        let key = if draft.document_id.is_some() { String::new() } else { draft.key };
        let base = if draft.base == 0 { String::new() } else { draft.base.to_string() };
        let mut form = Self { typed: draft.typed, base, under: draft.parent, ..Self::default() };
        (form.draft.key, form.draft.tab) = (key, draft.tab);
        form.draft.follow(draft.sequence, Some(draft.saved_at));
        form
    }

    /// What a draft keeps of it: the fields that documents of this kind have.
    #[must_use]
    pub(crate) fn kept(&self, fields: &DocumentFields) -> DocumentInput {
        let text = |typed: DocumentInput, key: &str| typed.with(key, self.typed.get(key).replace("\r\n", "\n"));
        fields.all().fold(DocumentInput::default(), |typed, field| text(typed, &field.key))
    }

    /// The same with what belongs to it.
    #[must_use]
    pub(crate) fn draft_text<'a>(&'a self, typed: &'a DocumentInput) -> DraftText<'a> {
        DraftText { base: self.base(), parent: &self.under, typed }
    }

    /// The same for a document that is not saved yet: empty fields get their initial values.
    #[must_use]
    pub(crate) fn of_new(mut self, fields: &DocumentFields) -> Self {
        for field in fields.all() {
            if self.typed.get(&field.key).is_empty() {
                self.typed.set(&field.key, field.initial.clone());
            }
        }
        self
    }

    /// Whether it holds something else than this version.
    #[must_use]
    pub(crate) fn differs_from(&self, fields: &DocumentFields, version: &Revision) -> bool {
        let saved = Self::of(version).typed;
        let text = |input: &DocumentInput, key: &str| input.get(key).replace("\r\n", "\n");
        fields.all().any(|field| text(&self.typed, &field.key) != text(&saved, &field.key))
    }

    #[must_use]
    pub(crate) fn intent(&self) -> Intent {
        match self.button.as_str() {
            "publish" => Intent::Publish,
            "review" => Intent::Review,
            _ => Intent::Save,
        }
    }

    /// Which row of which list the button moves, and whether up: `row_up.contacts.2`.
    fn row_to_move(&self) -> Option<(bool, &str, usize)> {
        let (press, key, row) = rows::split_press(&self.button)?;
        Some((press == "row_up", key, row))
    }

    /// Whether it is only to be drawn again, with a row at another place.
    #[must_use]
    pub(crate) fn moves_row(&self) -> bool {
        self.row_to_move().is_some()
    }

    #[must_use]
    pub(crate) fn finds(&self) -> bool {
        self.button == "find"
    }

    /// Whether the user gives up what they typed, after a clash.
    #[must_use]
    pub(crate) fn drops(&self) -> bool {
        self.button == "drop"
    }

    /// The version that it was made from; 0 when the field was damaged.
    #[must_use]
    pub(crate) fn base(&self) -> i64 {
        self.base.trim().parse().unwrap_or(0)
    }

    /// The version that it was made from before a clash; 0 when there was none.
    #[must_use]
    pub(crate) fn made_from(&self) -> i64 {
        self.made_from.trim().parse().unwrap_or(0)
    }

    /// The page above.
    /// Fails when none was chosen.
    pub(crate) fn parent(&self) -> Result<Option<i64>, ValidationErrors> {
        match self.under.as_str() {
            "" | TOP => Ok(None),
            id => id
                .parse()
                .map(Some)
                .map_err(|_| ValidationErrors::one("under", "Choose the page above, or the top level")),
        }
    }
}

/// Identifies a text that was shown; line endings do not count, as browsers change them.
#[must_use]
pub(crate) fn fingerprint(text: &str) -> String {
    crypto::hash(&text.replace("\r\n", "\n"))
}

#[cfg(test)]
impl crate::state::template_samples::Sample for DocumentForm {
    fn sample(random: &mut crate::state::template_samples::Random) -> Self {
        let [base, under, made_from, find] =
            std::array::from_fn(|_| crate::state::template_samples::Sample::sample(random));
        let draft = crate::state::template_samples::Sample::sample(random);
        Self { base, under, made_from, find, draft, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(body: &str) -> DocumentForm {
        crate::web::form::read(body.as_bytes()).unwrap()
    }

    #[test]
    fn fields_choices_and_buttons_are_read() {
        let form = form("title=A&body=x&clash=body&keep_body=theirs&clash=title&keep_title=&base=7&do=publish&x=1&x=2");
        assert_eq!((form.typed.get(keys::TITLE), form.base(), form.intent()), ("A", 7, Intent::Publish));
        assert_eq!(form.clashes, [("body".to_owned(), Some(Keep::Theirs)), ("title".to_owned(), None)]);
    }

    #[test]
    fn a_damaged_place_is_never_the_uppermost_level() {
        assert_eq!(form("under=").parent(), Ok(None));
        assert_eq!(form("under=top").parent(), Ok(None));
        assert_eq!(form("under=7").parent(), Ok(Some(7)));
        assert!(form("under=x").parent().is_err());
    }
}
