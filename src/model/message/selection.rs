//! Which messages a user means who changes many at once.

use super::inbox::{self, MessageFilter, MessageState};
use crate::{db::conn::Conn, error::Result, model::seen_version::SeenVersion};

/// Most messages of a whole list that are changed at once.
pub(crate) const MOST: usize = 2000;

#[derive(Debug, Clone)]
pub(crate) enum MessageSelection {
    /// Each with the version that was shown.
    Ticked(Vec<SeenVersion>),
    /// All of a list up to this id, which was the newest one when it was shown: what came since is not meant.
    UpTo { last: i64 },
}

impl MessageSelection {
    /// The messages with their versions; of a whole list those to which something `applies`, at most [`MOST`].
    pub(crate) async fn messages(
        &self,
        db: &Conn,
        filter: &MessageFilter,
        applies: impl Fn(&MessageState) -> bool,
    ) -> Result<Vec<SeenVersion>> {
        let mut last = match self {
            Self::Ticked(messages) => return Ok(messages.clone()),
            Self::UpTo { last } => *last,
        };
        let mut found = Vec::new();
        loop {
            let states = inbox::states(db, filter, last, i64::try_from(MOST).unwrap_or(i64::MAX)).await?;
            let is_end = states.len() < MOST;
            last = states.last().map_or(0, |oldest| oldest.id.saturating_sub(1));
            let meant = states.into_iter().filter(&applies);
            found.extend(meant.map(|state| SeenVersion { id: state.id, version: state.version }));
            if is_end || found.len() >= MOST {
                found.truncate(MOST);
                return Ok(found);
            }
        }
    }

    /// How many messages a whole list has by now; none when they are ticked.
    pub(crate) async fn count(&self, db: &Conn, filter: &MessageFilter) -> Result<Option<i64>> {
        match self {
            Self::Ticked(_) => Ok(None),
            Self::UpTo { last } => Ok(Some(inbox::count_up_to(db, filter, *last).await?)),
        }
    }

    #[must_use]
    pub(crate) const fn is_whole_list(&self) -> bool {
        matches!(self, Self::UpTo { .. })
    }
}
