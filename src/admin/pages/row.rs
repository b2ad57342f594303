//! A row of the list of pages.

use jiff::civil::Date;
use serde::Serialize;

use crate::{
    admin::{
        documents::paths,
        paths::PagePath,
        shared::{
            admin_context::{AdminContext, When},
            overdue,
            position::Moves,
        },
    },
    clock::long_date,
    model::{
        document::kind::DocumentKind,
        page::{path::HOME, tree::PageNode},
    },
};

#[derive(Serialize)]
pub(super) struct PageRow {
    id: i64,
    edit: String,
    title: String,
    number: String,
    path: String,
    /// Where its newest version is listed, in a word; empty for no menu.
    menu: &'static str,
    status: Status,
    owner: String,
    /// When it is to be looked at again; empty for never.
    review: String,
    /// The day since which that is overdue; empty when it is not.
    overdue_since: String,
    saved: When,
    author: String,
    is_home: bool,
    /// The page above, 0 for none, and how deep it is in the tree that is shown, 1 for the uppermost.
    parent: i64,
    level: usize,
    children: i64,
    /// How the pages below are shown; none without pages below, and in a list that is no tree.
    fold: Option<Fold>,
    moves: Option<Moves>,
    /// Where a copy of it is made.
    copy: String,
    /// What is said behind it of pages that are not shown.
    pub(super) more: Vec<More>,
}

/// The link to the pages below a page that are not shown.
#[derive(Serialize)]
pub(super) struct More {
    pub(super) level: usize,
    pub(super) path: String,
    pub(super) label: String,
}

/// The link that shows the pages below, or hides them.
#[derive(Serialize)]
pub(super) struct Fold {
    pub(super) path: String,
    pub(super) is_open: bool,
}

#[derive(Serialize)]
struct Status {
    live: bool,
    changed: bool,
    is_template: bool,
}

impl PageRow {
    pub(super) fn of(admin: &AdminContext, node: PageNode) -> Self {
        let day = node.review_on.as_deref().and_then(|day| day.parse::<Date>().ok());
        Self {
            is_home: node.path == HOME,
            id: node.id,
            edit: PagePath { id: node.id }.to_string(),
            title: node.title,
            number: node.clause_number,
            path: node.path,
            menu: match node.menu.as_str() {
                "main" => "Main",
                "footer" => "Footer",
                _ => "",
            },
            status: Status { live: node.live, changed: node.changed, is_template: node.is_template },
            owner: node.owner.describe(),
            review: day.map_or_else(String::new, long_date),
            overdue_since: overdue::since(admin, node.review_on.as_deref()),
            saved: admin.when(node.saved_at),
            author: node.author_name,
            parent: node.parent_id.unwrap_or(0),
            level: 1,
            children: node.children,
            fold: None,
            moves: None,
            copy: paths::new_from(DocumentKind::Page, &node.id.to_string(), ""),
            more: Vec::new(),
        }
    }

    pub(super) fn in_tree(self, level: usize, fold: Option<Fold>, moves: Option<Moves>) -> Self {
        Self { level, fold, moves, ..self }
    }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    PageRow {
        id, edit, title, number, path, menu, status, owner, review, overdue_since, saved, author, is_home, parent, level,
        children, fold, moves, copy, more
    }
    More { level, path, label }
    Fold { path, is_open }
    Status { live, changed, is_template }
}
