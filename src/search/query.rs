//! Who may find what: the one function that decides is here. What queries are made of.

use tantivy::{
    query::{BooleanQuery, BoostQuery, ConstScoreQuery, Occur, Query, TermQuery},
    schema::{Field, IndexRecordOption},
};

use super::{index_document::Visibility, index_kind::IndexKind, index_store::term, schema::IndexFields};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    Public,
    /// A signed-in user, and whether they handle messages.
    Admin {
        messages: bool,
    },
    /// A signed-in user who handles messages, and looks for nothing else.
    Messages,
}

impl Audience {
    #[must_use]
    pub(crate) const fn index(self) -> IndexKind {
        match self {
            Self::Public => IndexKind::Public,
            Self::Admin { .. } | Self::Messages => IndexKind::Admin,
        }
    }
}

/// Narrows a query down to what its user may find. Every query of the index goes through here.
#[must_use]
pub(crate) fn restrict_to(audience: Audience, fields: &IndexFields, query: Box<dyn Query>) -> Box<dyn Query> {
    let seen: &[Visibility] = match audience {
        Audience::Public => &[Visibility::Public],
        Audience::Admin { messages: false } => &[Visibility::Public, Visibility::Draft],
        Audience::Messages => &[Visibility::Message],
        Audience::Admin { messages: true } => &[Visibility::Public, Visibility::Draft, Visibility::Message],
    };
    let seen: Vec<Box<dyn Query>> =
        seen.iter().map(|visibility| equal(fields.visibility, visibility.as_str())).collect();
    let allowed = ConstScoreQuery::new(Box::new(BooleanQuery::union(seen)), 0.0);
    Box::new(BooleanQuery::new(vec![(Occur::Must, query), (Occur::Must, Box::new(allowed))]))
}

/// Documents that hold a term, all alike.
#[must_use]
pub(crate) fn equal(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(term(field, text), IndexRecordOption::Basic))
}

pub(super) fn constant_score(query: Box<dyn Query>, score: f32) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, score))
}

pub(super) fn boost(query: Box<dyn Query>, by: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, by))
}
