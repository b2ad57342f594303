//! Paging through a list by key: what came before an entry or after it, never "the third page", so that
//! a list that grows meanwhile neither repeats nor skips anything.

/// Where a page of a list begins or ends. In lists with the newest first, older entries are before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cursor<K = i64> {
    Before(K),
    After(K),
}

/// What is next to an entry of a list, on both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Neighbours {
    pub(crate) before: Option<i64>,
    pub(crate) after: Option<i64>,
}

impl Default for Cursor {
    fn default() -> Self {
        Self::Before(i64::MAX)
    }
}
