//! Slugs that items had: they lead to them for good, also from a page that an item left.

use super::{category::OnPage, location};
use crate::{
    db::conn::Conn,
    error::Result,
    model::{
        link::questions::{bind_own_links, bind_to_question},
        write::Write,
    },
};

/// Before an item gets another page or slug: what leads to it goes on doing so.
pub(super) async fn leave(write: &Write, id: i64, (page_id, slug): (i64, &str)) -> Result<()> {
    keep_former_slug(write, id, (page_id, slug)).await?;
    let now = location::of(write, id).await?;
    if now.page_id != page_id {
        bind_own_links(write, id, now.page_id).await?;
    }
    match now.slug {
        Some(present) if now.page_id != page_id || present != slug => {
            bind_to_question(write, id, (now.page_id, &present)).await
        }
        _ => Ok(()),
    }
}

/// Before the page and slug change to these: keeps the present ones, if the item was ever public.
async fn keep_former_slug(write: &Write, id: i64, (page_id, slug): (i64, &str)) -> Result<()> {
    write
        .execute(
            "insert into faq_former_slug (page_id, slug, document_id, created_at) \
             select i.page_id, i.slug, i.document_id, $4 from faq_item i where i.document_id = $1 and i.slug is not null \
             and (i.slug <> $2 or i.page_id <> $3) \
             and exists (select 1 from publication b where b.document_id = i.document_id) \
             on conflict (page_id, slug) do update set document_id = excluded.document_id, created_at = excluded.created_at",
            (id, slug, page_id, write.now),
        )
        .await?;
    Ok(())
}

/// Lets an old slug on a page lead to the item `id`, for an import.
pub(in crate::model) async fn set_former_slug(write: &Write, (page_id, old): (i64, &str), id: i64) -> Result<()> {
    write
        .execute(
            "insert into faq_former_slug (page_id, slug, document_id, created_at) values ($1, $2, $3, $4) \
             on conflict (page_id, slug) do update set document_id = excluded.document_id, created_at = excluded.created_at",
            (page_id, old, id, write.now),
        )
        .await?;
    Ok(())
}

/// Old slugs and the present ones of their items, each with the page that it is on, for an export.
pub(in crate::model) async fn moved_slugs(db: &Conn) -> Result<Vec<(OnPage, OnPage)>> {
    let moved: Vec<(i64, String, i64, String)> = db
        .all(
            "select a.page_id, a.slug, i.page_id, i.slug from faq_former_slug a \
             join faq_item i on i.document_id = a.document_id \
             where i.slug is not null and (i.slug <> a.slug or i.page_id <> a.page_id) order by a.page_id, a.slug",
            (),
        )
        .await?;
    Ok(moved.into_iter().map(|(before, old, page, present)| ((before, old), (page, present))).collect())
}

/// A slug that a live item had on a page.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct FormerSlug {
    pub(crate) slug: String,
    pub(crate) document_id: i64,
    pub(crate) title: String,
    /// Where the item is now, when that is another page that visitors see.
    pub(crate) elsewhere: Option<String>,
}

/// Those of a page. Another item there may have one of them by now.
pub(crate) async fn former_slugs(db: &Conn, page_id: i64) -> Result<Vec<FormerSlug>> {
    Ok(db
        .all(
            "select a.slug, a.document_id, r.title, case when i.page_id <> a.page_id then (select n.path || '#' || i.slug \
             from collection n where n.id = i.page_id and n.live) end as elsewhere \
             from faq_former_slug a join faq_item i on i.document_id = a.document_id \
             join document d on d.id = a.document_id join revision r on r.id = d.published_revision_id \
             where a.page_id = $1 order by a.slug",
            (page_id,),
        )
        .await?)
}
