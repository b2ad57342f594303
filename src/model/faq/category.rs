//! Categories of items, each on one page. They have no versions: a category is a heading, and changes of it show at once.

use crate::{
    db::conn::Conn,
    error::{Error, Result, ValidationErrors},
    model::{
        arrange::{Position, arrange},
        audit_log::AuditEntry,
        write::Write,
    },
    text::{clean, limit, slug},
};

/// What precedes its slug in the id of its heading.
pub(crate) const ID_PREFIX: &str = "category-";

/// A name within a page, behind the page.
pub(in crate::model) type OnPage = (i64, String);

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Category {
    pub id: i64,
    /// The page that shows it; 0 for none.
    pub page_id: i64,
    pub slug: String,
    pub title: String,
    pub position: i64,
}

/// Of all pages, in their order on each.
pub async fn all(db: &Conn) -> Result<Vec<Category>> {
    Ok(db.all("select id, page_id, slug, title, position from faq_category order by page_id, position, id", ()).await?)
}

/// Of one page, in their order.
pub(crate) async fn on(db: &Conn, page_id: i64) -> Result<Vec<Category>> {
    Ok(db
        .all(
            "select id, page_id, slug, title, position from faq_category where page_id = $1 order by position, id",
            (page_id,),
        )
        .await?)
}

/// One category.
/// `NotFound` when there is none.
pub async fn get(db: &Conn, id: i64) -> Result<Category> {
    let found = db.optional("select id, page_id, slug, title, position from faq_category where id = $1", (id,)).await?;
    found.ok_or(Error::NotFound)
}

