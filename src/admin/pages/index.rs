//! The tree of pages: shows it level by level, searches it, changes the order.

use axum::{extract::Query, http::StatusCode, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use crate::{
    admin::{
        documents::paths,
        paths::{PagePath, PagePositionPath},
        shared::{
            admin_context::{AdminContext, When},
            document_kinds::PagesPath,
            overdue,
            owner_filter::{self, OwnerChoice},
            position::{Moves, PositionForm},
            routes::Routes,
        },
    },
    error::Result,
    model::{
        cursor::Cursor,
        document::{kind::DocumentKind, owner::OwnedBy},
        page::{
            order,
            path::HOME,
            tree::{self, PageNode},
        },
        policy::Action,
    },
    render::pagination::{CursorQuery, List, ListOrder, Pagination},
    web::form::Form,
};

const ROWS: usize = 50;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, index).post(Action::Publish, update_position)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PagesQuery {
    /// The page whose children are listed; none for the uppermost level.
    under: Option<i64>,
    q: String,
    /// `me`, `nobody`, or all.
    owner: String,
    before: String,
    after: String,
}

#[derive(Serialize)]
struct View {
    q: String,
    owners: Vec<OwnerChoice>,
    under: Option<Row>,
    above: Vec<Crumb>,
    rows: Vec<Row>,
    pages: Pagination,
    searching: bool,
}

#[derive(Serialize)]
struct Crumb {
    label: String,
    path: String,
}

#[derive(Serialize)]
struct Row {
    id: i64,
    edit: String,
    title: String,
    number: String,
    path: String,
    /// Where its newest version is listed, in a word; empty for no menu.
    menu: &'static str,
    status: Status,
    children: i64,
    is_home: bool,
    saved: When,
    author: String,
    /// The day since which its review is overdue; empty when it is not.
    overdue_since: String,
    moves: Option<Moves>,
    /// Where a copy of it is made.
    copy: String,
}

#[derive(Serialize)]
struct Status {
    live: bool,
    changed: bool,
    is_template: bool,
}

const LIST: &str = "admin/pages/index.html";

async fn index(_: PagesPath, admin: AdminContext, Query(query): Query<PagesQuery>) -> Result<Response> {
    let q = query.q.trim().to_owned();
    let cursor = CursorQuery { before: query.before, after: query.after };
    let (owner, whose) = owner_filter::parse(&admin, &query.owner);
    let view = if q.is_empty() && owner.is_empty() {
        level(&admin, query.under).await?
    } else {
        search(&admin, q, (owner, whose), cursor).await?
    };
    admin.screen(LIST, "Pages", &view).await
}

async fn level(admin: &AdminContext, under: Option<i64>) -> Result<View> {
    let db = admin.app.read();
    let parent = match under {
        Some(id) => Some(tree::node(db, id).await?),
        None => None,
    };
    let mut above = Vec::new();
    if let Some(parent) = &parent {
        above.push(Crumb { label: "Pages".to_owned(), path: PagesPath::PATH.to_owned() });
        for node in tree::ancestors(db, parent.parent_id).await? {
            above.push(Crumb { path: format!("{PagesPath}?under={}", node.id), label: node.title });
        }
    }
    let nodes = tree::children(db, under).await?;
    Ok(View {
        rows: rows(admin, nodes),
        under: parent.map(|node| row(admin, node)),
        q: String::new(),
        owners: owner_filter::choices(""),
        above,
        pages: Pagination::default(),
        searching: false,
    })
}

/// The front page has no place among its siblings: it is always first.
fn rows(admin: &AdminContext, nodes: Vec<PageNode>) -> Vec<Row> {
    let movable: Vec<i64> = nodes.iter().filter(|node| node.path != HOME).map(|node| node.id).collect();
    let mut index = 0;
    let mut rows = Vec::with_capacity(nodes.len());
    for node in nodes {
        let mut row = row(admin, node);
        if !row.is_home {
            row.moves = Moves::at(index, &movable);
            index += 1;
        }
        rows.push(row);
    }
    rows
}

/// The pages that contain `q`, of these owners, whatever they are below.
async fn search(
    admin: &AdminContext,
    q: String,
    (owner, whose): (&'static str, OwnedBy),
    cursor: CursorQuery,
) -> Result<View> {
    let from = cursor.read::<String>();
    let list =
        List { path: PagesPath::PATH, query: &[("q", &q), ("owner", owner)], order: ListOrder::Ascending, size: ROWS };
    let db = admin.app.read();
    let mut nodes = match &from {
        Some(Cursor::Before(path)) => tree::search_before(db, &q, whose, path, list.limit()).await?,
        Some(Cursor::After(path)) => tree::search(db, &q, whose, path, list.limit()).await?,
        None => tree::search(db, &q, whose, "", list.limit()).await?,
    };
    let pages = list.paginate(&mut nodes, from.as_ref(), |node| node.path.clone());
    let rows = nodes.into_iter().map(|node| row(admin, node)).collect();
    let owners = owner_filter::choices(owner);
    Ok(View { q, owners, under: None, above: Vec::new(), rows, pages, searching: true })
}

fn row(admin: &AdminContext, node: PageNode) -> Row {
    Row {
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
        children: node.children,
        saved: admin.when(node.saved_at),
        author: node.author_name,
        overdue_since: overdue::since(admin, node.review_on.as_deref()),
        moves: None,
        copy: paths::new_from(DocumentKind::Page, &node.id.to_string(), ""),
    }
}

async fn update_position(
    PagePositionPath { id }: PagePositionPath,
    admin: AdminContext,
    Form(form): Form<PositionForm>,
) -> Result<Response> {
    let position = form.position()?;
    let moved = admin.change(async |write| {
        let node = tree::node(write, id).await?;
        let before = order::position_of(write, id).await?;
        let has_moved = order::reorder(write, &node, position).await?;
        Ok((node, before, has_moved))
    });
    let (node, before, has_moved) = match moved.await {
        Ok(moved) => moved,
        Err(error) => {
            admin.warn(error.conflict()?).await?;
            let parent_id = tree::node(admin.app.read(), id).await?.parent_id;
            let view = level(&admin, parent_id).await?;
            return admin.screen_as(StatusCode::CONFLICT, LIST, "Pages", &view).await;
        }
    };
    let to = node.parent_id.map_or_else(|| PagesPath::PATH.to_owned(), |parent| format!("{PagesPath}?under={parent}"));
    if !has_moved {
        return admin.not_done(&to, PositionForm::describe_unmoved(&node.title)).await;
    }
    let (sentence, undo) = form.describe(&node.title, &PagePositionPath { id }.to_string(), before);
    admin.done_with(&to, sentence, undo).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/pages/index.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { q, owners, under, above, rows, pages, searching }
    Crumb { label, path }
    Row { id, edit, title, number, path, menu, status, children, is_home, saved, author, overdue_since, moves, copy }
    Status { live, changed, is_template }
}
