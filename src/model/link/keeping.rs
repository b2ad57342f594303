//! Keeps what a new revision links to: each address as it is written, and where it leads from the page that shows the text.
//! Knows nothing of where documents move later.

use std::collections::BTreeMap;

use url::Url;

use crate::{
    error::{Error, Result},
    model::{page::path::PATH_MAX, write::Write},
    text::{
        link::{self, Destination},
        markdown::contents,
        media_path,
    },
    work,
};

/// Most links of one text, and of one version, that are kept.
const KEPT: usize = 1000;
/// A longer link leads to no page; bytes.
const LONGEST: usize = PATH_MAX + 500;
/// The base that links on this site are resolved against; those that name the site's origin are kept with it.
const HERE: &str = "https://here.invalid";

/// Keeps the links of a new revision of a document. Those that are also in the revision `before`, which it was made from, mean what
/// they mean there.
pub(in crate::model) async fn keep(
    write: &Write,
    (document_id, revision_id): (i64, i64),
    texts: &[String],
    before: Option<i64>,
) -> Result<()> {
    if !texts.iter().any(|text| link::may_be_in(text)) {
        return Ok(());
    }
    // Of a page its own path, of an item that of the page with it.
    let path: String = write
        .value(
            "select coalesce(p.path, (select n.path from faq_item i join collection n on n.id = i.page_id \
             where i.document_id = d.id), '/') from document d left join page p on p.document_id = d.id where d.id = $1",
            (document_id,),
        )
        .await?;
    let base = Url::parse(&format!("{HERE}{path}")).map_err(|error| Error::internal("a path", error))?;
    let mut found = BTreeMap::new();
    for text in texts {
        found.extend(work::blocking_if_large(text.len(), || destinations(&base, text)));
    }
    for (url, (to, is_relative)) in found.into_iter().take(KEPT) {
        write
            .execute(
                "insert into link (revision_id, url, origin, path, fragment, is_relative) values ($1, $2, $3, $4, $5, $6)",
                (revision_id, url, to.origin, to.path, to.fragment, is_relative),
            )
            .await?;
    }
    match before {
        Some(before) => inherit(write, revision_id, before).await,
        None => Ok(()),
    }
}

/// Lets the links of a revision mean what the same links mean in the one that its text is from: those that are relative lead from where
/// that was saved. Links to parts of the own page stay there.
pub(in crate::model) async fn inherit(write: &Write, revision_id: i64, from: i64) -> Result<()> {
    write
        .execute(
            "update link set document_id = (select b.document_id from link b where b.revision_id = $2 and b.url = link.url), \
             path = (select b.path from link b where b.revision_id = $2 and b.url = link.url), \
             fragment = (select b.fragment from link b where b.revision_id = $2 and b.url = link.url) \
             where revision_id = $1 and document_id is null and exists (select 1 from link b \
             where b.revision_id = $2 and b.url = link.url and (b.document_id is not null \
             or (b.is_relative and substr(b.url, 1, 1) not in ('', '#', '?'))))",
            (revision_id, from),
        )
        .await?;
    Ok(())
}

/// Where the links of a text lead, by their addresses, and whether these are relative to its path.
fn destinations(base: &Url, body: &str) -> BTreeMap<String, (Destination, bool)> {
    let links = contents::targets(body).into_iter().filter(|target| target.is_kept && !target.is_picture);
    let mut found = BTreeMap::new();
    for target in links.take(KEPT) {
        let to = link::resolve(base, &target.url).map(without_content);
        let is_short = |to: &Destination| to.origin.len() + to.path.len() + to.fragment.len() <= LONGEST;
        if let Some(to) = to.filter(|to| is_short(to) && target.url.len() <= LONGEST) {
            let is_relative = !target.url.starts_with('/') && Url::parse(&target.url).is_err();
            found.insert(target.url, (to, is_relative));
        }
    }
    found
}

/// What is in the media library is known by the address that does not name its content.
fn without_content(to: Destination) -> Destination {
    match media_path::split(&to.path).filter(|_| to.origin.is_empty()) {
        Some((path, _)) => Destination { path: path.to_owned(), ..to },
        None => to,
    }
}
