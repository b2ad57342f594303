//! Asking the index: the stages of looser matching, the results with their snippets, and the check that nothing is shown
//! which was unpublished a moment ago.

use std::collections::HashSet;

use serde::Serialize;
use tantivy::{
    DocAddress,
    collector::{Count, TopDocs},
};

use super::{
    blocking::run_blocking,
    index_document::{IndexedDocument, Visibility},
    index_error::index_error,
    query::{self, Audience, MatchMode, ParsedQuery},
    snippet::{Marker, Piece},
    spelling,
    state::{Search, Snapshot},
    stored_document::read_document,
};
use crate::{db::conn::Conn, error::Result, model::searchable};

/// With fewer results the last word is taken for the beginning of one.
const FEW: usize = 5;
/// So many results are looked through for those that are one in the admin area; it shows fewer.
const MERGED: usize = 400;
/// With fewer results another spelling is offered.
const LITTLE: usize = 3;

/// What someone wants to find.
#[derive(Debug, Clone)]
pub struct SearchRequest {
    pub text: String,
    pub audience: Audience,
    pub offset: usize,
    pub limit: usize,
    pub typing: bool,
}

/// How well what was found fits what was typed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fit {
    #[default]
    Words,
    /// Nothing has all of them: it has one or some.
    AnyWord,
    /// Nothing has the words as typed: it has similar ones.
    Similar,
}

#[derive(Debug, Default)]
pub struct SearchResults {
    pub(crate) hits: Vec<SearchHit>,
    pub(crate) total: usize,
    pub(crate) fit: Fit,
    pub(crate) meant: Option<String>,
    /// How many words of what was typed were looked for; 0 when all were.
    pub(crate) only_words: usize,
}

#[derive(Debug)]
pub(crate) struct SearchHit {
    pub(crate) document: IndexedDocument,
    pub(crate) title: Vec<Piece>,
    pub(crate) snippet: Vec<Piece>,
}

impl Search {
    /// Finds what is wished for. None while there is no index to ask.
    /// Fails when the database fails, or `Busy` when too many ask already. A failing index counts as none, and is rebuilt.
    pub async fn find(&self, db: &Conn, request: SearchRequest) -> Result<Option<SearchResults>> {
        let index = request.audience.index();
        let Some(snapshot) = self.snapshot(index) else { return Ok(None) };
        let followed = snapshot.followed;
        let _slot = self.asking(index).slot().await?;
        let found = run_blocking(move || run_query(&snapshot, &request)).await;
        let mut found = match found {
            Ok(found) => found,
            Err(error) => {
                tracing::error!(%error, index = index.as_str(), "the search index cannot be asked");
                self.report_damage(index);
                return Ok(None);
            }
        };
        if searchable::newest(db).await?.id > followed {
            retain_live(db, &mut found).await?;
        }
        Ok(Some(found))
    }

    /// Public pages that resemble the path `path`, the most alike first. None while there is no index.
    pub(crate) async fn near(&self, db: &Conn, path: &str, limit: usize) -> Result<Option<Vec<IndexedDocument>>> {
        let last = path.trim_matches('/').rsplit('/').next().unwrap_or_default();
        let text = last.replace(['-', '_', '.'], " ");
        let request = SearchRequest { text, audience: Audience::Public, offset: 0, limit, typing: true };
        let found = self.find(db, request).await?;
        Ok(found.map(|found| found.hits.into_iter().map(|hit| hit.document).collect()))
    }
}

/// The index is a moment behind the database: what was unpublished or deleted is not shown.
async fn retain_live(db: &Conn, found: &mut SearchResults) -> Result<()> {
    let mut kept = Vec::with_capacity(found.hits.len());
    for hit in std::mem::take(&mut found.hits) {
        let is_current = match hit.document.visibility {
            Visibility::Public => searchable::is_live(db, hit.document.id, hit.document.revision).await?,
            Visibility::Draft => true,
            Visibility::Message => searchable::message(db, hit.document.id).await?.is_some(),
        };
        if is_current {
            kept.push(hit);
        } else {
            found.total = found.total.saturating_sub(1);
        }
    }
    found.hits = kept;
    Ok(())
}

