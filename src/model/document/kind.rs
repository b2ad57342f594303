//! The kinds of document: what users, the audit log, imports and exports call them. What else differs between them is in `placement`, and in
//! the admin area's own table. Knows no field and no database.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum DocumentKind {
    /// Has a place in the tree of pages.
    Page,
    /// Has a place in a category of a page that shows items.
    FaqItem,
}

/// What can be done with a document of any kind, as the audit log records it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the verbs of the audit log")]
pub(crate) enum DocumentAction {
    Create,
    Save,
    Merge,
    Publish,
    Unpublish,
    Discard,
    UndoDiscard,
    Reorder,
    Delete,
    Restore,
    Republish,
    RestorePublication,
    Schedule,
    CancelSchedule,
    CarryOutSchedule,
    GiveUpSchedule,
    CreatePreviewLink,
    RevokePreviewLink,
    Review,
    SetOwner,
    Comment,
    ResolveComment,
    ReopenComment,
}

const ACTIONS: usize = 23;

impl DocumentAction {
    pub(crate) const ALL: [Self; ACTIONS] = [
        Self::Create,
        Self::Save,
        Self::Merge,
        Self::Publish,
        Self::Unpublish,
        Self::Discard,
        Self::UndoDiscard,
        Self::Reorder,
        Self::Delete,
        Self::Restore,
        Self::Republish,
        Self::RestorePublication,
        Self::Schedule,
        Self::CancelSchedule,
        Self::CarryOutSchedule,
        Self::GiveUpSchedule,
        Self::CreatePreviewLink,
        Self::RevokePreviewLink,
        Self::Review,
        Self::SetOwner,
        Self::Comment,
        Self::ResolveComment,
        Self::ReopenComment,
    ];
}

struct Row {
    name: &'static str,
    noun: &'static str,
    label: &'static str,
    list_label: &'static str,
    folder: &'static str,
    actions: [&'static str; ACTIONS],
}

macro_rules! row {
    ($name:literal, $noun:literal, $label:literal, $list_label:literal, $folder:literal) => {
        Row {
            name: $name,
            noun: $noun,
            label: $label,
            list_label: $list_label,
            folder: $folder,
            actions: [
                concat!($name, ".create"),
                concat!($name, ".save"),
                concat!($name, ".merge"),
                concat!($name, ".publish"),
                concat!($name, ".unpublish"),
                concat!($name, ".discard"),
                concat!($name, ".undo_discard"),
                concat!($name, ".reorder"),
                concat!($name, ".delete"),
                concat!($name, ".restore"),
                concat!($name, ".republish"),
                concat!($name, ".restore_publication"),
                concat!($name, ".schedule"),
                concat!($name, ".cancel_schedule"),
                concat!($name, ".carry_out_schedule"),
                concat!($name, ".give_up_schedule"),
                concat!($name, ".create_preview_link"),
                concat!($name, ".revoke_preview_link"),
                concat!($name, ".review"),
                concat!($name, ".set_owner"),
                concat!($name, ".comment"),
                concat!($name, ".resolve_comment"),
                concat!($name, ".reopen_comment"),
            ],
        }
    };
}

/// The table of kinds, in the order of the enum.
const ROWS: [Row; DocumentKind::ALL.len()] =
    [row!("page", "page", "Page", "Pages", "pages"), row!("faq_item", "question", "Question", "Questions", "items")];

impl DocumentKind {
    pub const ALL: [Self; 2] = [Self::Page, Self::FaqItem];

    const fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// Its name in the database and the audit log.
    #[must_use]
    pub(crate) const fn as_str(self) -> &'static str {
        self.row().name
    }

    #[must_use]
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// What users call a document of this kind.
    #[must_use]
    pub(crate) const fn noun(self) -> &'static str {
        self.row().noun
    }

    /// The same for one search result.
    #[must_use]
    pub(crate) const fn label(self) -> &'static str {
        self.row().label
    }

    /// The heading of such results.
    #[must_use]
    pub(crate) const fn list_label(self) -> &'static str {
        self.row().list_label
    }

    /// The folder of an import or export that holds documents of this kind.
    #[must_use]
    pub(crate) const fn folder(self) -> &'static str {
        self.row().folder
    }

    #[must_use]
    pub(crate) fn from_folder(folder: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.folder() == folder)
    }

    /// The audit log's name for something done to a document of this kind.
    #[must_use]
    pub(crate) const fn action(self, action: DocumentAction) -> &'static str {
        self.row().actions[action as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_in_the_order_of_their_enums() {
        for (at, kind) in DocumentKind::ALL.into_iter().enumerate() {
            assert_eq!((kind as usize, DocumentKind::from_name(kind.as_str())), (at, Some(kind)));
            assert_eq!((kind as usize, DocumentKind::from_folder(kind.folder())), (at, Some(kind)));
        }
        for (at, action) in DocumentAction::ALL.into_iter().enumerate() {
            assert_eq!(action as usize, at);
        }
        assert_eq!((DocumentKind::Page.noun(), DocumentKind::FaqItem.noun()), ("page", "question"));
        assert_eq!(DocumentKind::FaqItem.action(DocumentAction::UndoDiscard), "faq_item.undo_discard");
        assert_eq!(DocumentKind::Page.action(DocumentAction::Restore), "page.restore");
    }
}
