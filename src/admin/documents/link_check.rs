//! Finds the links and pictures of a text that lead nowhere, for the user who publishes it. Sends no request; links to
//! other sites count as working.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
};

use url::Url;

use crate::{
    admin::{paths::DashboardPath, shared::admin_context::AdminContext},
    error::Result,
    model::{
        document::{content::Content, fact, kind::DocumentKind, placement, record::Document, revision::Revision},
        link::{addresses, dead},
        media,
        page::public,
        redirect::follow::{RedirectTarget, follow},
    },
    render::{page, site_paths},
    state::app_state::App,
    text::{
        ids::Ids,
        link::{self, Destination},
        markdown::{
            self, HeadingContext,
            contents::{self, Target},
            known::KnownTargets,
            links::LinkAddresses,
        },
        media_path,
    },
    web::{assets, path::is_at_or_below},
};
use axum_extra::routing::TypedPath;

/// Paths that one text is checked for.
const CHECKED: usize = 300;
/// Most pages that are read to see whether they have the part that a link names.
const READ: usize = 50;
/// Paths that a sentence names.
const NAMED: usize = 5;

/// A text as visitors are about to see it.
struct Text<'a> {
    document_id: i64,
    kind: DocumentKind,
    path: String,
    content: &'a Content,
    /// Where its links lead that lead elsewhere than it says.
    addresses: LinkAddresses,
}

/// What leads nowhere, as it was typed.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Dead {
    links: Vec<String>,
    parts: Vec<String>,
    pictures: Vec<String>,
    schemes: Vec<String>,
    /// How many were not checked.
    unchecked: usize,
}

impl Dead {
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.unchecked == 0 && [&self.links, &self.parts, &self.pictures, &self.schemes].into_iter().all(Vec::is_empty)
    }

    /// Whether a link leads nowhere, as far as was checked.
    #[must_use]
    pub(crate) fn has_link(&self, url: &str) -> bool {
        self.unchecked > 0 || self.links.iter().any(|link| link == url)
    }

    /// The rest of it, for a screen that names `links` already.
    #[must_use]
    pub(crate) fn without<'a>(mut self, links: impl Iterator<Item = &'a str>) -> Self {
        for link in links {
            self.links.retain(|dead| dead != link);
        }
        self
    }

    /// `1 link leads nowhere: /standard.`; empty when everything leads somewhere.
    #[must_use]
    pub(crate) fn sentence(&self) -> String {
        let links = describe(&self.links, "link leads nowhere", "links lead nowhere");
        let part = "link leads to a part that its page does not have";
        let parts = describe(&self.parts, part, "links lead to parts that their pages do not have");
        let pictures = describe(&self.pictures, "picture is missing", "pictures are missing");
        let schemes = match self.schemes.as_slice() {
            [one] => format!("This link will not work: its scheme is not allowed ({one})."),
            schemes => describe(schemes, "", "links will not work, because their schemes are not allowed"),
        };
        let unchecked = match self.unchecked {
            0 => String::new(),
            1 => "1 link was not checked, because there are so many.".to_owned(),
            more => format!("{more} links were not checked, because there are so many."),
        };
        [links, parts, pictures, schemes, unchecked]
            .into_iter()
            .filter(|told| !told.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

fn describe(addresses: &[String], one: &str, many: &str) -> String {
    if addresses.is_empty() {
        return String::new();
    }
    let what = if addresses.len() == 1 { one } else { many };
    let named = addresses.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = match addresses.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{} {what}: {named}{more}.", addresses.len())
}

/// Links and pictures of a version that lead nowhere; the pages `coming` are about to be published, like the version itself.
pub(crate) async fn dead_links(
    admin: &AdminContext,
    document: &Document,
    revision: &Revision,
    coming: &[(Document, Revision)],
) -> Result<Dead> {
    let mut texts = Vec::new();
    for (page, revision) in coming {
        texts.push(text(admin, page.kind, revision).await?);
    }
    dead_in_text(&admin.app, &text(admin, document.kind, revision).await?, &texts).await
}

async fn text<'a>(admin: &AdminContext, kind: DocumentKind, revision: &'a Revision) -> Result<Text<'a>> {
    let document_id = revision.document_id;
    let path = if placement::is_in_tree(kind) {
        placement::public_path(admin.app.read(), kind, document_id).await?
    } else {
        placement::path_in_category(admin.app.read(), revision.content.category_id).await?
    };
    let addresses = addresses::of(admin.app.read(), &admin.app.config.origin(), revision).await?;
    Ok(Text { document_id, kind, path, content: &revision.content, addresses })
}

