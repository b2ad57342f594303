//! Keys of the core fields: those that are columns of `revision`, because SQL reads them. Every other value is in its
//! column `fields`.

/// Title of a page, or the question.
pub const TITLE: &str = "title";
/// Lead paragraph.
pub const SUMMARY: &str = "summary";
/// The text, or the answer.
pub const BODY: &str = "body";
/// What this revision changes, in its author's words.
pub const NOTE: &str = "note";
/// Category of an FAQ item: its id.
pub const CATEGORY: &str = "category";
/// Last part of the address of a page; the fragment of an FAQ item.
pub const SLUG: &str = "slug";
/// Clause or part number.
pub const NUMBER: &str = "number";
/// Short label for menus; empty for the title.
pub const MENU_LABEL: &str = "menu_label";
/// A name of [`Menu`](super::choices::Menu).
pub const MENU: &str = "menu";
/// A name of [`Layout`](super::choices::Layout).
pub const LAYOUT: &str = "layout";
/// Who keeps it right: a role or a name.
pub const OWNER: &str = "owner";
/// When it has to be looked at again, `YYYY-MM-DD`.
pub const REVIEW_BY: &str = "review_by";

/// All of them.
pub const CORE: [&str; 12] =
    [TITLE, SUMMARY, BODY, NOTE, CATEGORY, SLUG, NUMBER, MENU_LABEL, MENU, LAYOUT, OWNER, REVIEW_BY];
