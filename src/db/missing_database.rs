//! What is said when a database is not what it was when it was opened.

use std::fmt;

/// A database that was opened and is not in its place any more, or not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MissingDatabase {
    pub(super) sentence: String,
    pub(crate) loss: Loss,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
    /// The file itself is gone or another one.
    File,
    /// The file itself is where it was; only what lay beside it is gone, or an empty file is in its place.
    Beside,
    /// The files are where they were, and what is in them is damaged.
    Damage,
}

impl MissingDatabase {
    /// Another database is at the address of the one that was opened.
    pub(super) fn replaced(address: impl fmt::Display) -> Self {
        let sentence = format!(
            "The database {address} is not the one that was opened: it lacks what was read in it before, so nothing is \
             written any more. See to it that the right database is there, and start Plinth again"
        );
        Self { sentence, loss: Loss::File }
    }

    /// A newer program has changed the form of the database.
    pub(super) fn outdated(address: impl fmt::Display) -> Self {
        let sentence = format!(
            "The database {address} was brought up to date by a newer Plinth, so this node writes nothing any more. Start \
             the newer program here too"
        );
        Self { sentence, loss: Loss::File }
    }

    #[must_use]
    pub(crate) fn is_damage(&self) -> bool {
        self.loss == Loss::Damage
    }
}

impl fmt::Display for MissingDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for MissingDatabase {}
