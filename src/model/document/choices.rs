//! Values of the core fields that are chosen from a list, and that the program acts on. Their labels in forms are in
//! the field table.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum Menu {
    /// In the main menu, or in the navigation of its section.
    #[default]
    Main,
    Footer,
    /// In no menu, no list of pages and no reading order (previous and next). It is still public: links, search, the
    /// site map and the near matches of a missing path lead to it. Unpublish what nobody should find.
    Hidden,
}

impl Menu {
    const ALL: [Self; 3] = [Self::Main, Self::Footer, Self::Hidden];

    #[must_use]
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|menu| menu.as_str() == name)
    }

    #[must_use]
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Footer => "footer",
            Self::Hidden => "hidden",
        }
    }
}

/// How a page shows its text and its children.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    #[default]
    Article,
    Section,
    /// Children as the steps of a path.
    Path,
    /// Children as a tree of numbered clauses.
    Outline,
    /// Its items as questions with their answers.
    Faq,
    /// Its items as questions with four options, to practise and as papers.
    Practice,
    /// Its items as terms with what they mean.
    Glossary,
    Contact,
    /// The front page: lists become cards, descriptions become figures.
    Home,
}

impl Layout {
    const ALL: [Self; 9] = [
        Self::Article,
        Self::Section,
        Self::Path,
        Self::Outline,
        Self::Faq,
        Self::Practice,
        Self::Glossary,
        Self::Contact,
        Self::Home,
    ];

    #[must_use]
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layout| layout.as_str() == name)
    }

    #[must_use]
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Section => "section",
            Self::Path => "path",
            Self::Outline => "outline",
            Self::Faq => "faq",
            Self::Practice => "practice",
            Self::Glossary => "glossary",
            Self::Contact => "contact",
            Self::Home => "home",
        }
    }

    /// What one of the items is called that a page with it shows.
    #[must_use]
    pub(crate) const fn item_noun(self) -> &'static str {
        match self {
            Self::Faq => "question",
            Self::Practice => "practice question",
            Self::Glossary => "term",
            _ => "item",
        }
    }

    /// Whether a page with it shows items. The view `collection` names the same.
    #[must_use]
    pub(crate) const fn is_collection(self) -> bool {
        matches!(self, Self::Faq | Self::Practice | Self::Glossary)
    }
}

/// What a page draws of the pages below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Drawing {
    Path,
    Family,
    Structure,
}

impl Drawing {
    /// None for a page without a drawing.
    #[must_use]
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "path" => Some(Self::Path),
            "family" => Some(Self::Family),
            "structure" => Some(Self::Structure),
            _ => None,
        }
    }
}
