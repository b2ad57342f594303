//! The fields of the index and what each is for. A change here needs a new `VERSION`.

use tantivy::{
    Index,
    schema::{FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions},
};

use super::{stemming::Stemming, tokenizer};

/// Another version on disk means that the index is rebuilt.
pub(crate) const VERSION: u32 = 9;

/// Name of the field with the kind of a document.
pub(super) const KIND: &str = "kind";

#[derive(Debug, Clone, Copy)]
pub(crate) struct IndexFields {
    /// What it was made from: `live:12`, `draft:12`, `message:7`. To replace and delete by.
    pub key: Field,
    /// Who may find it; see `index_document::Visibility`.
    pub visibility: Field,
    /// Its place in `ResultKind::ALL`.
    pub kind: Field,
    pub number: Field,
    pub name: Field,
    pub title: Field,
    pub headings: Field,
    pub text: Field,
    pub title_words: Field,
    /// All words as they are: for prefixes, typing errors, and “did you mean”.
    pub words: Field,
    pub shown: Field,
}

#[must_use]
pub(crate) fn schema() -> (Schema, IndexFields) {
    let mut builder = Schema::builder();
    let with = |analysis: &str, option| {
        let indexing = TextFieldIndexing::default().set_tokenizer(analysis);
        TextOptions::default().set_indexing_options(indexing.set_index_option(option))
    };
    let text = |analysis: &str| with(analysis, IndexRecordOption::WithFreqs);
    // With positions, because synonyms are phrases.
    let phrases = || with(tokenizer::STEM, IndexRecordOption::WithFreqsAndPositions);
    let fields = IndexFields {
        key: builder.add_text_field("key", STRING),
        visibility: builder.add_text_field("visibility", STRING),
        kind: builder.add_u64_field(KIND, FAST),
        number: builder.add_text_field("number", STRING),
        name: builder.add_text_field("name", with(tokenizer::NAME, IndexRecordOption::Basic)),
        title: builder.add_text_field("title", phrases()),
        headings: builder.add_text_field("headings", phrases()),
        text: builder.add_text_field("text", phrases()),
        title_words: builder.add_text_field("title_words", text(tokenizer::EXACT)),
        words: builder.add_text_field("words", text(tokenizer::EXACT)),
        shown: builder.add_text_field("shown", STORED),
    };
    (builder.build(), fields)
}

/// Tells an index how to analyse.
pub(crate) fn register(index: &Index, stemming: Stemming) {
    index.tokenizers().register(tokenizer::EXACT, tokenizer::exact());
    index.tokenizers().register(tokenizer::NAME, stemming.name_analyzer());
    index.tokenizers().register(tokenizer::STEM, stemming.analyzer());
}
