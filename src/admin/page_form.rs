//! The form of a page and the screen around it: what visitors see now, and what they do not see yet.

use serde::{Deserialize, Serialize};

use crate::{
    error::Result,
    face::{
        desk::{Desk, When},
        problems::{Choice, Problems},
    },
    model::{
        page::{
            address::HOME,
            tree::{self, Node},
        },
        publishing,
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
    state: String,
    live: bool,
    changed: bool,
    next_version: i64,
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
    let newest = revision::latest(db, id).await?;
    let newest_version = newest.as_ref().map_or(0, |revision| revision.version);
    Ok(View {
        title: node.title.clone(),
        id,
        is_new: false,
        is_home: node.path == HOME,
        action: format!("/admin/pages/{id}"),
        state: state(desk, &node, newest_version).await?,
        live: node.live,
        changed: node.changed,
        next_version: if node.live && !node.changed { newest_version + 1 } else { newest_version },
        form,
        errors,
        choices: Choices::default(),
        above: above(desk, node.parent_id).await?,
        saved: newest.map(|revision| version_view(desk, &revision)),
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
        state: format!("This page is not saved yet. It will stand below {path}."),
        live: false,
        changed: false,
        next_version: 1,
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

/// One plain sentence: what visitors see now, and what they do not see.
async fn state(desk: &Desk, node: &Node, newest: i64) -> Result<String> {
    if !node.live {
        return Ok(format!("Visitors do not see this page. Version {newest} is saved and not published."));
    }
    let publications = publishing::publications(desk.app.read(), node.id, 1).await?;
    let (version, since, by) = publications.first().map_or_else(
        || (newest, String::new(), String::new()),
        |now| (now.version, desk.when(now.published_at).long, now.publisher_name.clone()),
    );
    let sees = format!("Visitors see version {version}, published {since} by {by}.");
    Ok(if node.changed { format!("{sees} Version {newest} is saved, and they do not see it.") } else { sees })
}
