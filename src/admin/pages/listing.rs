//! The rows of the list of pages: the tree as far as it is open, or what was found, in pieces of a bounded size.

use axum_extra::routing::TypedPath;
use jiff::ToSpan;

use super::{
    query::PagesQuery,
    row::{Fold, More, PageRow},
};
use crate::{
    admin::{
        documents::review,
        shared::{admin_context::AdminContext, document_kinds::PagesPath, owner_filter, position::Moves},
    },
    error::{Error, Result},
    model::{
        cursor::Cursor,
        page::{
            finding::{self, PageFilter},
            path::HOME,
            tree::{self, PageNode, Sibling},
        },
    },
    render::pagination::{List, ListOrder, Pagination},
    text::count::number,
};

/// Rows of what was found, children of one page that are listed, and rows of a whole tree beyond which nothing more is opened.
const FOUND: usize = 50;
const CHILDREN: usize = 100;
const TREE: usize = 500;

pub(super) async fn found(admin: &AdminContext, query: &PagesQuery) -> Result<(Vec<PageRow>, Pagination)> {
    let db = admin.app.read();
    let today = admin.today();
    let filter = PageFilter {
        text: &query.text(),
        owned: owner_filter::parse(admin, &query.owner).1,
        state: query.state(),
        review_before: &match query.review() {
            "overdue" => today.to_string(),
            "soon" => review::soon(today).saturating_add(1.day()).to_string(),
            _ => String::new(),
        },
        label: &query.label(),
    };
    let found = finding::find(db, &filter, query.sort()).await?;
    let (ids, pages) = piece(&found, query, FOUND, |id| *id);
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        // One that was moved to the trash in between is left out.
        if let Some(node) = Error::optional(tree::node(db, id).await)? {
            rows.push(PageRow::of(admin, node));
        }
    }
    Ok((rows, pages))
}

/// The page of a list that an address asks for, and the links to those beside it.
fn piece<T: Clone>(all: &[T], query: &PagesQuery, size: usize, id: impl Fn(&T) -> i64) -> (Vec<T>, Pagination) {
    let pairs = query.pairs();
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let list = List { path: PagesPath::PATH, query: &pairs, order: ListOrder::Ascending, size };
    let place = |key: i64| all.iter().position(|one| id(one) == key);
    // A key that is gone leads to the first page.
    let from = query.cursor().read::<i64>().filter(|cursor| {
        let (Cursor::Before(key) | Cursor::After(key)) = cursor;
        place(*key).is_some()
    });
    let (from_place, to_place) = match from {
        Some(Cursor::After(key)) => (place(key).map_or(0, |at| at + 1), all.len()),
        Some(Cursor::Before(key)) => (place(key).unwrap_or(0).saturating_sub(size + 1), place(key).unwrap_or(0)),
        None => (0, all.len()),
    };
    let mut shown: Vec<T> = all.get(from_place..to_place).unwrap_or_default().iter().take(size + 1).cloned().collect();
    let pages = list.paginate(&mut shown, from.as_ref(), id);
    (shown, pages)
}

/// The children of a page that are shown, and those that are not.
struct Level {
    rows: std::vec::IntoIter<(PageNode, Option<Moves>)>,
    more: Option<(String, String)>,
}

/// The tree below the page that the address names.
pub(super) async fn unfolded(admin: &AdminContext, query: &PagesQuery) -> Result<(Vec<PageRow>, Pagination)> {
    let db = admin.app.read();
    let siblings = tree::siblings(db, query.under).await?;
    let (shown, pages) = piece(&siblings, query, CHILDREN, |sibling| sibling.id);
    let mut first = level(admin, query.under, &siblings, &shown).await?;
    if query.under.is_none()
        && pages.previous.is_none()
        && let Some(home) = tree::id_at(db, HOME).await?
    {
        // It has no place among its siblings: it is always first.
        let home = (tree::node(db, home).await?, None);
        first.rows = std::iter::once(home).chain(first.rows).collect::<Vec<_>>().into_iter();
    }
    let open = query.open();
    let mut rows: Vec<PageRow> = Vec::new();
    let mut levels = vec![first];
    while let Some(deepest) = levels.last_mut() {
        let Some((node, moves)) = deepest.rows.next() else {
            let more = levels.pop().and_then(|level| level.more);
            if let Some(last) = rows.last_mut() {
                last.more.extend(more.map(|(path, label)| More { level: levels.len() + 1, path, label }));
            }
            continue;
        };
        let (id, title, has_children) = (node.id, node.title.clone(), node.children > 0 && node.path != HOME);
        let is_open = has_children && open.contains(&id) && rows.len() < TREE;
        let path = if is_open || rows.len() < TREE { query.fold(id) } else { PagesQuery::below(Some(id)).address() };
        let fold = has_children.then_some(Fold { path, is_open });
        rows.push(PageRow::of(admin, node).in_tree(levels.len(), fold, moves));
        if is_open {
            levels.push(children(admin, id, &title).await?);
        }
    }
    Ok((rows, pages))
}

/// The first children of an open page.
async fn children(admin: &AdminContext, id: i64, title: &str) -> Result<Level> {
    let siblings = tree::siblings(admin.app.read(), Some(id)).await?;
    let shown = siblings.get(..CHILDREN).unwrap_or(&siblings);
    let more = siblings.len() - shown.len();
    let level = level(admin, Some(id), &siblings, shown).await?;
    let label = format!("Show all {} pages below “{title}”", number(siblings.len()));
    let more = (more > 0).then(|| (PagesQuery::below(Some(id)).address(), label));
    Ok(Level { more, ..level })
}

/// Those of the `siblings` that are `shown`, which follow each other.
async fn level(admin: &AdminContext, parent: Option<i64>, siblings: &[Sibling], shown: &[Sibling]) -> Result<Level> {
    let Some(first) = shown.first() else { return Ok(Level { rows: Vec::new().into_iter(), more: None }) };
    let ids: Vec<i64> = siblings.iter().map(|sibling| sibling.id).collect();
    let nodes = tree::children_from(admin.app.read(), parent, first, shown.len()).await?;
    let start = ids.iter().position(|id| *id == first.id).unwrap_or(0);
    let rows: Vec<_> = (start..).zip(nodes).map(|(at, node)| (node, Moves::at(at, &ids))).collect();
    Ok(Level { rows: rows.into_iter(), more: None })
}
