//! What a menu shows. A page of the uppermost level is in the menu that its version names, by itself. What is here
//! says otherwise: an order, a label, that something is hidden, pages from further below, and addresses elsewhere.

use serde::{Deserialize, Serialize};

use crate::{
    db::conn::Conn,
    error::{Error, Result},
    model::{
        document::choices::Menu,
        page::{
            public::{self, NavPage},
            tree,
        },
    },
};

/// What is stored of one entry of a menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub(crate) struct MenuEntry {
    pub(crate) id: i64,
    pub(crate) document_id: Option<i64>,
    /// Empty for the label of the page.
    pub(crate) label: String,
    /// An address elsewhere; empty for a page.
    pub(crate) target: String,
    pub(crate) is_hidden: bool,
    /// Whether a user has added it; otherwise it is there while the version of the page names this menu.
    pub(crate) is_added: bool,
}

/// The same with its page, while that is live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MenuItem {
    pub(crate) entry: MenuEntry,
    pub(crate) page: Option<NavPage>,
}

/// The stored entries of both menus.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Menus {
    main: Vec<MenuItem>,
    footer: Vec<MenuItem>,
}

impl Menus {
    pub(crate) async fn load(db: &Conn) -> Result<Self> {
        Ok(Self { main: items(db, Menu::Main).await?, footer: items(db, Menu::Footer).await? })
    }

    /// What a menu shows, hidden entries left out, when these pages are on the uppermost level.
    #[must_use]
    pub(crate) fn visible(&self, menu: Menu, top: &[NavPage]) -> Vec<MenuLine> {
        let items = match menu {
            Menu::Main => &self.main,
            Menu::Footer => &self.footer,
            Menu::Hidden => return Vec::new(),
        };
        let lines = lines(menu, items, top).into_iter();
        lines.filter(|line| line.is_live && !line.is_hidden).collect()
    }
}

/// The stored entries of a menu in their order.
pub(crate) async fn entries(db: &Conn, menu: Menu) -> Result<Vec<MenuEntry>> {
    let sql = "select id, document_id, label, target, is_hidden, is_added from menu_entry where menu = $1 \
               order by position, id";
    Ok(db.all(sql, (menu,)).await?)
}

/// The same with their pages.
pub(crate) async fn items(db: &Conn, menu: Menu) -> Result<Vec<MenuItem>> {
    let entries = entries(db, menu).await?;
    let mut items = Vec::with_capacity(entries.len());
    for entry in entries {
        let page = match entry.document_id {
            Some(id) => public::entry(db, id).await?,
            None => None,
        };
        items.push(MenuItem { entry, page });
    }
    Ok(items)
}

/// One line of a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MenuLine {
    /// Stays the same when an entry is stored for a page that was there by itself: below 0 for a page, by its document.
    pub(crate) key: i64,
    /// None while it is there by itself.
    pub(crate) entry_id: Option<i64>,
    pub(crate) document_id: Option<i64>,
    /// What visitors read; of a page that is not live its title, and empty in the trash.
    pub(crate) label: String,
    /// Its own label; may be empty for a page.
    pub(crate) own_label: String,
    /// Where it leads; empty for a page in the trash.
    pub(crate) path: String,
    pub(crate) is_hidden: bool,
    pub(crate) is_added: bool,
    pub(crate) is_live: bool,
}

impl MenuLine {
    fn of_page(page: &NavPage) -> Self {
        Self {
            key: -page.id,
            entry_id: None,
            document_id: Some(page.id),
            label: page.label().to_owned(),
            own_label: String::new(),
            path: page.path.to_string(),
            is_hidden: false,
            is_added: false,
            is_live: true,
        }
    }

    fn of_entry(entry: &MenuEntry, page: Option<&NavPage>) -> Self {
        let label = page.map_or("", NavPage::label);
        let path = page.map_or(entry.target.as_str(), |page| &*page.path);
        Self {
            key: entry.document_id.map_or(entry.id, |id| -id),
            entry_id: Some(entry.id),
            document_id: entry.document_id,
            label: if entry.label.is_empty() { label } else { entry.label.as_str() }.to_owned(),
            own_label: entry.label.clone(),
            path: path.to_owned(),
            is_hidden: entry.is_hidden,
            is_added: entry.is_added,
            is_live: page.is_some() || entry.document_id.is_none(),
        }
    }
}

/// The lines of a menu when these pages are on the uppermost level: the stored entries, then what is there by itself.
pub(crate) fn lines(menu: Menu, items: &[MenuItem], top: &[NavPage]) -> Vec<MenuLine> {
    let at_top = |id: Option<i64>| top.iter().find(|page| Some(page.id) == id);
    let stored = items.iter().filter_map(|MenuItem { entry, page }| {
        let own = at_top(entry.document_id);
        // A version says by now that the page is in another menu, or it is further below.
        let is_elsewhere = own.map_or(page.is_some(), |page| page.menu != menu);
        let page = own.or(page.as_ref());
        (entry.is_added || !is_elsewhere).then(|| MenuLine::of_entry(entry, page))
    });
    let is_stored = |id: i64| items.iter().any(|item| item.entry.document_id == Some(id));
    let others = top.iter().filter(|page| page.menu == menu && !is_stored(page.id)).map(MenuLine::of_page);
    stored.chain(others).collect()
}

/// The lines of a menu as they are now, for those who may change it.
pub(crate) async fn all(db: &Conn, menu: Menu) -> Result<Vec<MenuLine>> {
    let mut lines = lines(menu, &items(db, menu).await?, &public::children(db, None).await?);
    for line in lines.iter_mut().filter(|line| !line.is_live) {
        name_unpublished(db, line).await?;
    }
    Ok(lines)
}

/// What is public says nothing of a page that is not live.
async fn name_unpublished(db: &Conn, line: &mut MenuLine) -> Result<()> {
    let Some(page) = Error::optional(tree::node(db, line.document_id.unwrap_or_default()).await)? else {
        return Ok(());
    };
    if line.label.is_empty() {
        line.label = page.title;
    }
    line.path = page.path;
    Ok(())
}

/// The line of a menu with this key.
/// `NotFound` when there is none.
pub(crate) async fn get(db: &Conn, menu: Menu, key: i64) -> Result<MenuLine> {
    all(db, menu).await?.into_iter().find(|line| line.key == key).ok_or(Error::NotFound)
}
