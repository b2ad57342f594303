//! The two indexes. Visitors are answered from one of its own, so that no draft and no message counts in what they see:
//! neither in scores nor in suggested words.

use super::index_document::Visibility;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IndexKind {
    /// What visitors search: live versions and nothing else.
    Public,
    /// What the admin area searches: everything.
    Admin,
}

impl IndexKind {
    pub(crate) const ALL: [Self; 2] = [Self::Public, Self::Admin];

    /// Its directory below the one of the search; its name in the log.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Admin => "admin",
        }
    }

    /// Whether it has what is for these.
    pub(crate) fn holds(self, visibility: Visibility) -> bool {
        self == Self::Admin || visibility == Visibility::Public
    }
}
