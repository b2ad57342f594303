//! Moving a category with its items to another page, which takes effect at once and makes no versions: an item names its category,
//! and the category its page.

use super::{
    category::{self, Category},
    collection::Collection,
    former_slug, location,
};
use crate::{
    error::{Result, ValidationErrors},
    model::{audit_log::AuditEntry, write::Write},
};

/// Puts a category at the end of another page. What leads to its items and to it goes on doing so.
/// `Validation` on `page` when it is there already, or when something there has one of its slugs.
pub(crate) async fn move_to(write: &Write, category: &Category, to: &Collection) -> Result<()> {
    let refuse = |sentence: String| Err(ValidationErrors::one("page", sentence).into());
    if category.page_id == to.id {
        return refuse("It is on that page already".to_owned());
    }
    if let Some(other) = category::at(write, to.id, &category.slug).await? {
        return refuse(format!("The category “{}” of that page has the slug {} too", other.title, other.slug));
    }
    let items: Vec<(i64, Option<String>)> = write
        .all(
            "select document_id, slug from faq_item where category_id = $1 order by position, document_id",
            (category.id,),
        )
        .await?;
    for (id, slug) in items.iter().filter_map(|(id, slug)| Some((*id, slug.as_deref()?))) {
        if let Some(title) = location::holder(write, (to.id, slug), id).await? {
            return refuse(format!("The slug {slug} belongs to “{title}” on that page; give one of them another"));
        }
    }
    for (id, slug) in items {
        if let Some(slug) = slug {
            former_slug::leave(write, id, (to.id, &slug)).await?;
        }
        write.execute("update faq_item set page_id = $2 where document_id = $1", (id, to.id)).await?;
    }
    write
        .execute(
            "update faq_category set page_id = $2, \
             position = (select coalesce(max(o.position), 0) + 1 from faq_category o where o.page_id = $2) where id = $1",
            (category.id, to.id),
        )
        .await?;
    let entry = AuditEntry::new("faq_category.move", "faq_category", Some(category.id), category.title.as_str());
    write.record(entry.detail(format!("to the page “{}”", to.title)));
    write.touch_public();
    Ok(())
}
