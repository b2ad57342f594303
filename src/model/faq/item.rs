//! FAQ items: making, saving and listing them. Publishing is the business of `publishing`.

use super::category;
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
        link::questions::bind_to_question,
        write::Write,
    },
};

/// Makes an item at the end of its category.
/// `Validation` on `slug` or `category`.
pub(crate) async fn create(write: &Write, content: Content) -> Result<(Document, Revision)> {
    let category_id = existing_category(write, &content).await?;
    ensure_slug_free(write, 0, &content.slug).await?;
    let mut document = Document::insert(write, DocumentKind::FaqItem).await?;
    write
        .execute(
            "insert into faq_item (document_id, category_id, slug, position) values ($1, $2, $3, $4)",
            (document.id, category_id, content.slug.as_str(), end(write, category_id).await?),
        )
        .await?;
    let first = revision::add(write, &mut document, None, content).await?;
    write.record(document.entry(DocumentAction::Create, &first.content.title));
    Ok((document, first))
}

/// Whether an item can have the category and the slug that a revision of it names.
/// `Validation` on `slug` or `category`.
pub(in crate::model) async fn check_location(db: &Conn, id: i64, content: &Content) -> Result<()> {
    existing_category(db, content).await?;
    ensure_slug_free(db, id, &content.slug).await
}

/// Gives the item the category and slug of its content. A slug that was public goes on leading to it.
/// `Validation` on `slug` or `category`.
pub(in crate::model) async fn apply_location(write: &Write, id: i64, content: &Content) -> Result<()> {
    let category_id = existing_category(write, content).await?;
    ensure_slug_free(write, id, &content.slug).await?;
    let (current, slug) = location(write, id).await?;
    if current != category_id {
        let position = end(write, category_id).await?;
        write
            .execute(
                "update faq_item set category_id = $2, position = $3 where document_id = $1",
                (id, category_id, position),
            )
            .await?;
    }
    keep_former_slug(write, id, &content.slug).await?;
    if let Some(slug) = slug.filter(|slug| *slug != content.slug) {
        bind_to_question(write, id, &slug).await?;
    }
    set_slug(write, id, &content.slug).await
}

pub(super) async fn set_slug(write: &Write, id: i64, slug: &str) -> Result<()> {
    write.execute("update faq_item set slug = $2 where document_id = $1", (id, slug)).await?;
    Ok(())
}

/// Before the slug changes to `next`: keeps the present one, if the item was ever public.
async fn keep_former_slug(write: &Write, id: i64, next: &str) -> Result<()> {
    write
        .execute(
            "insert into faq_former_slug (slug, document_id, created_at) \
             select i.slug, i.document_id, $3 from faq_item i where i.document_id = $1 and i.slug <> $2 \
             and exists (select 1 from publication b where b.document_id = i.document_id) \
             on conflict (slug) do update set document_id = excluded.document_id, created_at = excluded.created_at",
            (id, next, write.now),
        )
        .await?;
    Ok(())
}

/// Lets an old slug lead to the item with the slug `present`, for an import.
pub(in crate::model) async fn set_former_slug(write: &Write, old: &str, present: &str) -> Result<()> {
    write
        .execute(
            "insert into faq_former_slug (slug, document_id, created_at) \
             select $1, i.document_id, $3 from faq_item i where i.slug = $2 \
             on conflict (slug) do update set document_id = excluded.document_id, created_at = excluded.created_at",
            (old, present, write.now),
        )
        .await?;
    Ok(())
}

/// Old slugs and the present ones of their items, for an export.
pub(in crate::model) async fn moved_slugs(db: &Conn) -> Result<Vec<(String, String)>> {
    Ok(db
        .all(
            "select a.slug, i.slug from faq_former_slug a join faq_item i on i.document_id = a.document_id \
             where i.slug is not null and i.slug <> a.slug order by a.slug",
            (),
        )
        .await?)
}

/// Slugs that live items had before, with the document each leads to. Another item may have one of them by now.
pub(crate) async fn former_slugs(db: &Conn) -> Result<Vec<(String, i64)>> {
    Ok(db
        .all(
            "select a.slug, a.document_id from faq_former_slug a join document d on d.id = a.document_id \
             where d.published_revision_id is not null order by a.slug",
            (),
        )
        .await?)
}

async fn existing_category(db: &Conn, content: &Content) -> Result<i64> {
    let id = content.category_id.unwrap_or(0);
    let category = Error::optional(category::get(db, id).await)?;
    let category = category
        .ok_or_else(|| ValidationErrors::one("category", "Choose a category; this one does not exist any more"))?;
    Ok(category.id)
}

async fn ensure_slug_free(db: &Conn, id: i64, slug: &str) -> Result<()> {
    match holder(db, slug, id).await? {
        Some(title) => Err(ValidationErrors::one(
            "slug",
            format!("The slug {slug} belongs to the question “{title}”; choose another, or give that question another"),
        )
        .into()),
        None => Ok(()),
    }
}

/// The title of the question that has a slug, if it is another one than the item `id`.
pub(in crate::model) async fn holder(db: &Conn, slug: &str, id: i64) -> Result<Option<String>> {
    let row: Option<(String,)> =
        db.optional("select title from faq_item_node where slug = $1 and id <> $2", (slug, id)).await?;
    Ok(row.map(|(title,)| title))
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

/// All items outside the trash whose question contains `text`, by category and place.
pub async fn list(db: &Conn, text: &str) -> Result<Vec<ListedItem>> {
    Ok(db
        .all(
            "select * from faq_item_node where search_text like $1 escape '\\' \
             order by category_position, category_id, position, id",
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

/// All live items by category and place.
pub async fn live(db: &Conn) -> Result<Vec<LiveItem>> {
    Ok(db
        .all(
            "select i.category_id as place_category, i.slug as current_slug, r.* \
             from live_faq_item i join revision r on r.id = i.revision_id \
             order by i.category_position, i.category_id, i.position, i.document_id",
            (),
        )
        .await?)
}

/// The live items with `revision` in the place that its document has or would get.
pub(crate) async fn live_with(db: &Conn, revision: &Revision) -> Result<Vec<LiveItem>> {
    let mut items: Vec<LiveItem> = db
        .all(
            "select i.category_id as place_category, i.slug as current_slug, r.* \
             from faq_item i join faq_category c on c.id = i.category_id join document d on d.id = i.document_id \
             join revision r on r.id = case when d.id = $1 then $2 else d.published_revision_id end \
             where i.slug is not null order by c.position, i.category_id, i.position, i.document_id",
            (revision.document_id, revision.id),
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

/// The newest versions of all items outside the trash, without templates, by category and place.
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

/// Where an item is now: its category and its slug. No slug while it is in the trash.
pub async fn location(db: &Conn, id: i64) -> Result<(i64, Option<String>)> {
    db.optional("select category_id, slug from faq_item where document_id = $1", (id,)).await?.ok_or(Error::NotFound)
}

pub(crate) async fn id_at(db: &Conn, slug: &str) -> Result<Option<i64>> {
    let row: Option<(i64,)> = db.optional("select document_id from faq_item where slug = $1", (slug,)).await?;
    Ok(row.map(|(id,)| id))
}

/// Sets the place of an item for an import; says whether it was another.
pub(in crate::model) async fn set_position(write: &Write, id: i64, position: i64) -> Result<bool> {
    let sql = "update faq_item set position = $2 where document_id = $1 and position <> $2";
    Ok(write.execute(sql, (id, position)).await? > 0)
}
