//! Which page's items a list is about: the page that its address names, or else the usual one, and the tabs of all of them.

use serde::Serialize;

use crate::{
    admin::shared::admin_context::AdminContext,
    error::Result,
    model::faq::{
        category::{self, Category},
        collection::{self, Collection, NO_PAGE},
    },
    web::form_errors::SelectOption,
};

pub(super) struct CollectionTabs {
    all: Vec<Collection>,
    /// The page that new categories go to; the list begins with it.
    usual: i64,
    current: i64,
    /// All categories, of each page in their order.
    pub(super) categories: Vec<Category>,
}

#[derive(Serialize)]
pub(super) struct PageTab {
    label: String,
    path: String,
    current: bool,
}

impl CollectionTabs {
    /// The list of the page with this id, in digits.
    pub(super) async fn load(admin: &AdminContext, wanted: &str) -> Result<Self> {
        let db = admin.app.read();
        let (all, usual) = (collection::all(db).await?, collection::usual(db).await?);
        let categories = category::all(db).await?;
        let mut pages = Self { all, usual, current: usual, categories };
        let wanted = wanted.parse().ok().filter(|id| pages.is_known(*id) || *id == NO_PAGE && pages.has_others());
        // What is on no page is not hidden while there is nothing else.
        let first = if pages.categories.iter().any(|one| one.page_id == usual) { usual } else { pages.first() };
        pages.current = wanted.unwrap_or(first);
        Ok(pages)
    }

    fn first(&self) -> i64 {
        if self.all.is_empty() { NO_PAGE } else { self.usual }
    }

    fn is_known(&self, page_id: i64) -> bool {
        self.all.iter().any(|page| page.id == page_id)
    }

    /// Whether categories are on no page, or on one that shows no items any more.
    fn has_others(&self) -> bool {
        self.categories.iter().any(|category| !self.is_known(category.page_id))
    }

    /// Whether the list is about what is on this page.
    #[must_use]
    pub(super) fn has(&self, page_id: i64) -> bool {
        if self.is_known(page_id) { page_id == self.current } else { self.current == NO_PAGE }
    }

    #[must_use]
    pub(super) const fn current(&self) -> i64 {
        self.current
    }

    #[must_use]
    pub(super) const fn is_usual(&self) -> bool {
        self.current == self.usual
    }

    /// What one item of the list is called.
    #[must_use]
    pub(super) fn noun(&self) -> &'static str {
        self.all.iter().find(|page| page.id == self.current).map_or("item", |page| page.layout.item_noun())
    }

    /// None while there is one list alone.
    #[must_use]
    pub(super) fn tabs(&self, list: &str) -> Vec<PageTab> {
        let tab = |id: i64, label: &str| PageTab {
            label: label.to_owned(),
            path: if id == self.usual { list.to_owned() } else { format!("{list}?page={id}") },
            current: id == self.current,
        };
        let mut tabs: Vec<_> = self.all.iter().map(|page| tab(page.id, page.label())).collect();
        if self.has_others() && !self.all.is_empty() {
            tabs.push(tab(NO_PAGE, "On no page"));
        }
        if tabs.len() > 1 { tabs } else { Vec::new() }
    }

    /// The pages that a category can be on.
    #[must_use]
    pub(super) fn options(&self) -> Vec<SelectOption> {
        self.all.iter().map(|page| SelectOption::new(page.id.to_string(), page.title.clone())).collect()
    }
}

/// Where a list shows what is on a page.
pub(super) async fn list_of(admin: &AdminContext, list: &str, page_id: i64) -> Result<String> {
    let usual = collection::usual(admin.app.read()).await?;
    Ok(if page_id == usual { list.to_owned() } else { format!("{list}?page={page_id}") })
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    PageTab { label, path, current }
}
