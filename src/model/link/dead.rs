//! Links that lead nowhere. What a link is bound to counts first, then what is at its path.

use crate::{
    db::conn::Conn,
    error::Result,
    model::{
        document::kind::DocumentKind,
        redirect::follow::{RedirectTarget, follow},
    },
};

/// A link of a live document to a page.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct DeadLink {
    pub(crate) id: i64,
    pub(crate) kind: DocumentKind,
    pub(crate) title: String,
    pub(crate) path: String,
}

/// At most `limit` links to paths of this site at which there is no live page, nor a redirect to one.
/// Each path is looked up once, however many links lead to it.
pub(crate) async fn to_no_page(db: &Conn, origin: &str, limit: i64) -> Result<Vec<DeadLink>> {
    Ok(db
        .all(
            "select distinct d.id, d.kind, r.title, l.path from (\
             select t.path from (select distinct path from link) t \
             where not exists (select 1 from live_page p where p.path = t.path) \
             and not exists (select 1 from redirect_node o where o.path = t.path and (o.live or o.document_id is null) \
             and (o.by_hand or not exists (select 1 from page n where n.path = o.path))) \
             and not exists (select 1 from media m where m.path = t.path and m.deleted_at is null) \
             and not exists (select 1 from redirect_node o where o.covers_below \
             and substr(t.path, 1, length(o.path) + 1) = o.path || '/' and (o.document_id is null or exists (\
             select 1 from live_page p where p.path = rtrim(o.page_path, '/') || substr(t.path, length(o.path) + 1))))) x \
             join link l on l.path = x.path join document d on d.published_revision_id = l.revision_id \
             join revision r on r.id = l.revision_id where l.origin in ('', $1) \
             and not exists (select 1 from document t where t.id = l.document_id and t.published_revision_id is not null) \
             order by r.title, d.id, l.path limit $2",
            (origin, limit),
        )
        .await?)
}

/// What visitors find at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkTarget {
    Live,
    /// A page that is not published.
    Unpublished,
    Nothing,
}

/// Whether an automatic redirect from a path ends as soon as the page there is published, so that a link means that page.
pub(crate) async fn is_awaited(db: &Conn, path: &str) -> Result<bool> {
    let awaited: i64 = db
        .value(
            "select count(*) from page p join document d on d.id = p.document_id join redirect o on o.path = p.path \
             where p.path = $1 and d.published_revision_id is null and not o.by_hand",
            (path,),
        )
        .await?;
    Ok(awaited > 0)
}

/// What is at a path, or where it redirects to.
pub(in crate::model) async fn target_at(db: &Conn, path: &str) -> Result<LinkTarget> {
    if is_awaited(db, path).await? {
        return Ok(LinkTarget::Unpublished);
    }
    let found: Vec<(Option<i64>,)> = db
        .all(
            "select d.published_revision_id from page p join document d on d.id = p.document_id where p.path = $1 \
             union all select d.published_revision_id from redirect o join document d on d.id = o.document_id \
             where o.path = $1 and d.trashed_at is null \
             union all select m.id from media m where m.path = $1 and m.deleted_at is null",
            (path,),
        )
        .await?;
    if found.iter().any(|(live,)| live.is_some()) {
        return Ok(LinkTarget::Live);
    }
    Ok(match follow(db, path).await?.end {
        RedirectTarget::Page(..) | RedirectTarget::Address(_) => LinkTarget::Live,
        RedirectTarget::Gone | RedirectTarget::Nothing if found.is_empty() => LinkTarget::Nothing,
        RedirectTarget::Gone | RedirectTarget::Nothing => LinkTarget::Unpublished,
    })
}
