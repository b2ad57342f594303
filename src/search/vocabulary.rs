//! The words of an index that one user could find.

use tantivy::{
    Searcher,
    collector::Count,
    query::{FuzzyTermQuery, Query},
};

use super::{
    index_error::index_error,
    index_store::term,
    query::{self, Audience},
    ranking::has_long_beginning,
    schema::IndexFields,
    word::Word,
};
use crate::error::Result;

/// The words of one index, for one user.
pub(crate) struct Vocabulary<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) fields: &'a IndexFields,
    pub(crate) audience: Audience,
}

impl Vocabulary<'_> {
    /// Whether a text has the word or all of its parts.
    pub(crate) fn has_whole(&self, word: &Word) -> Result<bool> {
        if self.has(&word.stem)? {
            return Ok(true);
        }
        for (_, stem) in &word.parts {
            if !self.has(stem)? {
                return Ok(false);
            }
        }
        Ok(!word.parts.is_empty())
    }

    fn has(&self, stem: &str) -> Result<bool> {
        // Each index for visitors holds nothing but what is public, so its dictionary says enough.
        if self.audience == Audience::Public
            && self.searcher.doc_freq(&term(self.fields.text, stem)).map_err(index_error)? == 0
        {
            return Ok(false);
        }
        self.finds(query::equal(self.fields.text, stem))
    }

    /// Whether a word of a text, or a number, begins like it.
    pub(crate) fn begins(&self, word: &Word) -> Result<bool> {
        let begins = |field| Box::new(FuzzyTermQuery::new_prefix(term(field, &word.exact), 0, true));
        Ok(self.finds(begins(self.fields.title_words))?
            || self.finds(begins(self.fields.number))?
            || has_long_beginning(word) && self.finds(begins(self.fields.words))?)
    }

    /// Whether the user finds anything by `query`.
    pub(crate) fn finds(&self, query: Box<dyn Query>) -> Result<bool> {
        let query = query::restrict_to(self.audience, self.fields, query);
        Ok(self.searcher.search(&query, &Count).map_err(index_error)? > 0)
    }
}
