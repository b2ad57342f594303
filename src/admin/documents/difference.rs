//! How screens about documents of every kind show versions and what differs between two of them, with the values in words
//! and with the users whose changes they are: before publishing, before discarding, after a clash, and among the old
//! versions. Changes nothing.

use serde::Serialize;

use super::{
    diff::{self, DiffLine},
    paths,
    publication_status::noun,
};
use crate::{
    admin::shared::admin_context::{AdminContext, When},
    error::{Error, Result},
    model::{
        document::{Document, DocumentKind},
        faq::category,
        field::Field,
        lineage::Pending,
        revision::{Content, DocumentInput, Layout, Menu, Revision},
    },
};

/// The document that a screen is about.
#[derive(Debug, Serialize)]
pub struct Head {
    /// `page` or `question`.
    pub kind: &'static str,
    /// Title of the newest version.
    pub title: String,
    /// Address of its edit screen.
    pub edit: String,
    /// Address of the list of all of its kind.
    pub list: &'static str,
}

impl Head {
    /// Of a document whose newest version is `newest`.
    #[must_use]
    pub fn of(document: &Document, newest: &Revision) -> Self {
        Self {
            kind: noun(document.kind),
            title: newest.content.title.clone(),
            edit: paths::edit_screen(document.kind, document.id),
            list: paths::list(document.kind),
        }
    }
}

/// A version in one line.
#[derive(Debug, Serialize)]
pub struct VersionView {
    /// Its number.
    pub version: i64,
    /// Address of its screen.
    pub path: String,
    /// Who saved it.
    pub author: String,
    /// When.
    pub when: When,
    /// What it changes, in its author's words.
    pub note: String,
    /// The fields that it changed, in words; may be empty.
    pub changes: String,
}

impl VersionView {
    /// Of a stored version.
    #[must_use]
    pub fn of(admin: &AdminContext, revision: &Revision) -> Self {
        Self {
            version: revision.version,
            path: paths::version(revision.document_id, revision.version),
            author: revision.author_name.clone(),
            when: admin.when(revision.created_at),
            note: revision.content.note.clone(),
            changes: String::new(),
        }
    }

    /// Of the versions of `document` that are not public.
    #[must_use]
    pub fn pending(admin: &AdminContext, document: &Document, pending: &[Pending]) -> Vec<Self> {
        let view = |one: &Pending| Self {
            version: one.version,
            path: paths::version(document.id, one.version),
            author: one.author_name.clone(),
            when: admin.when(one.created_at),
            note: one.note.clone(),
            changes: diff::names(document.kind, &one.changes),
        };
        pending.iter().map(view).collect()
    }
}

/// What differs between two versions.
#[derive(Debug, Default, Serialize)]
pub struct Difference {
    fields: Vec<FieldView>,
    /// The text, line by line; empty when it is the same.
    lines: Vec<DiffLine>,
    /// Whose changes of the text these are; see [`authors`].
    text_by: String,
}

#[derive(Debug, Serialize)]
struct FieldView {
    label: &'static str,
    old: String,
    new: String,
    /// Whose changes these are; see [`authors`].
    by: String,
}

impl Difference {
    /// From `old` to `new`; `pending` are the versions between them, if it matters whose they are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn between(
        admin: &AdminContext,
        kind: DocumentKind,
        texts: (&Content, &Content),
        pending: &[Pending],
    ) -> Result<Self> {
        let (old, new) = (texts.0.to_input(), texts.1.to_input());
        let (old_words, new_words) = (in_words(admin, &old).await?, in_words(admin, &new).await?);
        let by = |field| authors(admin, pending.iter().filter(|one| one.changes.contains(&field)));
        let mut difference = Self::default();
        for field in Field::that_differ(kind, &old, &new) {
            if field == Field::Body {
                difference.lines = diff::lines(&old.body, &new.body);
                difference.text_by = by(field);
                continue;
            }
            let (old, new) = (field.of(&old_words).to_owned(), field.of(&new_words).to_owned());
            difference.fields.push(FieldView { label: diff::label(kind, field), old, new, by: by(field) });
        }
        Ok(difference)
    }
}

/// Whose versions these are: `version 4 by Ada and 2 versions by you`.
pub fn authors<'a>(admin: &AdminContext, pending: impl Iterator<Item = &'a Pending>) -> String {
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
    diff::listed(&words.collect::<Vec<_>>())
}

/// Whether the user of this screen saved it.
#[must_use]
pub fn is_own(admin: &AdminContext, pending: &Pending) -> bool {
    pending.author_id == Some(admin.user.id)
}

/// The same with words where the value of a field is a code.
///
/// # Errors
/// When the database fails.
pub async fn in_words(admin: &AdminContext, typed: &DocumentInput) -> Result<DocumentInput> {
    let mut words = typed.clone();
    if let Ok(id) = typed.category.parse() {
        words.category = match category::get(admin.app.read(), id).await {
            Ok(category) => category.title,
            Err(Error::NotFound) => "A category that was deleted".to_owned(),
            Err(other) => return Err(other),
        };
    }
    if let Some((.., label)) = Menu::ALL.iter().find(|(_, name, _)| *name == typed.menu) {
        (*label).clone_into(&mut words.menu);
    }
    if let Some((.., label)) = Layout::ALL.iter().find(|(_, name, _)| *name == typed.layout) {
        (*label).clone_into(&mut words.layout);
    }
    Ok(words)
}
