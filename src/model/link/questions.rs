//! Binds links to the questions that they mean, before these get other slugs: a question is a part of the page with all of
//! them, and so are its headings, whose names begin with its slug.

use crate::{
    error::Result,
    model::{document::choices::Layout, page::public, write::Write},
};

/// Before a question with this slug gets another, or goes to the trash: links to it and to its headings mean this question.
pub(in crate::model) async fn bind_to_question(write: &Write, id: i64, slug: &str) -> Result<()> {
    let Some(page) = public::with_layout(write, Layout::Faq).await? else { return Ok(()) };
    let slugs: Vec<(String,)> = write.all("select slug from faq_item where slug is not null", ()).await?;
    let origin = write.rules.origin.clone();
    let fragments: Vec<(String,)> = write
        .all(
            "select fragment from link where document_id = $1 and fragment <> '' and origin in ('', $2) \
             union select fragment from link where document_id is null and fragment <> '' and origin in ('', $2) \
             and path in (select p.path from page p where p.document_id = $1 \
             union select o.path from redirect o where o.document_id = $1)",
            (page.id, origin.as_str()),
        )
        .await?;
    for (fragment,) in fragments {
        let around = slugs.iter().map(|(slug,)| slug.as_str()).filter(|slug| is_at_or_in(&fragment, slug));
        if around.max_by_key(|slug| slug.len()) == Some(slug) {
            let part = &fragment[slug.len()..];
            bind(write, (page.id, origin.as_str(), fragment.as_str()), (id, part)).await?;
        }
    }
    Ok(())
}

/// Binds the links to a part of the page with the questions to one of these, and to what is behind its slug.
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

/// Whether a part of the page with the questions is the one with this slug, or a heading of it.
#[must_use]
pub(crate) fn is_at_or_in(fragment: &str, slug: &str) -> bool {
    fragment.strip_prefix(slug).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}
