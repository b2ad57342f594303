//! Asking the index: the stages of looser matching, the results with their snippets, and the check that nothing is shown
//! which was unpublished a moment ago.

use std::collections::HashSet;

use serde::Serialize;
use tantivy::{
    DocAddress,
    collector::{Count, TopDocs},
};

use super::{
    answer::{self, Answer},
    blocking::run_blocking,
    index_document::{IndexedDocument, ResultKind, Visibility},
    index_error::index_error,
    index_kind::IndexKind,
    parsed_query::ParsedQuery,
    query::{self, Audience},
    ranking::{self, NAMED},
    schema,
    snippet::{Marker, Piece},
    spelling,
    state::{Search, Snapshot},
    stored_document::read_document,
    vocabulary::Vocabulary,
    word::WordMatch,
};
use crate::{
    db::conn::Conn,
    error::{Error, Result},
    model::searchable,
};

/// So many documents are ranked; fewer are shown.
const RANKED: usize = 400;
/// What has a smaller part of the best score is left out.
const TAIL: f32 = 0.2;

/// What someone wants to find.
#[derive(Debug, Clone)]
pub struct SearchRequest {
    pub text: String,
    pub audience: Audience,
    pub offset: usize,
    pub limit: usize,
    pub typing: bool,
    /// Only results of this kind.
    pub kind: Option<ResultKind>,
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
    /// What answers by itself; for visitors, on the first page of all results.
    pub(crate) answer: Option<Answer>,
    pub(crate) hits: Vec<SearchHit>,
    pub(crate) total: usize,
    /// The same, the limit to one kind aside.
    pub(crate) all: usize,
    /// How many of each kind there are, the limit to one kind aside; kinds without any are left out.
    pub(crate) kinds: Vec<(ResultKind, usize)>,
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
                self.give_up(index, &error);
                return Ok(None);
            }
        };
        if searchable::newest(db).await?.id > followed {
            retain_live(db, &mut found).await?;
        }
        Ok(Some(found))
    }

    /// Says that an index cannot be asked, and has it made again.
    pub(super) fn give_up(&self, index: IndexKind, error: &Error) {
        tracing::error!(%error, index = index.as_str(), "the search index cannot be asked");
        self.report_damage(index);
    }

    /// Public pages that resemble the path `path`, the most alike first. None while there is no index.
    pub(crate) async fn near(&self, db: &Conn, path: &str, limit: usize) -> Result<Option<Vec<IndexedDocument>>> {
        let last = path.trim_matches('/').rsplit('/').next().unwrap_or_default();
        let text = last.replace(['-', '_', '.'], " ");
        let request = SearchRequest { text, audience: Audience::Public, offset: 0, limit, typing: true, kind: None };
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
    if let Some(answer) = &found.answer
        && !searchable::is_live(db, answer.document.id, answer.document.revision).await?
    {
        found.answer = None;
    }
    Ok(())
}

fn run_query(snapshot: &Snapshot, request: &SearchRequest) -> Result<SearchResults> {
    let Snapshot { searcher, fields, .. } = snapshot;
    let mut typed = ParsedQuery::read(&request.text, snapshot.stemming);
    let vocabulary = Vocabulary { searcher, fields, audience: request.audience };
    typed.find_concepts(&snapshot.synonyms);
    spelling::look_up(&vocabulary, &mut typed, request.typing)?;
    typed.find_concepts(&snapshot.synonyms);
    let mut has_all = has_all(snapshot, request, &typed)?;
    if !has_all && !request.typing && take_last_as_beginning(&mut typed) {
        has_all = self::has_all(snapshot, request, &typed)?;
    }
    let mut best = best_matches(snapshot, request, &typed)?;
    let is_similar = typed.words.iter().any(|word| word.by == WordMatch::Similar && !word.small);
    let meant = if request.typing { None } else { spelling::did_you_mean(&typed) };
    let fit = match (best.total, is_similar, has_all) {
        (1.., true, _) => Fit::Similar,
        (1.., false, false) if !request.typing && typed.concepts.len() > 1 => Fit::AnyWord,
        _ => Fit::Words,
    };
    let (total, all, kinds) = (best.total, best.all, std::mem::take(&mut best.kinds));
    let hits = hits(snapshot, request, best, &Marker::new(&typed))?;
    let is_asked =
        request.audience == Audience::Public && !request.typing && request.offset == 0 && request.kind.is_none();
    // A term answers by its name alone, and does not keep a question below it from answering.
    let first = hits.iter().map(|hit| &hit.document).find(|found| found.kind != ResultKind::Term);
    let answer = if is_asked { answer::find(snapshot, &typed, first)? } else { None };
    Ok(SearchResults { answer, hits, total, all, kinds, fit, meant, only_words: typed.only })
}

