//! The site as one user would have it: the newest version of each document outside the trash, and what that user has typed
//! and not saved. Made for one request, changes nothing and keeps nothing. Knows no HTML.

use std::collections::{HashMap, HashSet};

use crate::{
    clock::Timestamp,
    db::conn::Conn,
    error::Result,
    model::{
        document::{
            content::Content,
            draft::DocumentDraft,
            keys,
            kind::DocumentKind,
            open_draft::{self, OpenDraft},
            revision::{self, Revision},
            rules::DocumentRules,
        },
        faq::{
            category,
            item::{self, LiveItem},
        },
        page::{
            newest::{self, NewestPage},
            path::{self, HOME},
            public::{Card, NavPage},
            tree,
        },
        user::User,
    },
};

/// Most drafts of one user that count, the last ones.
const DRAFTS: i64 = 1000;
const UNTITLED: &str = "Untitled";

pub(crate) struct DraftSite {
    user: User,
    pages: Drafts,
    questions: Drafts,
}

/// What one user typed.
#[derive(Default)]
struct Drafts {
    saved: HashMap<i64, Content>,
    new: Vec<NewDraft>,
}

/// What was typed for a document that is not saved yet.
struct NewDraft {
    /// Below 0, so that it is no document's.
    id: i64,
    key: String,
    parent: Option<i64>,
    content: Content,
}

/// A page that was found.
pub(crate) struct DraftPage {
    pub(crate) path: String,
    pub(crate) revision: Revision,
    /// Whether it shows what was typed.
    pub(crate) is_draft: bool,
    /// The name of the draft, for one that is not saved yet.
    pub(crate) key: String,
}

impl Drafts {
    fn add(&mut self, draft: DocumentDraft, content: Content) {
        match draft.document_id {
            Some(id) => drop(self.saved.insert(id, content)),
            None => self.new.push(NewDraft {
                id: -1 - i64::try_from(self.new.len()).unwrap_or_default(),
                key: draft.key,
                parent: draft.parent.parse().ok(),
                content,
            }),
        }
    }

    fn new_of(&self, id: i64) -> Option<&NewDraft> {
        self.new.iter().find(|draft| draft.id == id)
    }
}

/// What a document would be like if the draft were saved; faulty fields are left out. None for a template, which visitors
/// never see.
fn content_of(rules: &DocumentRules, kind: DocumentKind, draft: &DocumentDraft) -> Option<Content> {
    let mut typed = draft.typed.clone();
    if draft.title().trim().is_empty() {
        typed.set(keys::TITLE, UNTITLED);
    }
    let mut content = Content::parse_what_fits(&rules.fields.of_input(kind, &typed), &typed);
    for text in [&mut content.title, &mut content.slug].into_iter().filter(|text| text.is_empty()) {
        "untitled".clone_into(text);
    }
    (content.extra.get(keys::TEMPLATE) != "yes").then_some(content)
}

impl DraftSite {
    pub(crate) async fn load(db: &Conn, rules: &DocumentRules, user: &User) -> Result<Self> {
        let mut site = Self { user: user.clone(), pages: Drafts::default(), questions: Drafts::default() };
        for OpenDraft { draft, kind, .. } in open_draft::list(db, user.id, DRAFTS).await? {
            let Some(content) = content_of(rules, kind, &draft) else { continue };
            let drafts = match kind {
                DocumentKind::Page => &mut site.pages,
                DocumentKind::FaqItem => &mut site.questions,
            };
            drafts.add(draft, content);
        }
        Ok(site)
    }

    /// The pages right below one, given by its id and path, in their order; new ones come last.
    pub(crate) async fn cards(&self, db: &Conn, parent: Option<(i64, &str)>) -> Result<Vec<Card>> {
        let (id, path) = parent.unzip();
        let saved = match id {
            Some(..0) => Vec::new(),
            id => newest::children(db, id).await?,
        };
        let saved = saved.into_iter().map(|page| self.card(page, path));
        let new = self.pages.new.iter().filter(|draft| draft.parent == id);
        Ok(saved.chain(new.map(|draft| self.drawn(draft.id, &draft.content, (path, false)))).collect())
    }

    fn card(&self, page: NewestPage, parent: Option<&str>) -> Card {
        let has_children = page.card.entry.has_children;
        if let Some(content) = self.pages.saved.get(&page.card.entry.id) {
            return self.drawn(page.card.entry.id, content, (parent, has_children));
        }
        let path = path::join(parent, &page.slug).into();
        let has_children = has_children || self.has_new_below(page.card.entry.id);
        Card { entry: NavPage { path, has_children, ..page.card.entry }, summary: page.card.summary }
    }

