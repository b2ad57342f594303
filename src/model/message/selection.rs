//! Which messages a user means who changes many at once.

use super::inbox::{self, MessageFilter};
use crate::{db::conn::Conn, error::Result, model::seen_version::SeenVersion};

/// Most messages of a whole list that are changed at once.
pub(crate) const MOST: usize = 2000;

#[derive(Debug, Clone)]
pub(crate) enum MessageSelection {
    /// Each with the version that was shown.
    Ticked(Vec<SeenVersion>),
    /// All of a list up to this id, which was the newest one when it was shown: what came since is not meant.
    UpTo(i64),
}

impl MessageSelection {
    /// The messages with their versions; of a whole list at most [`MOST`].
    pub(crate) async fn messages(&self, db: &Conn, filter: &MessageFilter) -> Result<Vec<SeenVersion>> {
        match self {
            Self::Ticked(messages) => Ok(messages.clone()),
            Self::UpTo(last) => inbox::versions(db, filter, *last, i64::try_from(MOST).unwrap_or(i64::MAX)).await,
        }
    }

    #[must_use]
    pub(crate) const fn is_whole_list(&self) -> bool {
        matches!(self, Self::UpTo(_))
    }
}
