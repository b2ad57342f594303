//! What a check of the audit log found, and how it is said. Reads nothing.

use super::{journal::Head, stored_content::Kind};

/// The first thing that does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// The entry, or one before it, was changed or removed.
    Entry(i64),
    /// It says something else than when it was stored.
    Changed(Kind, i64),
    /// The log says that it was stored, and it is not there.
    Missing(Kind, i64),
    /// It is there, and the log does not say so.
    Unrecorded(Kind, i64),
    /// Visitors see another revision of this document than the one that was published.
    Live(i64),
}

impl Finding {
    /// What it means, for people.
    #[must_use]
    pub fn sentence(&self) -> String {
        let what = |kind: Kind, id: i64| match kind {
            Kind::Revision => format!("Revision {id}"),
            Kind::Publication => format!("Publication {id}"),
            Kind::PublicationEnd => format!("The end of publication {id}"),
        };
        match *self {
            Self::Entry(id) => format!("Entry {id} does not fit: it, or an entry before it, was changed or removed."),
            Self::Changed(kind, id) => format!("{} is not what was recorded when it was stored.", what(kind, id)),
            Self::Missing(kind, id) => format!("{} was recorded, but it is not in the database.", what(kind, id)),
            Self::Unrecorded(kind, 0) => {
                format!("There are rows of the kind “{}” that were never recorded.", kind.as_str())
            }
            Self::Unrecorded(kind, id) => format!("{} is in the database, but it was never recorded.", what(kind, id)),
            Self::Live(id) => format!("Visitors see a revision of document {id} that was not published."),
        }
    }
}

/// Whether a head that was noted earlier is still part of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Earlier {
    /// It is: nothing up to it was changed since.
    Part,
    /// There is another entry with its number.
    Differs,
    /// The log does not reach that far any more, or the entry is gone.
    Missing,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How many entries were checked.
    pub entries: i64,
    /// The newest of them.
    pub head: Option<Head>,
    /// The head that was noted earlier, and what became of it.
    pub earlier: Option<(Head, Earlier)>,
    /// The first thing that does not fit.
    pub finding: Option<Finding>,
}

impl Report {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.finding.is_none() && self.earlier.as_ref().is_none_or(|(_, earlier)| *earlier == Earlier::Part)
    }

    /// What was found, for people: one sentence after the other.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        if let Some((head, earlier)) = &self.earlier {
            let id = head.id;
            sentences.push(match earlier {
                Earlier::Part if self.finding.is_none() => {
                    format!("Entry {id} is the one that you noted: nothing up to it was changed since.")
                }
                Earlier::Part => format!("Entry {id} has the hash that you noted."),
                Earlier::Differs => {
                    format!("Entry {id} is not the one that you noted: the audit log was rewritten since.")
                }
                Earlier::Missing => format!(
                    "Entry {id}, which you noted, is not in the audit log any more: entries were removed since."
                ),
            });
        }
        sentences.extend(self.finding.map(|finding| finding.sentence()));
        sentences
    }
}