/// Takes the last word for the beginning of one. Gives whether it was not taken for that before.
fn take_last_as_beginning(typed: &mut ParsedQuery) -> bool {
    match typed.words.last_mut().filter(|word| word.by == WordMatch::Whole) {
        Some(last) => {
            last.by = WordMatch::Beginning;
            true
        }
        None => false,
    }
}

/// Whether a document has everything that was typed.
fn has_all(snapshot: &Snapshot, request: &SearchRequest, typed: &ParsedQuery) -> Result<bool> {
    let Snapshot { searcher, fields, .. } = snapshot;
    let Some(query) = ranking::with_all(typed, fields) else { return Ok(false) };
    let query = query::restrict_to(request.audience, fields, query);
    Ok(searcher.search(&query, &Count).map_err(index_error)? > 0)
}

#[derive(Default)]
struct Best {
    total: usize,
    all: usize,
    kinds: Vec<(ResultKind, usize)>,
    addresses: Vec<DocAddress>,
}

/// The best documents, as far as they are not much worse than the best one.
fn best_matches(snapshot: &Snapshot, request: &SearchRequest, typed: &ParsedQuery) -> Result<Best> {
    let Snapshot { searcher, fields, .. } = snapshot;
    let Some(query) = ranking::build(typed, fields) else { return Ok(Best::default()) };
    let query = query::restrict_to(request.audience, fields, query);
    let ranked = searcher.search(&query, &TopDocs::with_limit(RANKED).order_by_score()).map_err(index_error)?;
    let mut ranked = by_kind(snapshot, if request.typing { ranked } else { cut_tail(ranked) })?;
    if request.audience != Audience::Public {
        ranked = merge(snapshot, ranked)?;
    }
    let kinds = ResultKind::ALL.into_iter().map(|kind| (kind, ranked.iter().filter(|(of, _)| *of == kind).count()));
    let kinds = kinds.filter(|(_, count)| *count > 0).collect();
    let all = retain_chosen(request, &mut ranked);
    let total = ranked.len();
    let addresses = ranked.into_iter().map(|(_, address)| address).skip(request.offset).take(request.limit).collect();
    Ok(Best { total, all, kinds, addresses })
}

/// Keeps what was asked for, and gives how many results there are of all kinds. Visitors see the best of the terms among other
/// results, and the others when terms alone are asked for: they would crowd out what explains more.
fn retain_chosen(request: &SearchRequest, ranked: &mut Vec<(ResultKind, DocAddress)>) -> usize {
    let terms = ranked.iter().filter(|(kind, _)| *kind == ResultKind::Term).count();
    let mut shown = if request.audience == Audience::Public { terms.min(1) } else { terms };
    let all = ranked.len() - terms + shown;
    ranked.retain(|(kind, _)| match request.kind {
        Some(wanted) => *kind == wanted,
        None if *kind != ResultKind::Term => true,
        None => {
            let is_among_others = shown > 0;
            shown = shown.saturating_sub(1);
            is_among_others
        }
    });
    all
}

/// Without what has little of what was typed. What is found by its name is no measure for the others.
fn cut_tail(mut ranked: Vec<(f32, DocAddress)>) -> Vec<(f32, DocAddress)> {
    let best = ranked.iter().map(|(score, _)| *score).find(|score| *score < NAMED).unwrap_or_default();
    ranked.retain(|(score, _)| *score >= best * TAIL);
    ranked
}

/// The kind of each document.
fn by_kind(snapshot: &Snapshot, ranked: Vec<(f32, DocAddress)>) -> Result<Vec<(ResultKind, DocAddress)>> {
    let segments = snapshot.searcher.segment_readers().iter();
    let columns = segments.map(|segment| segment.fast_fields().u64(schema::KIND)).collect::<tantivy::Result<Vec<_>>>();
    let columns = columns.map_err(index_error)?;
    let kind = |address: DocAddress| {
        let index = columns.get(address.segment_ord as usize).and_then(|column| column.first(address.doc_id));
        let kind = index.and_then(|index| ResultKind::ALL.get(usize::try_from(index).ok()?).copied());
        (kind.unwrap_or(ResultKind::Clause), address)
    };
    Ok(ranked.into_iter().map(|(_, address)| kind(address)).collect())
}

/// A document that is found both as visitors see it and as a draft is one result: the better of the two.
fn merge(snapshot: &Snapshot, ranked: Vec<(ResultKind, DocAddress)>) -> Result<Vec<(ResultKind, DocAddress)>> {
    let Snapshot { searcher, fields, .. } = snapshot;
    let mut seen = HashSet::new();
    let mut merged = Vec::with_capacity(ranked.len());
    for (kind, address) in ranked {
        let document = read_document(searcher, fields, address)?;
        if seen.insert((document.visibility == Visibility::Message, document.id)) {
            merged.push((kind, address));
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
