//! Where the links of a text lead now that are bound to a document, or relative. Asked once for a page, however many links it has;
//! what shows, checks or exports a text asks here.

use std::collections::HashMap;

use crate::{
    db::conn::Conn,
    error::Result,
    model::document::revision::Revision,
    text::{link, markdown::links::LinkAddresses},
};

/// A link that leads elsewhere than its text says, or may.
#[derive(sqlx::FromRow)]
struct LinkRow {
    url: String,
    origin: String,
    path: String,
    fragment: String,
    is_relative: bool,
    /// Of the live page that it means.
    page_path: Option<String>,
    /// Of the live item that it means.
    slug: Option<String>,
    /// Of the live page with that item.
    item_page: Option<String>,
    /// Of the page that shows the text, for that of an item.
    own_page: Option<String>,
}

/// A link of an item.
#[derive(sqlx::FromRow)]
struct ItemLinkRow {
    document_id: i64,
    revision_id: i64,
    is_latest: bool,
    #[sqlx(flatten)]
    link: LinkRow,
}

/// Of a revision, or of a text that is not saved: then the links that are also in the newest revision of its document.
pub(crate) async fn of(db: &Conn, origin: &str, revision: &Revision) -> Result<LinkAddresses> {
    let content = &revision.content;
    if !content.document_type.is_empty() || link::may_be_in(&content.body) {
        of_document(db, origin, (revision.document_id, revision.id)).await
    } else {
        Ok(LinkAddresses::default())
    }
}

/// Of the newest revision of a document.
pub(crate) async fn of_newest(db: &Conn, origin: &str, document_id: i64) -> Result<LinkAddresses> {
    of_document(db, origin, (document_id, 0)).await
}

/// Of the newest revision of a document for a text that is copied from it: what is not live counts too, as long as it has a place.
pub(crate) async fn for_copy(db: &Conn, origin: &str, document_id: i64) -> Result<LinkAddresses> {
    let rows: Vec<LinkRow> = db
        .all(
            "select l.url, l.origin, l.path, l.fragment, l.is_relative, p.path as page_path, i.slug, \
             (select n.path from collection n where n.id = i.page_id and n.live) as item_page, \
             (select n.path from faq_item s join collection n on n.id = s.page_id where s.document_id = o.id) as own_page \
             from document o join link l on l.revision_id = o.latest_revision_id \
             left join page p on p.document_id = l.document_id left join faq_item i on i.document_id = l.document_id \
             where o.id = $1 and l.origin in ('', $2) and (l.is_relative or p.path <> l.path or i.slug is not null)",
            (document_id, origin),
        )
        .await?;
    Ok(rows.into_iter().filter_map(LinkRow::address).collect())
}

async fn of_document(db: &Conn, origin: &str, (document_id, revision_id): (i64, i64)) -> Result<LinkAddresses> {
    let rows: Vec<LinkRow> = db
        .all(
            "select l.url, l.origin, l.path, l.fragment, l.is_relative, p.path as page_path, i.slug, \
             (select n.path from collection n where n.id = i.page_id and n.live) as item_page, \
             (select n.path from faq_item s join collection n on n.id = s.page_id where s.document_id = $1) as own_page from link l \
             left join document d on d.id = l.document_id and d.published_revision_id is not null \
             left join page p on p.document_id = d.id left join faq_item i on i.document_id = d.id \
             where l.revision_id = case when $2 > 0 then $2 else \
             (select t.latest_revision_id from document t where t.id = $1) end and l.origin in ('', $3) \
             and (l.is_relative or p.path <> l.path or i.slug is not null)",
            (document_id, revision_id, origin),
        )
        .await?;
    Ok(rows.into_iter().filter_map(LinkRow::address).collect())
}

/// Of all items of a page, by the document and the id of the revision; under the id 0 those of the newest.
pub(crate) async fn of_items(db: &Conn, origin: &str, page_id: i64) -> Result<HashMap<(i64, i64), LinkAddresses>> {
    let rows: Vec<ItemLinkRow> = db
        .all(
            "select f.document_id, l.revision_id, l.revision_id = o.latest_revision_id as is_latest, l.url, l.origin, l.path, \
             l.fragment, l.is_relative, p.path as page_path, i.slug, \
             (select n.path from collection n where n.id = i.page_id and n.live) as item_page, \
             (select n.path from collection n where n.id = f.page_id) as own_page from faq_item f join document o on o.id = f.document_id \
             join link l on l.revision_id in (o.published_revision_id, o.latest_revision_id) \
             left join document d on d.id = l.document_id and d.published_revision_id is not null \
             left join page p on p.document_id = d.id left join faq_item i on i.document_id = d.id \
             where l.origin in ('', $1) and f.page_id = $2 and (l.is_relative or p.path <> l.path or i.slug is not null)",
            (origin, page_id),
        )
        .await?;
    let mut found: HashMap<(i64, i64), LinkAddresses> = HashMap::new();
    for ItemLinkRow { document_id, revision_id, is_latest, link } in rows {
        let Some((url, address)) = link.address() else { continue };
        if is_latest {
            found.entry((document_id, 0)).or_default().insert(url.clone(), address.clone());
        }
        found.entry((document_id, revision_id)).or_default().insert(url, address);
    }
    Ok(found)
}

impl LinkRow {
    /// The address as it is in the text, and the one that leads there now; none when it is the same, or a part of the page itself.
    fn address(self) -> Option<(String, String)> {
        let (before, part) = self.url.split_at(self.url.find('#').unwrap_or(self.url.len()));
        let query = before.find('?').map_or("", |at| &before[at..]);
        let is_own_page = before.is_empty() || before.starts_with('?');
        let address = match (self.slug, self.item_page, self.page_path) {
            (Some(slug), Some(path), _) if is_own_page && self.own_page.is_none_or(|own| own == path) => {
                format!("{query}#{slug}{}", self.fragment)
            }
            (Some(slug), Some(path), _) => format!("{}{path}{query}#{slug}{}", self.origin, self.fragment),
            _ if is_own_page => return None,
            (_, _, Some(path)) => format!("{}{path}{query}{part}", self.origin),
            _ if self.is_relative => format!("{}{query}{part}", self.path),
            _ => return None,
        };
        (address != self.url).then_some((self.url, address))
    }
}
