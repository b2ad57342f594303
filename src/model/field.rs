//! The fields of a document by name, so that whatever compares, merges or shows documents treats all of them alike.
//! The note on the change is none of them: it speaks of the revision, not of the document.

use super::{document::DocumentKind, revision::DocumentInput};

/// A field of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields of DocumentInput")]
pub enum Field {
    Title,
    Category,
    Summary,
    Body,
    Slug,
    Number,
    MenuLabel,
    Menu,
    Layout,
    Owner,
    ReviewBy,
}

use Field as F;

const PAGE: &[Field] =
    &[F::Title, F::Summary, F::Body, F::Slug, F::Number, F::MenuLabel, F::Menu, F::Layout, F::Owner, F::ReviewBy];
const FAQ_ITEM: &[Field] = &[F::Title, F::Body, F::Category, F::Slug, F::Owner, F::ReviewBy];

impl Field {
    /// The fields that a document of this kind has, in the order of its form.
    #[must_use]
    pub const fn all(kind: DocumentKind) -> &'static [Self] {
        match kind {
            DocumentKind::Page => PAGE,
            DocumentKind::FaqItem => FAQ_ITEM,
        }
    }

    /// Its name in forms.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            F::Title => "title",
            F::Category => "category",
            F::Summary => "summary",
            F::Body => "body",
            F::Slug => "slug",
            F::Number => "number",
            F::MenuLabel => "menu_label",
            F::Menu => "menu",
            F::Layout => "layout",
            F::Owner => "owner",
            F::ReviewBy => "review_by",
        }
    }

    /// The field of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        PAGE.iter().chain(FAQ_ITEM).copied().find(|field| field.name() == name)
    }

    /// Its value.
    #[must_use]
    pub fn of(self, typed: &DocumentInput) -> &str {
        match self {
            F::Title => &typed.title,
            F::Category => &typed.category,
            F::Summary => &typed.summary,
            F::Body => &typed.body,
            F::Slug => &typed.slug,
            F::Number => &typed.number,
            F::MenuLabel => &typed.menu_label,
            F::Menu => &typed.menu,
            F::Layout => &typed.layout,
            F::Owner => &typed.owner,
            F::ReviewBy => &typed.review_by,
        }
    }

    /// Changes its value.
    pub fn set(self, typed: &mut DocumentInput, value: &str) {
        let field = match self {
            F::Title => &mut typed.title,
            F::Category => &mut typed.category,
            F::Summary => &mut typed.summary,
            F::Body => &mut typed.body,
            F::Slug => &mut typed.slug,
            F::Number => &mut typed.number,
            F::MenuLabel => &mut typed.menu_label,
            F::Menu => &mut typed.menu,
            F::Layout => &mut typed.layout,
            F::Owner => &mut typed.owner,
            F::ReviewBy => &mut typed.review_by,
        };
        value.clone_into(field);
    }

    /// The fields in which two versions differ, in the order of the form.
    #[must_use]
    pub fn that_differ(kind: DocumentKind, one: &DocumentInput, other: &DocumentInput) -> Vec<Self> {
        Self::all(kind).iter().copied().filter(|field| field.of(one) != field.of(other)).collect()
    }
}
