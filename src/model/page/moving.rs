//! Moving a page elsewhere in the tree. It takes effect at once, like the order of pages.

use super::{
    order, path,
    tree::{self, PageNode},
};
use crate::{
    error::{Error, Result, ValidationErrors},
    model::{arrange::Position, write::Write},
};

/// Puts a page below another parent, at the end; its old path and those below it redirect. Returns the new one.
/// `Validation` on `parent` when the page would be below itself, or a live page below one that is not.
pub(crate) async fn move_to(write: &Write, page: &PageNode, parent: Option<&PageNode>) -> Result<String> {
    check_move(page, parent)?;
    let parent_id = parent.map(|parent| parent.id);
    let slug = page.path.rsplit('/').next().unwrap_or_default();
    let position = order::end(write, parent_id).await?;
    let new = path::apply_slug(write, page.id, parent_id, slug).await.map_err(taken_at_target)?;
    order::set_position(write, page.id, position).await?;
    write.record(order::entry("page.move", page).detail(format!("from {} to {new}", page.path)));
    write.touch_public();
    Ok(new)
}

/// Whether a page can be below another one, whatever its path would be.
/// `Validation` on `parent`.
pub(in crate::model) fn check_move(page: &PageNode, parent: Option<&PageNode>) -> Result<(), ValidationErrors> {
    let is_at_or_below =
        |parent: &PageNode| parent.id == page.id || parent.path.starts_with(&format!("{}/", page.path));
    let sentence = match parent {
        _ if page.path == path::HOME => "The front page cannot be moved",
        Some(parent) if is_at_or_below(parent) => "A page cannot be moved below itself; choose another page",
        Some(parent) if parent.path == path::HOME => "Pages go beside the front page, not below it",
        Some(parent) if page.live && !parent.live => "This page is published, so it must stay below a published page",
        _ => return Ok(()),
    };
    Err(ValidationErrors::one("parent", sentence))
}

fn taken_at_target(error: Error) -> Error {
    match error {
        Error::Validation(errors) => ValidationErrors::one("parent", errors.sentence()).into(),
        other => other,
    }
}

/// Puts a page at a place below `parent_id`, `None` for the uppermost level; `false` when it is there already.
/// Errors: see [`move_to`] and [`order::reorder`].
pub(crate) async fn put(write: &Write, page: &PageNode, parent_id: Option<i64>, spot: Position) -> Result<bool> {
    if page.parent_id == parent_id {
        return order::reorder(write, page, spot).await;
    }
    let parent = match parent_id {
        Some(parent) => Some(
            Error::optional(tree::node(write, parent).await)?
                .ok_or_else(|| ValidationErrors::one("parent", "The page above is not there any more"))?,
        ),
        None => None,
    };
    move_to(write, page, parent.as_ref()).await?;
    order::reorder(write, &tree::node(write, page.id).await?, spot).await?;
    Ok(true)
}
