//! Items: making, saving and listing them. Publishing is the business of `publishing`.

use super::{
    category::{self, Category},
    former_slug, location,
};
use crate::{
    clock::Timestamp,
    db::{conn::Conn, like},
    error::{Error, Result, ValidationErrors},
    model::{
        document::{
            content::Content,
            kind::{DocumentAction, DocumentKind},
            owner::StoredOwner,
            record::Document,
            revision::{self, Revision},
        },
        write::Write,
    },
};

/// Makes an item at the end of its category.
/// `Validation` on `slug` or `category`.
pub(crate) async fn create(write: &Write, content: Content) -> Result<(Document, Revision)> {
    let Category { id: category_id, page_id, .. } = existing_category(write, &content).await?;
    ensure_slug_free(write, (0, page_id), &content.slug).await?;
    let mut document = Document::insert(write, DocumentKind::FaqItem).await?;
    write
        .execute(
            "insert into faq_item (document_id, category_id, page_id, slug, position) values ($1, $2, $3, $4, $5)",
            (document.id, category_id, page_id, content.slug.as_str(), end(write, category_id).await?),
        )
        .await?;
    let first = revision::add(write, &mut document, None, content).await?;
    write.record(document.entry(DocumentAction::Create, &first.content.title));
    Ok((document, first))
}

/// Whether an item can have the category and the slug that a revision of it names.
/// `Validation` on `slug` or `category`.
pub(in crate::model) async fn check_location(db: &Conn, id: i64, content: &Content) -> Result<()> {
    let category = existing_category(db, content).await?;
    ensure_slug_free(db, (id, category.page_id), &content.slug).await
}

/// Gives the item the category and slug of its content. A slug that was public goes on leading to it, also from the page that it
/// leaves.
/// `Validation` on `slug` or `category`.
pub(in crate::model) async fn apply_location(write: &Write, id: i64, content: &Content) -> Result<()> {
    let category = existing_category(write, content).await?;
    ensure_slug_free(write, (id, category.page_id), &content.slug).await?;
    let before = location::of(write, id).await?;
    let to = (category.page_id, content.slug.as_str());
    former_slug::leave(write, id, to).await?;
    if before.category_id == category.id {
        return location::set_slug(write, id, &content.slug).await;
    }
    let position = end(write, category.id).await?;
    let sql = "update faq_item set category_id = $2, page_id = $3, slug = $4, position = $5 where document_id = $1";
    write.execute(sql, (id, category.id, to.0, to.1, position)).await?;
    Ok(())
}

async fn existing_category(db: &Conn, content: &Content) -> Result<Category> {
    let id = content.category_id.unwrap_or(0);
    let category = Error::optional(category::get(db, id).await)?;
    let gone = || ValidationErrors::one("category", "Choose a category; this one does not exist any more");
    Ok(category.ok_or_else(gone)?)
}

async fn ensure_slug_free(db: &Conn, (id, page_id): (i64, i64), slug: &str) -> Result<()> {
    match location::holder(db, (page_id, slug), id).await? {
        Some(title) => Err(ValidationErrors::one(
            "slug",
            format!("The slug {slug} belongs to “{title}” on the same page; choose another, or give that another"),
        )
        .into()),
        None => Ok(()),
    }
}

async fn end(write: &Write, category_id: i64) -> Result<i64> {
    Ok(write
        .value("select coalesce(max(position), 0) + 1 from faq_item where category_id = $1", (category_id,))
        .await?)
}

/// An item as it is listed in the admin area.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ListedItem {
    pub id: i64,
    pub page_id: i64,
    pub category_id: i64,
    pub slug: String,
    pub title: String,
    /// The same as it is sorted and searched.
    pub search_text: String,
    pub live: bool,
    /// Whether there is a newer version than the one that visitors see.
    pub changed: bool,
    pub is_template: bool,
    pub saved_at: Timestamp,
    pub author_name: String,
    /// By when it is to be looked at again, `YYYY-MM-DD`.
    pub review_on: Option<String>,
    #[sqlx(flatten)]
    pub owner: StoredOwner,
}

/// All items outside the trash whose title contains `text`, by page, category and place.
pub async fn list(db: &Conn, text: &str) -> Result<Vec<ListedItem>> {
    Ok(db
        .all(
            "select * from faq_item_node where search_text like $1 escape '\\' \
             order by page_id, category_position, category_id, position, id",
            (like::containing(text),),
        )
        .await?)
}

/// A live item with its place, as visitors get it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LiveItem {
    #[sqlx(rename = "place_category")]
    pub category: i64,
    pub current_slug: String,
    #[sqlx(flatten)]
    pub revision: Revision,
}

/// All live items of a page by category and place.
pub async fn live(db: &Conn, page_id: i64) -> Result<Vec<LiveItem>> {
    Ok(db
        .all(
            "select i.category_id as place_category, i.slug as current_slug, r.* \
             from live_faq_item i join revision r on r.id = i.revision_id where i.page_id = $1 \
             order by i.category_position, i.category_id, i.position, i.document_id",
            (page_id,),
        )
        .await?)
}

/// The live items of a page with `revision` in the place that its document has or would get.
pub(crate) async fn live_with(db: &Conn, page_id: i64, revision: &Revision) -> Result<Vec<LiveItem>> {
    let mut items: Vec<LiveItem> = db
        .all(
            "select i.category_id as place_category, i.slug as current_slug, r.* \
             from faq_item i join faq_category c on c.id = i.category_id join document d on d.id = i.document_id \
             join revision r on r.id = case when d.id = $1 then $2 else d.published_revision_id end \
             where i.slug is not null and (i.page_id = $3 or d.id = $1) \
             order by c.position, i.category_id, i.position, i.document_id",
            (revision.document_id, revision.id, page_id),
        )
        .await?;
    let Some(at) = items.iter().position(|item| item.revision.id == revision.id) else { return Ok(items) };
    let mut item = items.remove(at);
    let slug = &revision.content.slug;
    if !items.iter().any(|other| other.current_slug == *slug) {
        item.current_slug.clone_from(slug);
    }
    // In another category it comes last, as when it is published.
    match revision.content.category_id.filter(|category| *category != item.category) {
        Some(category) if Error::optional(category::get(db, category).await)?.is_some() => {
            items.push(LiveItem { category, ..item });
        }
        _ => items.insert(at, item),
    }
    Ok(items)
}

/// The newest versions of all items outside the trash, on any page, without templates, by category and place.
pub(crate) async fn newest(db: &Conn) -> Result<Vec<LiveItem>> {
    Ok(db
        .all(
            "select i.category_id as place_category, i.slug as current_slug, r.* \
             from faq_item i join faq_category c on c.id = i.category_id join document d on d.id = i.document_id \
             join revision r on r.id = d.latest_revision_id \
             where i.slug is not null and r.fields not like '%\"template\":\"yes\"%' \
             order by c.position, i.category_id, i.position, i.document_id",
            (),
        )
        .await?)
}

/// Sets the place of an item for an import; says whether it was another.
pub(in crate::model) async fn set_position(write: &Write, id: i64, position: i64) -> Result<bool> {
    let sql = "update faq_item set position = $2 where document_id = $1 and position <> $2";
    Ok(write.execute(sql, (id, position)).await? > 0)
}
