//! Templates: documents that new ones are made from. They have the field `template`, are never published, and live where
//! other documents do. A copy of any other document is made the same way.

use super::{
    content::Content,
    input::DocumentInput,
    keys::{self, TEMPLATE},
    kind::DocumentKind,
};
use crate::{db::conn::Conn, error::Result};

#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Template {
    pub(crate) id: i64,
    pub(crate) title: String,
}

#[must_use]
pub(crate) fn is_template(content: &Content) -> bool {
    content.extra.get(TEMPLATE) == "yes"
}

/// At most `limit` templates of a kind, by title. Each is among the unpublished documents.
pub(crate) async fn list(db: &Conn, kind: DocumentKind, limit: i64) -> Result<Vec<Template>> {
    Ok(db
        .all(
            "select d.id, r.title from document d join revision r on r.id = d.latest_revision_id \
             where d.trashed_at is null and d.published_revision_id is distinct from d.latest_revision_id \
             and d.kind = $1 and r.fields like '%\"template\":\"yes\"%' order by r.title, d.id limit $2",
            (kind, limit),
        )
        .await?)
}

/// What the form of a new document has in it that is made from another one: everything but the slug, the place in menus, the
/// date of its review and the note on the last change. A template gives no title.
#[must_use]
pub(crate) fn copy(content: &Content) -> DocumentInput {
    let is_template = is_template(content);
    let mut typed = content.to_input();
    for key in [keys::SLUG, keys::MENU, keys::REVIEW_BY, keys::CHANGE_NOTE, TEMPLATE] {
        typed.set(key, "");
    }
    typed.set(keys::TITLE, if is_template { String::new() } else { format!("Copy of {}", content.title) });
    typed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_all_but_what_only_one_can_have() {
        let original = Content::empty("Course").with(keys::MENU, "main").with(keys::BODY, "Text").with("colour", "red");
        let original = original.with(keys::REVIEW_BY, "2027-06-30");
        let copy = super::copy(&original);
        assert_eq!(
            (copy.get(keys::TITLE), copy.get(keys::BODY), copy.get("colour")),
            ("Copy of Course", "Text", "red")
        );
        assert_eq!((copy.get(keys::SLUG), copy.get(keys::MENU), copy.get(keys::REVIEW_BY)), ("", "", ""));
        let copy = super::copy(&original.with(TEMPLATE, "yes"));
        assert_eq!((copy.get(keys::TITLE), copy.get(TEMPLATE)), ("", ""));
    }
}