    fn drawn(&self, id: i64, content: &Content, (parent, has_children): (Option<&str>, bool)) -> Card {
        let entry = NavPage {
            id,
            path: path::join(parent, &content.slug).into(),
            title: content.title.as_str().into(),
            menu_label: content.menu_label.as_str().into(),
            menu: content.menu,
            clause_number: content.clause_number.as_str().into(),
            layout: content.layout,
            has_children: has_children || self.has_new_below(id),
        };
        Card { entry, summary: content.summary.clone() }
    }

    fn has_new_below(&self, id: i64) -> bool {
        self.pages.new.iter().any(|draft| draft.parent == Some(id))
    }

    pub(crate) async fn page_at(&self, db: &Conn, path: &str, now: Timestamp) -> Result<Option<DraftPage>> {
        if path == HOME {
            return match tree::id_at(db, HOME).await? {
                Some(id) => self.page(db, id, path, now).await.map(Some),
                None => Ok(None),
            };
        }
        let mut above: Option<NavPage> = None;
        loop {
            let list = self.cards(db, above.as_ref().map(|entry| (entry.id, &*entry.path))).await?;
            let mut entries = list.into_iter().map(|card| card.entry);
            let Some(next) = entries.find(|entry| is_at_or_above(entry, path)) else { return Ok(None) };
            if *next.path == *path {
                return self.page(db, next.id, path, now).await.map(Some);
            }
            above = Some(next);
        }
    }

    async fn page(&self, db: &Conn, id: i64, path: &str, now: Timestamp) -> Result<DraftPage> {
        if let Some(draft) = self.pages.new_of(id) {
            let revision = self.unsaved(id, 1, draft.content.clone(), now);
            return Ok(DraftPage { path: path.to_owned(), revision, is_draft: true, key: draft.key.clone() });
        }
        let revision = match self.pages.saved.get(&id) {
            Some(content) => self.unsaved(id, revision::next_version(db, id).await?, content.clone(), now),
            None => revision::latest(db, id).await?,
        };
        let is_draft = self.pages.saved.contains_key(&id);
        Ok(DraftPage { path: path.to_owned(), revision, is_draft, key: String::new() })
    }

    fn unsaved(&self, document_id: i64, version: i64, content: Content, now: Timestamp) -> Revision {
        let (author_id, author_name) = (Some(self.user.id), self.user.name.clone());
        Revision { id: 0, document_id, version, content, author_id, author_name, created_at: now, made_from: None }
    }

    /// The path that a page of this site has which is at another path for visitors; none when there is no such page.
    pub(crate) async fn path_of(&self, db: &Conn, id: i64) -> Result<Option<String>> {
        let mut found: Option<String> = None;
        let mut above: Option<i64> = None;
        let node = tree::node(db, id).await?;
        let mut way = vec![node.id];
        way.extend(tree::ancestors(db, node.parent_id).await?.iter().rev().map(|node| node.id));
        for id in way.into_iter().rev() {
            let list = self.cards(db, above.map(|above| (above, found.as_deref().unwrap_or_default()))).await?;
            let Some(card) = list.into_iter().find(|card| card.entry.id == id) else { return Ok(None) };
            found = Some(card.entry.path.into());
            above = Some(id);
        }
        Ok(found)
    }

    /// All items of a page by category and place; new ones come last.
    pub(crate) async fn questions(&self, db: &Conn, page_id: i64, now: Timestamp) -> Result<Vec<LiveItem>> {
        let own: HashSet<i64> = category::on(db, page_id).await?.into_iter().map(|category| category.id).collect();
        let mut items = item::newest(db).await?;
        for item in &mut items {
            if let Some(content) = self.questions.saved.get(&item.revision.document_id) {
                item.revision.content.clone_from(content);
            }
            item.category = item.revision.content.category_id.unwrap_or(item.category);
            item.current_slug.clone_from(&item.revision.content.slug);
        }
        items.extend(self.questions.new.iter().filter_map(|draft| {
            let revision = self.unsaved(draft.id, 1, draft.content.clone(), now);
            let current_slug = revision.content.slug.clone();
            Some(LiveItem { category: revision.content.category_id?, current_slug, revision })
        }));
        items.retain(|item| own.contains(&item.category));
        Ok(items)
    }
}

/// Whether a page is at a path, or on the way to it.
fn is_at_or_above(entry: &NavPage, path: &str) -> bool {
    path.strip_prefix(&*entry.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