/// What leads nowhere in a text; the pages in `coming` are about to be published with it.
async fn dead_in_text(app: &App, text: &Text<'_>, coming: &[Text<'_>]) -> Result<Dead> {
    let mut dead = Dead::default();
    let Ok(base) = Url::parse(&format!("{}{}", app.config.origin(), text.path)) else { return Ok(dead) };
    let body = &text.content.body;
    let mut seen = BTreeSet::new();
    let mut check = Check { app, text, coming, ids: HashMap::new() };
    for Target { url, is_picture, is_kept } in app.rendering.run_large(|| contents::targets(body)).await? {
        if !seen.insert(url.clone()) {
            continue;
        }
        if seen.len() > CHECKED {
            dead.unchecked += 1;
            continue;
        }
        if !is_kept {
            dead.schemes.push(url);
            continue;
        }
        let to = link::resolve(&base, text.addresses.get(&url).unwrap_or(&url)).filter(|to| to.origin.is_empty());
        let Some(to) = to else { continue };
        match check.look(&to).await? {
            Found::All => {}
            Found::Unchecked => dead.unchecked += 1,
            Found::PageAlone if is_picture => {}
            Found::PageAlone => dead.parts.push(url),
            Found::Nothing if is_picture => dead.pictures.push(url),
            Found::Nothing => dead.links.push(url),
        }
    }
    Ok(dead)
}

/// What visitors see at a path.
enum PublicContent<'a> {
    /// A page, by its id.
    Page(i64, Box<Cow<'a, Content>>),
    /// A redirect leads to another site.
    Elsewhere,
    Nothing,
}

/// What is at a destination.
enum Found {
    All,
    /// The page, but not the part of it.
    PageAlone,
    /// The page; whether it has the part was not checked.
    Unchecked,
    Nothing,
}

struct Check<'a> {
    app: &'a App,
    text: &'a Text<'a>,
    coming: &'a [Text<'a>],
    /// Of pages that were read, by their paths.
    ids: HashMap<String, Ids>,
}

impl Check<'_> {
    async fn look(&mut self, to: &Destination) -> Result<Found> {
        if to.path.starts_with(assets::PREFIX) {
            return Ok(if assets::exists(&to.path) { Found::All } else { Found::Nothing });
        }
        if is_own(&to.path) {
            return Ok(Found::All);
        }
        if let Some((path, _)) = media_path::split(&to.path) {
            let found = media::item::at(self.app.read(), path).await?;
            return Ok(if found.is_some() { Found::All } else { Found::Nothing });
        }
        let (id, content) = match self.content_at(&to.path).await? {
            PublicContent::Page(id, content) => (id, content),
            PublicContent::Elsewhere => return Ok(Found::All),
            PublicContent::Nothing => return Ok(Found::Nothing),
        };
        if is_on_every_page(&to.fragment) {
            return Ok(Found::All);
        }
        if let Some(key) = fact::key_in(&to.fragment) {
            let fields = self.app.rules.fields.of(DocumentKind::Page, &content.document_type);
            return Ok(if fact::value(&fields, &content, key).is_some() { Found::All } else { Found::PageAlone });
        }
        if !self.ids.contains_key(&to.path) {
            if self.ids.len() >= READ {
                return Ok(Found::Unchecked);
            }
            let ids = self.ids_of(&to.path, (id, &content)).await?;
            self.ids.insert(to.path.clone(), ids);
        }
        let is_there = self.ids.get(&to.path).is_none_or(|ids| !ids.is_free(&to.fragment));
        Ok(if is_there { Found::All } else { Found::PageAlone })
    }

    /// What visitors will see at a path, or where it leads from there.
    async fn content_at(&self, path: &str) -> Result<PublicContent<'_>> {
        let known = std::iter::once(self.text).chain(self.coming);
        let mut pages = known.filter(|known| placement::is_in_tree(known.kind));
        if let Some(page) = pages.find(|page| page.path == path) {
            return Ok(PublicContent::Page(page.document_id, Box::new(Cow::Borrowed(page.content))));
        }
        let page = match public::at(self.app.read(), path).await? {
            Some(page) => Some(page),
            None if dead::is_awaited(self.app.read(), path).await? => None,
            None => match follow(self.app.read(), path).await?.end {
                RedirectTarget::Page(now, _) => public::at(self.app.read(), &now).await?,
                RedirectTarget::Address(_) => return Ok(PublicContent::Elsewhere),
                RedirectTarget::Gone | RedirectTarget::Nothing => None,
            },
        };
        Ok(page.map_or(PublicContent::Nothing, |page| {
            PublicContent::Page(page.revision.document_id, Box::new(Cow::Owned(page.revision.content)))
        }))
    }

    /// The ids on a page; with those of an answer that is about to be published there.
    async fn ids_of(&self, path: &str, (id, content): (i64, &Content)) -> Result<Ids> {
        let mut ids = page::ids(self.app, id, content).await?;
        if !placement::is_in_tree(self.text.kind) && self.text.path == path {
            let Content { slug, body, .. } = self.text.content;
            ids.reserve(slug);
            let render = || markdown::render_among(body, HeadingContext::Part(slug), KnownTargets::default(), &mut ids);
            self.app.rendering.run(body.len(), render).await?;
        }
        Ok(ids)
    }
}

/// Whether the program answers at this path itself. Paths below `/admin` are not checked, as they depend on the user.
fn is_own(path: &str) -> bool {
    site_paths::is_own(path) || is_at_or_below(path, DashboardPath::PATH)
}

/// Whether every page has what a fragment names: nothing, the top, or an id of the templates.
pub(super) fn is_on_every_page(fragment: &str) -> bool {
    fragment.is_empty()
        || fragment.eq_ignore_ascii_case("top")
        || fragment.starts_with('_')
        || fragment.starts_with("field-")
}
