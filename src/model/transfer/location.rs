//! Where the document of a file is: a page at its path, a question in its category. What an import does differently
//! for the two kinds of document is here.

use crate::{
    error::{Error, Result},
    model::{
        document::{content::Content, kind::DocumentKind, record::Document},
        faq, link,
        page::{
            editing, order,
            path::{self, HOME},
            tree,
        },
        write::Write,
    },
};

pub(super) enum Location<'a> {
    Home,
    /// A page: the whole path, the page above, and the last part.
    Page {
        path: &'a str,
        parent: Option<i64>,
        slug: &'a str,
    },
    Question {
        category: i64,
        slug: &'a str,
    },
}

impl<'a> Location<'a> {
    /// The place of a page.
    /// `BadRequest` when there is no page above.
    pub(super) async fn page(write: &Write, path: &'a str) -> Result<Self> {
        if path == HOME {
            return Ok(Self::Home);
        }
        let (above, slug) = path.rsplit_once('/').unwrap_or(("", path));
        let parent = if above.is_empty() { None } else { tree::id_at(write, above).await? };
        if parent.is_none() && !above.is_empty() {
            return Err(Error::BadRequest(format!("there is no page at {above}, so nothing can be below it")));
        }
        Ok(Self::Page { path, parent, slug })
    }

    /// The place of a question.
    pub(super) const fn question(category: i64, slug: &'a str) -> Self {
        Self::Question { category, slug }
    }

    pub(super) const fn kind(&self) -> DocumentKind {
        match self {
            Self::Home | Self::Page { .. } => DocumentKind::Page,
            Self::Question { .. } => DocumentKind::FaqItem,
        }
    }

    pub(super) async fn document(&self, write: &Write) -> Result<Option<Document>> {
        let id = match self {
            Self::Home => tree::id_at(write, HOME).await?,
            Self::Page { path, .. } => tree::id_at(write, path).await?,
            Self::Question { slug, .. } => faq::item::id_at(write, slug).await?,
        };
        match id {
            Some(id) => Document::get(write, id).await.map(Some),
            None => Ok(None),
        }
    }

    /// Makes a document here with a first version.
    pub(super) async fn create(&self, write: &Write, content: &Content) -> Result<Document> {
        let content = self.here(content);
        let made = match self {
            Self::Home => editing::create_home(write, content).await,
            Self::Page { parent, .. } => editing::create(write, *parent, content).await,
            Self::Question { .. } => faq::item::create(write, content).await,
        };
        made.map(|(document, _)| document)
    }

    /// The version with its slug and category as the file's place has them.
    fn here(&self, content: &Content) -> Content {
        match self {
            Self::Home => content.clone(),
            Self::Page { slug, .. } => Content { slug: (*slug).to_owned(), ..content.clone() },
            Self::Question { category, slug } => {
                Content { slug: (*slug).to_owned(), category_id: Some(*category), ..content.clone() }
            }
        }
    }

    /// Puts a document here; says whether it was elsewhere.
    pub(super) async fn apply(&self, write: &Write, id: i64) -> Result<bool> {
        match self {
            Self::Home => Ok(false),
            Self::Page { path, parent, slug } => {
                let elsewhere = path::of(write, id).await? != *path;
                if elsewhere {
                    path::apply_slug(write, id, *parent, slug).await?;
                    link::follow_move(write, path).await?;
                }
                Ok(elsewhere)
            }
            Self::Question { category, slug } => {
                let (present, known) = faq::item::location(write, id).await?;
                let elsewhere = present != *category || known.as_deref() != Some(*slug);
                if elsewhere {
                    faq::item::apply_location(write, id, &self.here(&Content::empty(slug))).await?;
                }
                Ok(elsewhere)
            }
        }
    }

    /// Sets the place among the siblings; says whether it was another.
    pub(super) async fn set_position(&self, write: &Write, id: i64, position: i64) -> Result<bool> {
        match self {
            Self::Home => Ok(false),
            Self::Page { .. } => order::set_position(write, id, position).await,
            Self::Question { .. } => faq::item::set_position(write, id, position).await,
        }
    }
}
