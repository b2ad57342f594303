//! What a form of the admin area calls its fields and buttons, read from its own template: a page that shows again what
//! was sent uses the same words.

use crate::state::templates::Templates;

/// The template with the form that is sent to a path, by the beginning and the end of the path; the first that fits.
const FORMS: [(&str, &str, &str); 10] = [
    ("/admin/pages/", "/move", "admin/pages/move.html"),
    ("/admin/pages/", "", "admin/pages/edit.html"),
    ("/admin/faq/categories", "", "admin/faq/category.html"),
    ("/admin/faq/", "", "admin/faq/item.html"),
    ("/admin/messages/retention", "", "admin/messages/retention.html"),
    ("/admin/messages/", "", "admin/messages/show.html"),
    ("/admin/settings", "", "admin/settings.html"),
    ("/admin/account", "", "admin/account.html"),
    ("/admin/users/", "", "admin/users/show.html"),
    ("/admin/users", "", "admin/users/new.html"),
];

/// Buttons whose label no template holds, by the value that they send.
const BUTTONS: [(&str, &str); 6] = [
    ("publish", "Publish"),
    ("review", "Publish"),
    ("open", "Mark as read, or reopen"),
    ("archived", "Archive"),
    ("spam", "Mark as spam"),
    ("unread", "Mark as unread"),
];

/// The words of one form.
pub struct FormLabels(String);

impl FormLabels {
    /// Of the form that is sent to `path`.
    #[must_use]
    pub fn of(templates: &Templates, path: &str) -> Self {
        let form = FORMS.into_iter().find(|(start, end, _)| path.starts_with(start) && path.ends_with(end));
        Self(form.and_then(|(.., template)| templates.source(template)).unwrap_or_default())
    }

    /// The label of a field; made of its name when the form has none.
    #[must_use]
    pub fn field(&self, name: &str) -> String {
        self.macro_label(name).or_else(|| self.plain_label(name)).map_or_else(|| from_name(name), ToOwned::to_owned)
    }

    /// The label in a call such as `text("title", "Title", …)`.
    fn macro_label(&self, name: &str) -> Option<&str> {
        let (_, rest) = self.0.split_once(&format!("(\"{name}\", \""))?;
        rest.split('"').next()
    }

    /// The label in `<label for="field-parent">`.
    fn plain_label(&self, name: &str) -> Option<&str> {
        let (_, rest) = self.0.split_once(&format!("<label for=\"field-{name}\">"))?;
        rest.split('<').next()
    }

    /// The label of the button that sends `do` with this value; empty when it has none.
    #[must_use]
    pub fn button(&self, value: &str) -> String {
        let in_form = || {
            let (_, rest) = self.0.split_once(&format!("name=\"do\" value=\"{value}\""))?;
            let (button, _) = rest.split_once("</button>")?;
            let (_, label) = button.rsplit_once('>')?;
            (!label.contains('{')).then_some(label)
        };
        let known = || BUTTONS.into_iter().find(|(known, _)| *known == value).map(|(_, label)| label);
        in_form().or_else(known).unwrap_or_default().to_owned()
    }
}

/// `menu_label` for people: `Menu label`.
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
        let templates = Templates::default();
        let of = |path| FormLabels::of(&templates, path);
        assert_eq!(of("/admin/pages/7").field("slug"), "Address");
        assert_eq!(of("/admin/pages/new").field("body"), "Text");
        assert_eq!(of("/admin/pages/7/move").field("parent"), "Below which page");
        assert_eq!(of("/admin/faq/new").field("title"), "Question");
        assert_eq!(of("/admin/faq/categories/new").field("title"), "Title");
        assert_eq!(of("/admin/users").field("email"), "E-mail address");
        assert_eq!(of("/admin/elsewhere").field("menu_label"), "Menu label");
        assert_eq!(of("/admin/pages/7").button("publish"), "Publish");
        assert_eq!(of("/admin/faq/7").button("save"), "Save");
        assert_eq!(of("/admin/messages/7").button("note"), "Add the note");
        assert_eq!(of("/admin/messages/7").button("archived"), "Archive");
        assert_eq!(of("/admin/messages/7").button("x\"y"), "");
    }
}
