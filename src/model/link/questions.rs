//! Binds links to the items that they mean, before these get other slugs or pages: an item is a part of its page, and so are its
//! headings, whose names begin with its slug.

use crate::{db::conn::Conn, error::Result, model::write::Write};

/// Before the item with this slug on a page gets another, another page, or goes to the trash: links to it and to its headings mean it.
pub(in crate::model) async fn bind_to_question(write: &Write, id: i64, (page_id, slug): (i64, &str)) -> Result<()> {
    let slugs = slugs_on(write, page_id).await?;
    let origin = write.rules.origin.clone();
    let fragments: Vec<(String,)> = write
        .all(
            "select fragment from link where document_id = $1 and fragment <> '' and origin in ('', $2) \
             union select fragment from link where document_id is null and fragment <> '' and origin in ('', $2) \
             and path in (select p.path from page p where p.document_id = $1 \
             union select o.path from redirect o where o.document_id = $1)",
            (page_id, origin.as_str()),
        )
        .await?;
    for (fragment,) in fragments {
        if find_item(&slugs, &fragment).is_some_and(|(found, _)| found == slug) {
            let part = &fragment[slug.len()..];
            bind(write, (page_id, origin.as_str(), fragment.as_str()), (id, part)).await?;
        }
    }
    Ok(())
}

/// Before an item leaves a page: its own links to parts of that page mean the items there.
pub(in crate::model) async fn bind_own_links(write: &Write, id: i64, page_id: i64) -> Result<()> {
    let links: Vec<(i64, String, String)> = write
        .all(
            "select l.revision_id, l.url, l.fragment from link l join revision r on r.id = l.revision_id \
             where r.document_id = $1 and l.document_id is null and l.fragment <> '' and substr(l.url, 1, 1) in ('#', '?')",
            (id,),
        )
        .await?;
    let slugs = if links.is_empty() { Vec::new() } else { slugs_on(write, page_id).await? };
    for (revision_id, url, fragment) in links {
        let Some((slug, item)) = find_item(&slugs, &fragment) else { continue };
        write
            .execute(
                "update link set document_id = $3, fragment = $4 where revision_id = $1 and url = $2",
                (revision_id, url, *item, &fragment[slug.len()..]),
            )
            .await?;
    }
    Ok(())
}

async fn slugs_on(db: &Conn, page_id: i64) -> Result<Vec<(String, i64)>> {
    let sql = "select slug, document_id from faq_item where page_id = $1 and slug is not null";
    Ok(db.all(sql, (page_id,)).await?)
}

/// The item that a part of the page is, or is in.
fn find_item<'a>(slugs: &'a [(String, i64)], fragment: &str) -> Option<&'a (String, i64)> {
    slugs.iter().filter(|(slug, _)| is_at_or_in(fragment, slug)).max_by_key(|(slug, _)| slug.len())
}

/// Binds the links to a part of the page to one of its items, and to what is behind its slug.
async fn bind(write: &Write, to: (i64, &str, &str), (id, part): (i64, &str)) -> Result<()> {
    let (page_id, origin, fragment) = to;
    // Those that are bound to the page already, and those that are bound to nothing.
    write
        .execute(
            "update link set document_id = $4, fragment = $5 where document_id = $1 and origin in ('', $2) and fragment = $3",
            (page_id, origin, fragment, id, part),
        )
        .await?;
    write
        .execute(
            "update link set document_id = $4, fragment = $5 where document_id is null and origin in ('', $2) and fragment = $3 \
             and path in (select p.path from page p where p.document_id = $1 \
             union select o.path from redirect o where o.document_id = $1)",
            (page_id, origin, fragment, id, part),
        )
        .await?;
    Ok(())
}

/// Whether a part of a page is its item with this slug, or a heading of it.
#[must_use]
pub(crate) fn is_at_or_in(fragment: &str, slug: &str) -> bool {
    fragment.strip_prefix(slug).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}
