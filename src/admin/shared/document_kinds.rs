//! The kinds of document as the admin area knows them: the paths of their screens, and the words that differ. What the
//! editor shows around the form, and the preview, are in the kind's folder in `documents`.

use axum_extra::routing::TypedPath;
use serde::Deserialize;

use crate::model::document::kind::DocumentKind;

/// The paths of the editor of one kind of document.
pub(crate) struct DocumentPaths {
    pub(crate) list: &'static str,
    pub(crate) new: &'static str,
    pub(crate) new_preview: &'static str,
    pub(crate) new_draft: &'static str,
    pub(crate) new_checks: &'static str,
    pub(crate) edit: &'static str,
    pub(crate) preview: &'static str,
    pub(crate) draft: &'static str,
    pub(crate) checks: &'static str,
    pub(crate) unpublish: &'static str,
    pub(crate) delete: &'static str,
    /// The same done with several.
    pub(crate) bulk: &'static str,
}

/// The list of a kind of document, and the paths of its editor.
macro_rules! documents {
    ($list:literal $name:ident $paths:ident) => {
        #[derive(Debug, Clone, Deserialize, TypedPath)]
        #[typed_path($list)]
        pub(crate) struct $name;

        const $paths: DocumentPaths = DocumentPaths {
            list: $list,
            new: concat!($list, "/new"),
            new_preview: concat!($list, "/new/preview"),
            new_draft: concat!($list, "/new/draft"),
            new_checks: concat!($list, "/new/checks"),
            edit: concat!($list, "/{id}"),
            preview: concat!($list, "/{id}/preview"),
            draft: concat!($list, "/{id}/draft"),
            checks: concat!($list, "/{id}/checks"),
            unpublish: concat!($list, "/{id}/unpublish"),
            delete: concat!($list, "/{id}/delete"),
            bulk: concat!($list, "/bulk"),
        };
    };
}

documents!("/admin/pages" PagesPath PAGE_PATHS);
documents!("/admin/faq" FaqPath FAQ_ITEM_PATHS);

pub(crate) struct KindScreens {
    pub(crate) kind: DocumentKind,
    pub(crate) paths: DocumentPaths,
    pub(crate) list_label: &'static str,
    /// What the preview shows, and how wide it is at first.
    pub(crate) preview_title: &'static str,
    pub(crate) preview_width: &'static str,
    /// What says where it is, in sentences, and the sign before that.
    pub(crate) path_label: &'static str,
    pub(crate) path_prefix: &'static str,
    /// Where links to it lead when it is unpublished, and when it is in the trash.
    pub(crate) links_unpublished: &'static str,
    pub(crate) links_trashed: &'static str,
}

/// The table, in the order of the enum.
pub(crate) const KINDS: [KindScreens; DocumentKind::ALL.len()] = [
    KindScreens {
        kind: DocumentKind::Page,
        paths: PAGE_PATHS,
        list_label: "Pages",
        preview_title: "Preview of the page as visitors would see it",
        preview_width: "desktop",
        path_label: "path",
        path_prefix: "",
        links_unpublished: "will lead nowhere",
        links_trashed: "will lead to a page that says it was deleted",
    },
    KindScreens {
        kind: DocumentKind::FaqItem,
        paths: FAQ_ITEM_PATHS,
        list_label: "Items",
        preview_title: "Preview of the answer as visitors would see it",
        preview_width: "phone",
        path_label: "slug",
        path_prefix: "#",
        links_unpublished: "will lead to its page, but not to it",
        links_trashed: "will lead to its page, but not to it",
    },
];

#[must_use]
pub(crate) const fn screens(kind: DocumentKind) -> &'static KindScreens {
    &KINDS[kind as usize]
}

/// The kind whose editor sends its form to this path.
#[must_use]
pub(crate) fn edited_at(path: &str) -> Option<DocumentKind> {
    let row = KINDS.iter().find(|row| {
        let below = path.strip_prefix(row.paths.list).and_then(|below| below.strip_prefix('/'));
        below.is_some_and(|below| below == "new" || below.parse::<i64>().is_ok())
    });
    row.map(|row| row.kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_in_the_order_of_the_enum() {
        assert!(DocumentKind::ALL.into_iter().all(|kind| screens(kind).kind == kind));
        assert_eq!(edited_at("/admin/faq/7"), Some(DocumentKind::FaqItem));
        assert_eq!(edited_at("/admin/pages/new"), Some(DocumentKind::Page));
        assert_eq!((edited_at("/admin/pages/7/move"), edited_at("/admin/faq/categories")), (None, None));
    }
}
