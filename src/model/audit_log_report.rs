//! What a check of the audit log found, and the sentences about it. Reads nothing.

use super::{audit_log::AuditHead, stored_content::StoredKind};

/// The first thing that does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Discrepancy {
    /// The entry, or one before it, was changed or removed.
    Entry(i64),
    /// It is not as it was when it was stored.
    Changed(StoredKind, i64),
    /// The log says that it was stored, but it is missing.
    Missing(StoredKind, i64),
    /// It is there, but the log does not name it.
    Unrecorded(StoredKind, i64),
    /// Visitors see another revision of this document than the one that was published.
    Live(i64),
    /// Editors see another revision of this document as its newest than the recorded one.
    Newest(i64),
    /// The log names revisions of this document, but it is missing.
    Gone(i64),
    /// A table with rows below number 1.
    Numbers(&'static str),
}

impl Discrepancy {
    /// What it means, for users.
    #[must_use]
    pub fn sentence(&self) -> String {
        let what = |kind: StoredKind, id: i64| match kind {
            StoredKind::Revision => format!("Revision {id}"),
            StoredKind::Publication => format!("Publication {id}"),
            StoredKind::PublicationEnd => format!("The end of publication {id}"),
            StoredKind::Newest => format!("Revision {id}, the newest of its document again,"),
            StoredKind::Review => format!("The review of document {id}"),
            StoredKind::Owner => format!("The owner of document {id}"),
            StoredKind::Type => format!("Version {id} among those of types"),
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
            Self::Newest(id) => format!("The newest revision of document {id} is not the one that was recorded."),
            Self::Gone(id) => format!("Document {id} was recorded, but it is not in the database."),
            Self::Numbers(table) => {
                format!("The table “{table}” has rows numbered below 1, a number that Plinth never gives.")
            }
        }
    }
}

/// Whether a head that was noted earlier is still part of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EarlierHead {
    /// It is: nothing up to it was changed since.
    Part,
    /// Its hash is there under this number: the noted number is mistyped, or entries were renumbered.
    Elsewhere(i64),
    /// There is another entry with its number.
    Differs,
    Missing,
    /// The log does not reach that far; this is its newest entry. The number is mistyped, or entries were removed.
    Ahead(i64),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub entries: i64,
    pub head: Option<AuditHead>,
    /// The head that was noted earlier, and whether it is still part of the log.
    pub earlier: Option<(AuditHead, EarlierHead)>,
    /// The first thing that does not fit.
    pub discrepancy: Option<Discrepancy>,
}

impl Report {
    #[must_use]
    pub fn is_good(&self) -> bool {
        let kept = |earlier: &EarlierHead| *earlier == EarlierHead::Part;
        self.discrepancy.is_none() && self.earlier.as_ref().is_none_or(|(_, earlier)| kept(earlier))
    }

    /// What was found, for users: one sentence after the other.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        if let Some((head, earlier)) = &self.earlier {
            let id = head.id;
            sentences.push(match earlier {
                EarlierHead::Part if self.discrepancy.is_none() => {
                    format!("Entry {id} is the one that you noted: nothing up to it was changed since.")
                }
                EarlierHead::Part => format!("Entry {id} has the hash that you noted."),
                EarlierHead::Elsewhere(other) => format!(
                    "The hash that you noted is not that of entry {id} but that of entry {other}: check the number. If it is \
                     right, entries were renumbered since."
                ),
                EarlierHead::Differs => {
                    format!("Entry {id} is not the one that you noted: the audit log was rewritten since.")
                }
                EarlierHead::Missing => format!(
                    "Entry {id}, which you noted, is not in the audit log any more: entries were removed since."
                ),
                EarlierHead::Ahead(newest) => ahead(head, *newest),
            });
        }
        sentences.extend(self.discrepancy.map(|discrepancy| discrepancy.sentence()));
        sentences
    }
}

/// What to say of an earlier head whose number is above that of the newest entry.
#[must_use]
pub(crate) fn ahead(head: &AuditHead, newest: i64) -> String {
    let id = head.id;
    format!(
        "There is no entry {id} yet; the newest is {newest}. Check the number. If it is right, entries were removed."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_noted_head_proves_nothing_where_something_else_is_wrong() {
        let head = AuditHead { id: 7, hash: "ab".to_owned() };
        let mut report = Report { entries: 9, head: None, earlier: Some((head, EarlierHead::Part)), discrepancy: None };
        assert_eq!(report.sentences(), ["Entry 7 is the one that you noted: nothing up to it was changed since."]);
        report.discrepancy = Some(Discrepancy::Entry(8));
        let sentences = report.sentences();
        assert_eq!((sentences.len(), &*sentences[0]), (2, "Entry 7 has the hash that you noted."));
    }
}
