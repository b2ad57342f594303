//! Numbers and designations as addresses: `/8.5.1`, `/standards/8.5.1.1` and `/20000-1` lead to the page or the heading with
//! that number. Letters may be in any case.

use tantivy::collector::TopDocs;

use super::{
    blocking::run_blocking,
    index_document::{IndexedDocument, ResultKind},
    index_error::index_error,
    index_kind::IndexKind,
    parsed_query::ParsedQuery,
    query,
    state::{Search, Snapshot},
    stored_document::read_document,
    tokenizer::exact_key,
};
use crate::{db::conn::Conn, error::Result, model::searchable, text::ids};

/// Longer names, in bytes, are no designations.
const LONGEST: usize = 60;
/// So many parts of a number may belong to a heading.
const BELOW: usize = 2;
/// Documents of one number that are looked at.
const NAMESAKES: usize = 8;

impl Search {
    /// Where the one live page with the designation at the end of `path` is, or the heading of it. What comes before in the
    /// path must be above that page. None while there is no index.
    /// Fails as [`Search::find`] does.
    pub(crate) async fn find_designation(&self, db: &Conn, path: &str) -> Result<Option<String>> {
        let Some((above, name)) = path.rsplit_once('/').map(|(above, name)| (above.to_lowercase(), name.to_owned()))
        else {
            return Ok(None);
        };
        if name.len() > LONGEST || !name.bytes().any(|b| b.is_ascii_digit()) {
            return Ok(None);
        }
        let Some(snapshot) = self.snapshot(IndexKind::Public) else { return Ok(None) };
        let _slot = self.asking(IndexKind::Public).slot().await?;
        let found = match run_blocking(move || find(&snapshot, &name)).await {
            Ok(found) => found,
            Err(error) => {
                self.give_up(IndexKind::Public, &error);
                return Ok(None);
            }
        };
        let Some((page, address)) = found.filter(|(page, _)| page.path.starts_with(&format!("{above}/"))) else {
            return Ok(None);
        };
        Ok(searchable::is_live(db, page.id, page.revision).await?.then_some(address))
    }
}

/// The page with the designation, and the address of it or of its heading.
fn find(snapshot: &Snapshot, name: &str) -> Result<Option<(IndexedDocument, String)>> {
    if let Some(page) = find_page(snapshot, name)? {
        let address = page.path.clone();
        return Ok(Some((page, address)));
    }
    let mut number = name;
    for _ in 0..BELOW {
        let Some((shorter, _)) = number.rsplit_once('.') else { return Ok(None) };
        number = shorter;
        let Some(page) = find_page(snapshot, number)? else { continue };
        let heading = page.headings.iter().find(|heading| heading.split(' ').next() == Some(name));
        return Ok(heading
            .map(|heading| format!("{}#{}", page.path, ids::of_words(heading)))
            .map(|address| (page, address)));
    }
    Ok(None)
}

/// The page whose number is this designation or means the same; none when there are several.
fn find_page(snapshot: &Snapshot, name: &str) -> Result<Option<IndexedDocument>> {
    let spaced = name.replace(['-', '_'], " ");
    let mut typed = ParsedQuery::read(name, snapshot.stemming);
    typed.find_concepts(&snapshot.synonyms);
    let same = typed.concepts.iter().flat_map(|concept| concept.phrases.iter().map(|phrase| phrase.key.clone()));
    for key in [exact_key(name), exact_key(&spaced)].into_iter().chain(same) {
        let top = TopDocs::with_limit(NAMESAKES).order_by_score();
        let named = query::equal(snapshot.fields.number, &key);
        let mut pages = Vec::new();
        for (_, address) in snapshot.searcher.search(&named, &top).map_err(index_error)? {
            let found = read_document(&snapshot.searcher, &snapshot.fields, address)?;
            if found.kind != ResultKind::Term && found.kind.document_kind().is_some() {
                pages.push(found);
            }
        }
        if pages.len() == 1 {
            return Ok(pages.pop());
        }
    }
    Ok(None)
}
