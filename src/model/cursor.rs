//! Paging through a list by key: what came before an entry or after it, never "the third page", so that
//! a list that grows meanwhile neither repeats nor skips anything.

/// From where on a list is shown; the newest stands first in all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cursor<K = i64> {
    /// Older than this.
    Before(K),
    /// Newer than this, the nearest ones.
    After(K),
}

impl Default for Cursor {
    fn default() -> Self {
        Self::Before(i64::MAX)
    }
}
