//! The form of a page and the screen around it: what visitors see now, and what they do not see yet.

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    face::{
        desk::{Desk, When},
        problems::{Choice, Problems},
        standing::Standing,
    },
    model::{
        document::{self, Kind},
        page::{address::HOME, tree},
        revision::{self, Layout, Menu, Revision, Typed},
    },
};

/// What the form sends.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PageForm {
    /// The fields of the document.
    #[serde(flatten)]
    pub typed: Typed,
    /// The version it was made from.
    pub base: i64,
    /// For a new page: the id of the page above; empty for the uppermost level.
    pub under: String,
    /// `save` or `publish`.
    #[serde(rename = "do")]
    pub intent: String,
}

impl PageForm {
    /// Whether the person pressed "Publish".
    #[must_use]
    pub fn publishes(&self) -> bool {
        self.intent == "publish"
    }
}

/// What came of a save.
pub struct Edited {
    /// The newest version now.
    pub version: i64,
    /// Whether it is a new one.
    pub changed: bool,
    /// Whether it was published.
    pub published: bool,
    /// Whether visitors see the page at all.
    pub live: bool,
}

impl Edited {
    /// Whether nothing came of it.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        !self.changed && !self.published
    }

    /// The sentence for the next screen.
    #[must_use]
    pub fn sentence(&self, title: &str) -> String {
        match (self.published, self.changed, self.live) {
            (true, ..) => format!("Version {} of “{title}” is published.", self.version),
            (_, false, _) => "Nothing was changed, so no new version was saved.".to_owned(),
            (_, _, true) => {
                format!("Version {} is saved. Visitors still see the published version.", self.version)
            }
            _ => format!("Version {} is saved. Visitors do not see the page until you publish it.", self.version),
        }
    }
}

/// The lists to choose from.
#[derive(Serialize)]
pub struct Choices {
    layouts: Vec<Choice>,
    menus: Vec<Choice>,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            layouts: Layout::ALL.iter().map(|(_, value, label)| Choice::new(*value, *label)).collect(),
            menus: Menu::ALL.iter().map(|(_, value, label)| Choice::new(*value, *label)).collect(),
        }
    }
}

/// Everything the edit screen shows.
#[derive(Serialize)]
pub struct View {
    /// Title of the screen.
    pub title: String,
    id: i64,
    is_new: bool,
    is_home: bool,
    action: String,
    path: String,
    standing: Standing,
    trashed: bool,
    form: PageForm,
    errors: Problems,
    choices: Choices,
    above: Vec<Above>,
    saved: Option<VersionView>,
    preview_src: String,
}

#[derive(Serialize)]
struct Above {
    label: String,
    path: String,
}

/// A version in one line.
#[derive(Serialize)]
pub struct VersionView {
    version: i64,
    author: String,
    when: When,
    title: String,
    body: String,
}

/// A version as screens show it.
#[must_use]
pub fn version_view(desk: &Desk, revision: &Revision) -> VersionView {
    VersionView {
        version: revision.version,
        author: revision.author_name.clone(),
        when: desk.when(revision.created_at),
        title: revision.content.title.clone(),
        body: revision.content.body.clone(),
    }
}

/// The screen of a page that is there.
pub async fn view(desk: &Desk, id: i64, form: PageForm, errors: Problems) -> Result<View> {
    let db = desk.app.read();
    let node = tree::node(db, id).await?;
    let document = document::get(db, id, Kind::Page).await?;
    let newest = revision::latest(db, id).await?.ok_or(Error::NotFound)?;
    let standing = Standing::of(&desk.app, &document, &newest).await?;
    Ok(View {
        title: node.title.clone(),
        id,
        is_new: false,
        is_home: node.path == HOME,
        action: format!("/admin/pages/{id}"),
        standing,
        trashed: false,
        form,
        errors,
        choices: Choices::default(),
        above: above(desk, node.parent_id).await?,
        saved: Some(version_view(desk, &newest)),
        preview_src: format!("/admin/pages/{id}/preview"),
        path: node.path,
    })
}

/// The screen of a page that is not there yet.
pub async fn new_view(desk: &Desk, form: PageForm, errors: Problems) -> Result<View> {
    let parent: Option<i64> = form.under.parse().ok();
    let mut path = "/".to_owned();
    if let Some(parent) = parent {
        path = tree::node(desk.app.read(), parent).await?.path;
    }
    Ok(View {
        title: "New page".to_owned(),
        id: 0,
        is_new: true,
        is_home: false,
        action: "/admin/pages/new".to_owned(),
        standing: Standing {
            sentence: format!("This page is not saved yet. It will stand below {path}."),
            ..Standing::new(Kind::Page)
        },
        trashed: false,
        form,
        errors,
        choices: Choices::default(),
        above: above(desk, parent).await?,
        saved: None,
        preview_src: String::new(),
        path,
    })
}

async fn above(desk: &Desk, parent: Option<i64>) -> Result<Vec<Above>> {
    let mut list = vec![Above { label: "Pages".to_owned(), path: "/admin/pages".to_owned() }];
    for node in tree::ancestors(desk.app.read(), parent).await? {
        list.push(Above { path: format!("/admin/pages?under={}", node.id), label: node.title });
    }
    Ok(list)
}

/// The screen of a page that went into the trash while somebody was writing: what they typed is kept.
#[must_use]
pub fn trashed_view(id: i64, form: PageForm) -> View {
    View {
        title: form.typed.title.clone(),
        id,
        is_new: true,
        is_home: false,
        action: format!("/admin/pages/{id}"),
        path: String::new(),
        standing: Standing {
            sentence: "Somebody put this page into the trash while you were writing.".to_owned(),
            publish: "Publish".to_owned(),
            publish_edited: "Publish".to_owned(),
            ..Standing::default()
        },
        trashed: true,
        form,
        errors: Problems::default(),
        choices: Choices::default(),
        above: vec![Above { label: "Pages".to_owned(), path: "/admin/pages".to_owned() }],
        saved: None,
        preview_src: String::new(),
    }
}
