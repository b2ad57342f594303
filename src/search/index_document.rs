//! A document of the index: what is searched, and what a result shows of it.

use serde::{Deserialize, Serialize};
use tantivy::{TantivyDocument, Term};

use super::{schema::IndexFields, tokenizer};
use crate::model::document::{field::SearchWeight, kind::DocumentKind};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Visibility {
    Public,
    /// Users of the admin area: the newest version that is not live.
    Draft,
    Message,
}

impl Visibility {
    /// Its name in the index.
    #[must_use]
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Draft => "draft",
            Self::Message => "message",
        }
    }
}

/// What kind of thing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResultKind {
    Document(DocumentKind),
    /// A page below one that shows its children as clauses.
    Clause,
    /// An item of a page that shows its items as terms.
    Term,
    Message,
}

impl ResultKind {
    pub(crate) const ALL: [Self; 5] = [
        Self::Document(DocumentKind::FaqItem),
        Self::Clause,
        Self::Document(DocumentKind::Page),
        Self::Term,
        Self::Message,
    ];

    /// Its place in `ALL`.
    #[must_use]
    pub(crate) fn index(self) -> usize {
        Self::ALL.iter().position(|kind| *kind == self).unwrap_or_default()
    }

    /// The kind with this name.
    #[must_use]
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Name for scripts and style.
    #[must_use]
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Document(kind) => kind.noun(),
            Self::Clause => "clause",
            Self::Term => "term",
            Self::Message => "message",
        }
    }

    /// The kind of document that it is; none for a message.
    #[must_use]
    pub(crate) const fn document_kind(self) -> Option<DocumentKind> {
        match self {
            Self::Document(kind) => Some(kind),
            Self::Clause => Some(DocumentKind::Page),
            Self::Term => Some(DocumentKind::FaqItem),
            Self::Message => None,
        }
    }

    #[must_use]
    pub(crate) const fn singular(self) -> &'static str {
        match self {
            Self::Document(kind) => kind.label(),
            Self::Clause => "Clause",
            Self::Term => "Term",
            Self::Message => "Message",
        }
    }

    #[must_use]
    pub(crate) const fn plural(self) -> &'static str {
        match self {
            Self::Document(kind) => kind.list_label(),
            Self::Clause => "Clauses",
            Self::Term => "Terms",
            Self::Message => "Messages",
        }
    }
}

/// What a result shows, and what the indexer needs to know of what it indexed before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct IndexedDocument {
    pub id: i64,
    /// The revision that was indexed; 0 for a message.
    pub revision: i64,
    pub visibility: Visibility,
    pub kind: ResultKind,
    pub title: String,
    /// Clause or part number; a message's reference. May be empty.
    pub number: String,
    /// Where visitors read it; empty for a message.
    pub path: String,
    /// Labels of what is above, the uppermost first.
    pub trail: Vec<String>,
    /// Its label in the trails of what is below.
    pub label: String,
    pub outline: bool,
    /// Whether it is the page of questions.
    pub faq: bool,
    /// Whether it is a question to be practised: what its text says is no answer by itself.
    #[serde(default)]
    pub is_exercise: bool,
    pub summary: String,
    pub headings: Vec<String>,
    /// Its words without markup.
    pub text: String,
    /// What is searched in addition to headings and text, and what a match in it weighs.
    #[serde(skip)]
    pub searched: Vec<(SearchWeight, String)>,
    /// The same for users of the admin area alone.
    #[serde(skip)]
    pub internal: Vec<(SearchWeight, String)>,
}

impl IndexedDocument {
    /// As the index holds it; `for_users` also with what only users of the admin area find it by.
    #[must_use]
    pub(crate) fn document(&self, fields: &IndexFields, for_users: bool) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        let headings = self.headings.join("\n");
        // A clause is also found as “clause 8.2.4”.
        let prefix = if self.kind == ResultKind::Clause { "clause" } else { "" };
        document.add_text(fields.key, key(self.visibility, self.id));
        document.add_text(fields.visibility, self.visibility.as_str());
        document.add_u64(fields.kind, self.kind.index() as u64);
        document.add_text(fields.number, tokenizer::exact_key(&self.number));
        document.add_text(fields.name, &self.title);
        document.add_text(fields.headings, &headings);
        let internal = if for_users { &self.internal[..] } else { &[] };
        for (weight, part) in self.searched.iter().chain(internal) {
            match weight {
                SearchWeight::Title => {
                    document.add_text(fields.title, part);
                    document.add_text(fields.title_words, part);
                }
                SearchWeight::Heading => document.add_text(fields.headings, part),
                SearchWeight::Text => {}
            }
        }
        let searched = self.searched.iter().chain(internal).map(|(_, part)| part.as_str());
        for part in searched.chain([prefix, &headings, &self.text]) {
            document.add_text(fields.text, part);
            document.add_text(fields.words, part);
        }
        document.add_text(fields.shown, self.to_stored());
        document
    }

    /// What the index stores of it. Two that store the same are found by the same words.
    #[must_use]
    pub fn to_stored(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The key of what was made from a document or message.
#[must_use]
pub(crate) fn key(visibility: Visibility, id: i64) -> String {
    let from = if visibility == Visibility::Public { "live" } else { visibility.as_str() };
    format!("{from}:{id}")
}

/// The term that finds it again.
#[must_use]
pub(crate) fn key_term(fields: &IndexFields, visibility: Visibility, id: i64) -> Term {
    Term::from_field_text(fields.key, &key(visibility, id))
}