/// The category of a page that has this slug.
pub(in crate::model) async fn at(db: &Conn, page_id: i64, slug: &str) -> Result<Option<Category>> {
    Ok(db
        .optional(
            "select id, page_id, slug, title, position from faq_category where page_id = $1 and slug = $2",
            (page_id, slug),
        )
        .await?)
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct CategoryCount {
    #[sqlx(flatten)]
    pub(crate) category: Category,
    pub(crate) items: i64,
    pub(crate) trashed: i64,
}

/// All categories, in their order on each page, with the number of their items.
pub(crate) async fn list_counts(db: &Conn) -> Result<Vec<CategoryCount>> {
    Ok(db
        .all(
            "select c.id, c.page_id, c.slug, c.title, c.position, count(i.slug) as items, \
             count(i.document_id) - count(i.slug) as trashed \
             from faq_category c left join faq_item i on i.category_id = c.id \
             group by c.id, c.page_id, c.slug, c.title, c.position order by c.page_id, c.position, c.id",
            (),
        )
        .await?)
}

/// Makes a category at the end of a page; an empty `slug` is made from the title. Returns its id.
/// `Validation` on `title` or `slug`.
pub async fn create(write: &Write, page_id: i64, title: &str, slug: &str) -> Result<i64> {
    let (title, slug) = check(write, (0, page_id), title, slug).await?;
    let id: i64 = write
        .value(
            "insert into faq_category (page_id, slug, title, position, created_at) values ($1, $2, $3, \
             (select coalesce(max(position), 0) + 1 from faq_category where page_id = $1), $4) returning id",
            (page_id, slug, title.as_str(), write.now),
        )
        .await?;
    write.record(AuditEntry::new("faq_category.create", "faq_category", Some(id), title));
    write.touch_public();
    Ok(id)
}

/// Renames a category, and gives it as it is then. Its former slug still leads to it.
/// `Validation` on `title` or `slug`.
pub(crate) async fn rename(write: &Write, before: &Category, title: &str, slug: &str) -> Result<Category> {
    let id = before.id;
    let (title, slug) = check(write, (id, before.page_id), title, slug).await?;
    if slug != before.slug {
        set_former_slug(write, before.page_id, &before.slug, id).await?;
    }
    write
        .execute("update faq_category set title = $2, slug = $3 where id = $1", (id, title.as_str(), slug.as_str()))
        .await?;
    let mut changes = Vec::new();
    if title != before.title {
        changes.push(format!("title from “{}” to “{title}”", before.title));
    }
    if slug != before.slug {
        changes.push(format!("slug from {} to {slug}", before.slug));
    }
    let entry = AuditEntry::new("faq_category.rename", "faq_category", Some(id), title.as_str());
    write.record(entry.detail(changes.join("; ")));
    write.touch_public();
    Ok(Category { slug, title, ..before.clone() })
}

/// Lets a slug lead to the category `id` on a page, unless another category there has it.
pub(in crate::model) async fn set_former_slug(write: &Write, page_id: i64, slug: &str, id: i64) -> Result<()> {
    write
        .execute(
            "insert into faq_category_former_slug (page_id, slug, category_id, created_at) values ($1, $2, $3, $4) \
             on conflict (page_id, slug) do update set category_id = excluded.category_id, created_at = excluded.created_at",
            (page_id, slug, id, write.now),
        )
        .await?;
    Ok(())
}

/// Slugs that categories of a page had before, with the category each leads to. Another category may have one of them by now.
pub(crate) async fn former_slugs(db: &Conn, page_id: i64) -> Result<Vec<(String, i64)>> {
    Ok(db
        .all("select slug, category_id from faq_category_former_slug where page_id = $1 order by slug", (page_id,))
        .await?)
}

/// Whether the detail of an entry about [`rename`] names the field `title` or `slug`.
#[must_use]
pub(crate) fn names(detail: &str, field: &str) -> bool {
    let start = if field == "slug" { "slug from " } else { "title from " };
    detail.split("; ").any(|change| change.starts_with(start))
}

/// Former ids of headings and the present ones, each with the page that it is on, for an export.
pub(in crate::model) async fn moved_ids(db: &Conn) -> Result<Vec<(OnPage, OnPage)>> {
    let moved: Vec<(i64, String, i64, String)> = db
        .all(
            "select a.page_id, a.slug, c.page_id, c.slug from faq_category_former_slug a \
             join faq_category c on c.id = a.category_id where c.slug <> a.slug or c.page_id <> a.page_id \
             order by a.page_id, a.slug",
            (),
        )
        .await?;
    let id = |slug: String| format!("{ID_PREFIX}{slug}");
    Ok(moved.into_iter().map(|(before, old, page, present)| ((before, id(old)), (page, id(present)))).collect())
}

async fn check(write: &Write, (id, page_id): (i64, i64), title: &str, slug: &str) -> Result<(String, String)> {
    let mut errors = ValidationErrors::default();
    let title = clean::line(title);
    if title.is_empty() {
        errors.add("title", "Enter a title");
    }
    errors.take("title", limit::characters(&title, "the title", 100));
    let typed = if slug.trim().is_empty() { slug::from_title(&title) } else { slug.to_owned() };
    let slug = errors.take("slug", slug::parse(&typed));
    if at(write, page_id, &slug).await?.is_some_and(|other| other.id != id) {
        errors.add("slug", "Another category has this slug; choose another");
    }
    Ok(errors.finish(|| (title, slug))?)
}

/// Puts a category elsewhere among the others; `false` when it is there already, and nothing is recorded.
/// Errors: see [`arrange`].
pub(crate) async fn reorder(write: &Write, category: &Category, spot: Position) -> Result<bool> {
    let id = category.id;
    let order: Vec<i64> = on(write, category.page_id).await?.into_iter().map(|category| category.id).collect();
    let Some(order) = arrange(&order, id, spot)? else { return Ok(false) };
    for (position, other) in (1_i64..).zip(&order) {
        write.execute("update faq_category set position = $2 where id = $1", (*other, position)).await?;
    }
    let number = order.iter().position(|other| *other == id).unwrap_or_default() + 1;
    let entry = AuditEntry::new("faq_category.reorder", "faq_category", Some(id), category.title.as_str());
    write.record(entry.detail(format!("to place {number}")));
    write.touch_public();
    Ok(true)
}

/// Which it is among the categories of its page, 0 for the first; none when it is gone.
pub(crate) async fn index_of(db: &Conn, id: i64) -> Result<Option<usize>> {
    let Some(category) = Error::optional(get(db, id).await)? else { return Ok(None) };
    Ok(on(db, category.page_id).await?.iter().position(|category| category.id == id))
}

/// Deletes an empty category.
/// `Conflict` while it holds items, in the trash or not.
pub async fn delete(write: &Write, category: &Category) -> Result<()> {
    let id = category.id;
    let items: i64 = write.value("select count(*) from faq_item where category_id = $1", (id,)).await?;
    if items > 0 {
        return Err(Error::Conflict(
            "This category still holds items, here or in the trash. Move them to another category first.".to_owned(),
        ));
    }
    write.execute("delete from faq_category_former_slug where category_id = $1", (id,)).await?;
    write.execute("delete from faq_category where id = $1", (id,)).await?;
    write.record(AuditEntry::new("faq_category.delete", "faq_category", Some(id), category.title.as_str()));
    write.touch_public();
    Ok(())
}

/// Sets the place of a category for an import; says whether it was another.
pub(in crate::model) async fn set_position(write: &Write, id: i64, position: i64) -> Result<bool> {
    let sql = "update faq_category set position = $2 where id = $1 and position <> $2";
    Ok(write.execute(sql, (id, position)).await? > 0)
}
