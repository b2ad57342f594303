//! The slugs of items that go to the trash and come back.

use super::location;
use crate::{
    error::{Error, Result},
    model::{link::questions::bind_to_question, write::Write},
    text::slug,
};

pub(in crate::model) async fn clear_slug(write: &Write, id: i64) -> Result<()> {
    let now = location::of(write, id).await?;
    if let Some(slug) = now.slug {
        bind_to_question(write, id, (now.page_id, &slug)).await?;
    }
    write.execute("update faq_item set slug = null where document_id = $1", (id,)).await?;
    Ok(())
}

/// Gives an item the slug that it had.
/// `Conflict` when another has it.
pub(in crate::model) async fn put_back(write: &Write, id: i64, slug: &str) -> Result<()> {
    let page_id = location::of(write, id).await?.page_id;
    if let Some(title) = location::holder(write, (page_id, slug), id).await? {
        return Err(Error::Conflict(format!("its slug is taken by “{title}”")));
    }
    location::set_slug(write, id, slug).await
}

/// Gives an item a slug again, another one when its own is taken, and returns it.
/// `Conflict` when there is none.
pub(in crate::model) async fn restore(write: &Write, id: i64, before: &str) -> Result<String> {
    let page_id = location::of(write, id).await?.page_id;
    for slug in slug::candidates(before) {
        if location::holder(write, (page_id, &slug), id).await?.is_none() {
            location::set_slug(write, id, &slug).await?;
            return Ok(slug);
        }
    }
    Err(Error::Conflict("There is no free slug for this.".to_owned()))
}
