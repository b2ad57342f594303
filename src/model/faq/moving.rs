//! Moving an item to another category, of the same page or of another, which takes effect at once. The category is part of what a
//! version holds, so this makes one; when the item is live, visitors get that and nothing else.

use super::{item, location, order};
use crate::{
    db::conn::Conn,
    error::{Result, ValidationErrors},
    model::{
        arrange::{ListPosition, Position},
        document::{content::Content, record::Document, revision::Revision, saving},
        publishing,
        write::Write,
    },
};

/// Whether an item can be moved to another category.
/// `Validation` on `category`, or on `slug` when another item of its page has that.
pub(in crate::model) async fn check_move(
    db: &Conn,
    document: &Document,
    newest: &Revision,
    category_id: i64,
) -> Result<()> {
    let sentence = if location::of(db, document.id).await?.category_id == category_id {
        "It is in that category already"
    } else if document.is_live() && document.published_revision_id != Some(newest.id) {
        "It has changes that are not published, which would become public with it; publish or discard them first"
    } else {
        let content = Content { category_id: Some(category_id), ..newest.content.clone() };
        return item::check_location(db, document.id, &content).await;
    };
    Err(ValidationErrors::one("category", sentence).into())
}

/// Puts an item at the end of another category.
/// `Validation` on `category`, see [`check_move`].
pub(crate) async fn move_to(write: &Write, document: &mut Document, newest: &Revision, category_id: i64) -> Result<()> {
    check_move(write, document, newest, category_id).await?;
    let was_live = document.is_live();
    let content = Content {
        category_id: Some(category_id),
        change_note: String::new(),
        extra: newest
            .content
            .extra
            .clone()
            .retain_known(&write.rules.fields.of(document.kind, &newest.content.document_type)),
        ..newest.content.clone()
    };
    let made = saving::store(write, document, newest, content).await?;
    if was_live {
        publishing::publish_unchecked(write, document, &made).await?;
    }
    Ok(())
}

/// Puts an item at a place of a category; none: of its own. `false` when it is there already.
/// Errors: see [`move_to`] and [`order::reorder`].
pub(crate) async fn put(
    write: &Write,
    document: &mut Document,
    newest: &Revision,
    category_id: Option<i64>,
    spot: Position,
) -> Result<bool> {
    let own = location::of(write, document.id).await?.category_id;
    let Some(category_id) = category_id.filter(|category| *category != own) else {
        return order::reorder(write, document, &newest.content.title, spot).await;
    };
    move_to(write, document, newest, category_id).await?;
    order::reorder(write, document, &newest.content.title, spot).await?;
    Ok(true)
}

/// Where an item is.
pub(crate) async fn place_of(db: &Conn, id: i64) -> Result<ListPosition> {
    let category = location::of(db, id).await?.category_id;
    Ok(ListPosition::among(Some(category), &order::items(db, category).await?, id))
}

/// Where an item goes that was at a place, by what is there today.
pub(crate) async fn todays(db: &Conn, place: &ListPosition) -> Result<Position> {
    Ok(place.among_todays(&order::items(db, place.parent.unwrap_or_default()).await?))
}