fn run_query(snapshot: &Snapshot, request: &SearchRequest) -> Result<SearchResults> {
    let Snapshot { searcher, fields, .. } = snapshot;
    let typed = ParsedQuery::read(&request.text, snapshot.stemming);
    let mut mode = if request.typing { MatchMode::Prefix } else { MatchMode::Words };
    let mut best = best_matches(snapshot, request, &typed, mode)?;
    if best.total < FEW && mode == MatchMode::Words {
        mode = MatchMode::Prefix;
        best = best_matches(snapshot, request, &typed, mode)?;
    }
    let certain = best.total;
    for more in [MatchMode::Mistyped, MatchMode::Any] {
        if best.total == 0 {
            mode = more;
            best = best_matches(snapshot, request, &typed, mode)?;
        }
    }
    let meant = if certain < LITTLE && !request.typing {
        spelling::did_you_mean(searcher, fields, request.audience, &typed)?
    } else {
        None
    };
    let total = best.total;
    let fit = match mode {
        MatchMode::Any if typed.words.len() > 1 => Fit::AnyWord,
        MatchMode::Mistyped => Fit::Similar,
        _ => Fit::Words,
    };
    let hits = hits(snapshot, request, best, &Marker::new(&typed, mode))?;
    Ok(SearchResults { hits, total, fit, meant, only_words: typed.only })
}

#[derive(Default)]
struct Best {
    total: usize,
    addresses: Vec<DocAddress>,
}

/// Counts and ranks in one go: every document has to be looked at for either.
fn best_matches(snapshot: &Snapshot, request: &SearchRequest, typed: &ParsedQuery, mode: MatchMode) -> Result<Best> {
    let Snapshot { searcher, fields, .. } = snapshot;
    let Some(query) = query::build(typed, mode, fields) else { return Ok(Best::default()) };
    let query = query::restrict_to(request.audience, fields, query);
    let is_public = request.audience == Audience::Public;
    let (first, limit) = if is_public { (request.offset, request.limit.max(1)) } else { (0, MERGED) };
    let ranked = TopDocs::with_limit(limit).and_offset(first).order_by_score();
    let (total, ranked) = searcher.search(&query, &(Count, ranked)).map_err(index_error)?;
    let addresses: Vec<_> = ranked.into_iter().map(|(_, address)| address).collect();
    if is_public {
        return Ok(Best { total, addresses });
    }
    let all = addresses.len();
    let addresses = merge(snapshot, addresses)?;
    let total = total - (all - addresses.len());
    Ok(Best { total, addresses: addresses.into_iter().skip(request.offset).take(request.limit).collect() })
}

/// A document that is found both as visitors see it and as a draft is one result: the better of the two.
fn merge(snapshot: &Snapshot, addresses: Vec<DocAddress>) -> Result<Vec<DocAddress>> {
    let Snapshot { searcher, fields, .. } = snapshot;
    let mut seen = HashSet::new();
    let mut merged = Vec::with_capacity(addresses.len());
    for address in addresses {
        let document = read_document(searcher, fields, address)?;
        if seen.insert((document.visibility == Visibility::Message, document.id)) {
            merged.push(address);
        }
    }
    Ok(merged)
}

fn hits(snapshot: &Snapshot, request: &SearchRequest, best: Best, marker: &Marker<'_>) -> Result<Vec<SearchHit>> {
    let Snapshot { searcher, fields, .. } = snapshot;
    best.addresses
        .into_iter()
        .map(|address| {
            let document = read_document(searcher, fields, address)?;
            let snippet = if request.typing { Vec::new() } else { marker.best(&[&document.summary, &document.text]) };
            Ok(SearchHit { title: marker.mark_all(&document.title), snippet, document })
        })
        .collect()
}
