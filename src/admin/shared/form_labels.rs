//! The labels of fields and buttons of the admin area's forms, read from their templates, so that a page that shows
//! again what was sent uses the same words.

use axum_extra::routing::TypedPath;

use super::document_kinds;
use crate::{
    admin::paths::{
        AccountPasswordPath, AccountPath, DocumentCommentsPath, EditTypePath, FaqCategoryPath, MessagePath,
        MessageRetentionPath, MovePagePath, NewFaqCategoryPath, NewTypeFieldPath, NewTypePath, SettingsPath,
        TypeFieldPath, UserPath, UserRolePath, UsersPath,
    },
    model::document::fields::{DocumentFields, FieldTable},
    state::templates::Templates,
};

/// The template with the form that is sent to each path.
const FORMS: [(&str, &str); 16] = [
    (DocumentCommentsPath::PATH, "admin/documents/comments.html"),
    (MovePagePath::PATH, "admin/pages/move.html"),
    (NewFaqCategoryPath::PATH, "admin/faq/category.html"),
    (FaqCategoryPath::PATH, "admin/faq/category.html"),
    (NewTypePath::PATH, "admin/types/form.html"),
    (EditTypePath::PATH, "admin/types/form.html"),
    (NewTypeFieldPath::PATH, "admin/types/field.html"),
    (TypeFieldPath::PATH, "admin/types/field.html"),
    (MessageRetentionPath::PATH, "admin/messages/retention.html"),
    (MessagePath::PATH, "admin/messages/show.html"),
    (SettingsPath::PATH, "admin/settings/edit.html"),
    (AccountPath::PATH, "admin/account/edit.html"),
    (AccountPasswordPath::PATH, "admin/account/password.html"),
    (UserPath::PATH, "admin/users/show.html"),
    (UserRolePath::PATH, "admin/users/show.html"),
    (UsersPath::PATH, "admin/users/new.html"),
];

/// Buttons whose label is not in a template, by the value that they send.
const BUTTONS: [(&str, &str); 6] = [
    ("publish", "Publish"),
    ("review", "Publish"),
    ("open", "Mark as read, or reopen"),
    ("archived", "Archive"),
    ("spam", "Mark as spam"),
    ("unread", "Mark as unread"),
];

/// The form of documents of every kind.
const DOCUMENT_FORM: &str = "admin/documents/edit.html";

fn is_of(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(expected), Some(part)) if expected.starts_with('{') || expected == part => {}
            _ => return false,
        }
    }
}

pub(crate) struct FormLabels {
    /// The fields of a document, which no template names.
    fields: Option<DocumentFields>,
    template: String,
}

impl FormLabels {
    /// Of the form that is sent to `path`; `table` holds the fields of documents.
    #[must_use]
    pub(crate) fn of(templates: &Templates, table: &FieldTable, path: &str) -> Self {
        let fields = document_kinds::edited_at(path).map(|kind| table.of_all_types(kind));
        let form = FORMS.into_iter().find(|(pattern, _)| is_of(pattern, path));
        let template = fields.as_ref().map(|_| DOCUMENT_FORM).or_else(|| form.map(|(_, template)| template));
        Self { fields, template: template.and_then(|name| templates.source(name)).unwrap_or_default() }
    }

    /// Whether a field of a type of documents has this name.
    #[must_use]
    pub(crate) fn is_of_type(&self, name: &str) -> bool {
        let key = name.split_once('.').map_or(name, |(key, _)| key);
        self.fields.as_ref().and_then(|fields| fields.get(key)).is_some_and(|field| field.is_of_type)
    }

    /// The label of a field; made from its name when the form has none.
    #[must_use]
    pub(crate) fn field(&self, name: &str) -> String {
        // A text that clashes is sent in numbered parts.
        let key = name.split_once('.').map_or(name, |(key, _)| key);
        let of_document = self.fields.as_ref().and_then(|fields| fields.get(key)).map(|field| field.label.as_ref());
        let label = of_document.or_else(|| self.macro_label(name)).or_else(|| self.plain_label(name));
        label.map_or_else(|| from_name(name), ToOwned::to_owned)
    }

    /// The label in a call such as `text("title", "Title", …)`.
    fn macro_label(&self, name: &str) -> Option<&str> {
        let (_, rest) = self.template.split_once(&format!("(\"{name}\", \""))?;
        rest.split('"').next()
    }

    /// The label in `<label for="field-parent">`.
    fn plain_label(&self, name: &str) -> Option<&str> {
        let (_, rest) = self.template.split_once(&format!("<label for=\"field-{name}\">"))?;
        rest.split('<').next()
    }

    /// The label of the button that sends `do` with this value; empty when it has none.
    #[must_use]
    pub(crate) fn button(&self, value: &str) -> String {
        let in_form = || {
            let (_, rest) = self.template.split_once(&format!("name=\"do\" value=\"{value}\""))?;
            let (button, _) = rest.split_once("</button>")?;
            let (_, label) = button.rsplit_once('>')?;
            (!label.contains('{')).then_some(label)
        };
        let known = || BUTTONS.into_iter().find(|(known, _)| *known == value).map(|(_, label)| label);
        in_form().or_else(known).unwrap_or_default().to_owned()
    }
}

/// `menu_label` for users: `Menu label`.
fn from_name(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_form() {
        let (templates, table) = (Templates::default(), FieldTable::default());
        let of = |path| FormLabels::of(&templates, &table, path);
        assert_eq!(of("/admin/pages/7").field("slug"), "Slug");
        assert_eq!(of("/admin/pages/new").field("body"), "Text");
        assert_eq!(of("/admin/pages/7/move").field("parent"), "Below which page");
        assert_eq!(of("/admin/faq/new").field("title"), "Question");
        assert_eq!(of(NewFaqCategoryPath::PATH).field("title"), "Title");
        assert_eq!(of(UsersPath::PATH).field("email"), "E-mail address");
        assert_eq!(of("/admin/elsewhere").field("menu_label"), "Menu label");
        assert_eq!(of("/admin/pages/7").button("publish"), "Publish");
        assert_eq!(of("/admin/faq/7").button("save"), "Save");
        assert_eq!(of("/admin/messages/7").button("note"), "Add the note");
        assert_eq!(of("/admin/messages/7").button("archived"), "Archive");
        assert_eq!(of("/admin/messages/7").button("x\"y"), "");
    }
}
