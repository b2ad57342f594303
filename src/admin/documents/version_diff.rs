//! How screens about documents of every kind show versions and what differs between two of them, with the values in words
//! and with the users whose changes they are: before publishing, before discarding, after a clash, and among the old
//! versions. Changes nothing.

use serde::Serialize;

use super::{
    blame,
    diff::{self, DiffLine},
    field_view::in_words,
    paths,
};
use crate::{
    admin::shared::{
        admin_context::{AdminContext, When},
        document_kinds::screens,
    },
    error::Result,
    model::document::{
        content::Content, field::Control, fields::names, kind::DocumentKind, lineage::Pending, record::Document,
        revision::Revision,
    },
    text::listing::join_with_and,
};

/// The document that a screen is about.
#[derive(Debug, Serialize)]
pub(crate) struct DocumentHeading {
    pub(crate) kind: &'static str,
    pub(crate) title: String,
    pub(crate) edit: String,
    /// Path of the list of all of its kind, and what that is called.
    pub(crate) list: &'static str,
    list_label: &'static str,
}

impl DocumentHeading {
    /// Of a document whose newest version is `newest`.
    #[must_use]
    pub(crate) fn of(document: &Document, newest: &Revision) -> Self {
        Self {
            kind: document.kind.noun(),
            title: newest.content.title.clone(),
            edit: paths::edit_screen(document.kind, document.id),
            list: paths::list(document.kind),
            list_label: screens(document.kind).list_label,
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct VersionView {
    pub(crate) version: i64,
    pub(crate) path: String,
    pub(crate) author: String,
    pub(crate) when: When,
    /// What it changes, in its author's words.
    pub(crate) note: String,
    /// The fields that it changed, in words; may be empty.
    pub(crate) changes: String,
}

impl VersionView {
    #[must_use]
    pub(crate) fn of(admin: &AdminContext, revision: &Revision) -> Self {
        Self {
            version: revision.version,
            path: paths::revision(revision.document_id, revision.version),
            author: revision.author_name.clone(),
            when: admin.when(revision.created_at),
            note: revision.content.change_note.clone(),
            changes: String::new(),
        }
    }

    /// Of the versions of `document` that are not public.
    #[must_use]
    pub(crate) fn pending(admin: &AdminContext, document: &Document, pending: &[Pending]) -> Vec<Self> {
        let view = |one: &Pending| Self {
            version: one.version,
            path: paths::revision(document.id, one.version),
            author: one.author_name.clone(),
            when: admin.when(one.created_at),
            note: one.note.clone(),
            changes: names(&one.changes),
        };
        pending.iter().map(view).collect()
    }
}

/// What differs between two versions.
#[derive(Debug, Default, Serialize)]
pub(crate) struct VersionDiff {
    fields: Vec<ChangedField>,
    texts: Vec<ChangedText>,
}

#[derive(Debug, Serialize)]
struct ChangedField {
    label: String,
    old: String,
    new: String,
    /// Whose changes these are; see [`authors`].
    by: String,
}

#[derive(Debug, Serialize)]
struct ChangedText {
    label: String,
    lines: Vec<DiffLine>,
    /// Whose changes these are; see [`authors`].
    by: String,
}

/// Whether a field is compared line by line.
#[must_use]
pub(crate) const fn is_text(control: &Control) -> bool {
    matches!(control, Control::Markdown(_) | Control::Text(_))
}

impl VersionDiff {
    /// From `old` to `new`; `pending` are the versions between them, if it matters whose they are.
    pub(crate) async fn between(
        admin: &AdminContext,
        kind: DocumentKind,
        texts: (&Content, &Content),
        pending: &[Pending],
    ) -> Result<Self> {
        let (old, new) = (texts.0.to_input(), texts.1.to_input());
        let fields = &admin.app.rules.fields.of_either(kind, &old, &new);
        let (old_words, new_words) = (in_words(admin, fields, &old).await?, in_words(admin, fields, &new).await?);
        let compare = || {
            let mut difference = Self::default();
            for field in fields.compare(&old, &new) {
                let key = field.key.as_ref();
                let changed = pending.iter().filter(|one| one.changes.iter().any(|change| change.key == field.key));
                let (label, by) = (field.label.to_string(), authors(admin, changed));
                if is_text(&field.control) {
                    let mut lines = diff::lines(old.get(key), new.get(key));
                    name_lines(admin, &mut lines, (old.get(key), new.get(key)), (key, pending));
                    difference.texts.push(ChangedText { label, lines: diff::shorten(lines), by });
                } else {
                    let (old, new) = (old_words.get(key).to_owned(), new_words.get(key).to_owned());
                    difference.fields.push(ChangedField { label, old, new, by });
                }
            }
            difference
        };
        admin.app.comparing.for_editor(compare).await
    }
}

/// Adds to the lines of a text whose they are, when several users changed it.
fn name_lines(
    admin: &AdminContext,
    lines: &mut [DiffLine],
    (old, new): (&str, &str),
    (key, pending): (&str, &[Pending]),
) {
    let same_author =
        |pair: &[Pending]| (pair[0].author_id, &pair[0].author_name) == (pair[1].author_id, &pair[1].author_name);
    let Some(newest) = pending.first().filter(|_| !pending.windows(2).all(same_author)) else { return };
    let is_back = newest.input.get(key) == old && newest.input.get(key) != new;
    let first = if is_back { new } else { old };
    let versions = pending.iter().rev();
    let texts: Vec<&str> = std::iter::once(first).chain(versions.clone().map(|one| one.input.get(key))).collect();
    let names: Vec<String> = versions.map(|one| authors(admin, std::iter::once(one))).collect();
    blame::name_lines(lines, &texts, &names, is_back);
}

/// Whose versions these are: `version 4 by Ada and 2 versions by you`.
pub(crate) fn authors<'a>(admin: &AdminContext, pending: impl Iterator<Item = &'a Pending>) -> String {
    let mut found: Vec<(&Pending, usize)> = Vec::new();
    for one in pending {
        let same = |(known, _): &&mut (&Pending, usize)| {
            (known.author_id, &known.author_name) == (one.author_id, &one.author_name)
        };
        match found.iter_mut().find(same) {
            Some((_, count)) => *count += 1,
            None => found.push((one, 1)),
        }
    }
    let words = found.into_iter().map(|(newest, count)| {
        let author = if is_own(admin, newest) { "you" } else { &newest.author_name };
        match count {
            1 => format!("version {} by {author}", newest.version),
            _ => format!("{count} versions by {author}"),
        }
    });
    join_with_and(&words.collect::<Vec<_>>())
}

/// Whether the user of this screen saved it.
#[must_use]
pub(crate) fn is_own(admin: &AdminContext, pending: &Pending) -> bool {
    pending.author_id == Some(admin.user.id)
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    DocumentHeading { kind, title, edit, list, list_label }
    VersionView { version, path, author, when, note, changes }
    VersionDiff { fields, texts }
    ChangedField { label, old, new, by }
    ChangedText { label, lines, by }
}
