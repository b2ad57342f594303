//! Keys of the core fields: those that are columns of `revision`, because SQL reads them. Every other value is in its
//! column `fields`.

/// Title of a page, or the question.
pub const TITLE: &str = "title";
pub(crate) const SUMMARY: &str = "summary";
/// The text, or the answer.
pub const BODY: &str = "body";
/// What this revision changes, in its author's words.
pub(crate) const CHANGE_NOTE: &str = "note";
/// Category of an FAQ item: its id.
pub const CATEGORY: &str = "category";
/// Last part of the path of a page; the fragment of an FAQ item.
pub const SLUG: &str = "slug";
pub(crate) const CLAUSE_NUMBER: &str = "number";
/// Short label for menus; empty for the title.
pub(crate) const MENU_LABEL: &str = "menu_label";
/// A name of [`Menu`](super::choices::Menu).
pub(crate) const MENU: &str = "menu";
/// A name of [`Layout`](super::choices::Layout).
pub(crate) const LAYOUT: &str = "layout";
/// Who is responsible for it: a role or a name.
pub(crate) const OWNER: &str = "owner";
/// When it is due for review, `YYYY-MM-DD`.
pub(crate) const REVIEW_BY: &str = "review_by";

/// What visitors type when it is what they need; no core field.
pub(crate) const SEARCH_WORDS: &str = "search_words";

/// What the titles of a page and of the numbered pages below it begin with where they have nothing around them; no core field.
pub(crate) const TITLE_PREFIX: &str = "title_prefix";

/// Within how many working days messages to a page with the form are answered; no core field.
pub(crate) const ANSWER_DAYS: &str = "answer_days";

/// A name of [`Drawing`](super::choices::Drawing), or empty.
pub(crate) const DRAWING: &str = "drawing";

/// Words by which pages list this one, separated by commas.
pub(crate) const LABELS: &str = "labels";

/// Whether terms of the glossary stay words in its text.
pub(crate) const PLAIN_TERMS: &str = "plain_terms";

/// Whether it is a template, which is no core field: new documents are made from it, and it is never published.
pub(crate) const TEMPLATE: &str = "template";

/// Key of its type; empty for none.
pub(crate) const TYPE: &str = "type";

pub(crate) const CORE: [&str; 13] = [
    TITLE,
    TYPE,
    SUMMARY,
    BODY,
    CHANGE_NOTE,
    CATEGORY,
    SLUG,
    CLAUSE_NUMBER,
    MENU_LABEL,
    MENU,
    LAYOUT,
    OWNER,
    REVIEW_BY,
];
