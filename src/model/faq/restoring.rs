//! The slugs of FAQ items that go to the trash and come back.

use super::item;
use crate::{
    error::{Error, Result},
    model::{link::questions::bind_to_question, write::Write},
    text::slug,
};

pub(in crate::model) async fn clear_slug(write: &Write, id: i64) -> Result<()> {
    if let (_, Some(slug)) = item::location(write, id).await? {
        bind_to_question(write, id, &slug).await?;
    }
    write.execute("update faq_item set slug = null where document_id = $1", (id,)).await?;
    Ok(())
}

/// Gives an item the slug that it had.
/// `Conflict` when another has it.
pub(in crate::model) async fn put_back(write: &Write, id: i64, slug: &str) -> Result<()> {
    if let Some(title) = item::holder(write, slug, id).await? {
        return Err(Error::Conflict(format!("its slug is taken by the question “{title}”")));
    }
    item::set_slug(write, id, slug).await
}

/// Gives an item a slug again, another one when its own is taken, and returns it.
/// `Conflict` when there is none.
pub(in crate::model) async fn restore(write: &Write, id: i64, before: &str) -> Result<String> {
    for slug in slug::candidates(before) {
        if item::holder(write, &slug, id).await?.is_none() {
            item::set_slug(write, id, &slug).await?;
            return Ok(slug);
        }
    }
    Err(Error::Conflict("There is no free slug for this question.".to_owned()))
}
