//! What the form of a document sends, whatever its kind: the fields, the version they were made from, what was pressed,
//! and, after a conflict, which text was chosen for each field.

use serde::{Deserialize, Serialize};

use crate::{
    error::ValidationErrors,
    model::document::{fields::DocumentFields, input::DocumentInput, keys, revision::Revision, saving::Intent},
};

/// Value of the field `under` for the uppermost level.
pub const TOP: &str = "top";

/// See the file's head.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
pub struct DocumentForm {
    /// The fields of the document; what it does not have counts for nothing.
    #[serde(skip)]
    pub typed: DocumentInput,
    /// The version it was made from.
    pub base: String,
    /// For a new page: the id of the page above; empty or [`TOP`] for the uppermost level.
    pub under: String,
    /// After a clash: the version that what was typed was made from before; otherwise empty.
    pub made_from: String,
    /// For a new page: a part of the title, number or address of the page above, to find it by.
    pub find: String,
    /// `save`; `publish`; `review`, to see first what would become public; `find`, to look for the page above.
    #[serde(rename = "do")]
    pub button: String,
    /// Fields for which a text has to be chosen, by key, and which one was.
    #[serde(skip)]
    pub clashes: Vec<(String, Option<Keep>)>,
}

/// Which of two texts to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// That of the newest version.
    Theirs,
    /// That in the form.
    Yours,
}

impl From<Vec<(String, String)>> for DocumentForm {
    fn from(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        let mut keeps = Vec::new();
        for (name, value) in pairs {
            match name.as_str() {
                "base" => form.base = value,
                "under" => form.under = value,
                "made_from" => form.made_from = value,
                "find" => form.find = value,
                "do" => form.button = value,
                "clash" => form.clashes.push((value, None)),
                _ => match name.strip_prefix("keep_") {
                    Some(key) => keeps.push((key.to_owned(), value)),
                    None => form.typed.set(&name, value),
                },
            }
        }
        for (key, keep) in &mut form.clashes {
            *keep = keeps.iter().find(|(kept, _)| kept == key).and_then(|(_, value)| match value.as_str() {
                "theirs" => Some(Keep::Theirs),
                "yours" => Some(Keep::Yours),
                _ => None,
            });
        }
        form
    }
}

impl DocumentForm {
    /// As the form opens on a stored version. Its note goes on only in the hands of its author, and only until it is
    /// public; every other version needs a note of its own.
    #[must_use]
    pub fn of(newest: &Revision, is_live: bool, user_id: i64) -> Self {
        let mut typed = newest.content.to_input();
        if is_live || newest.author_id != Some(user_id) {
            typed.set(keys::NOTE, "");
        }
        Self { typed, base: newest.version.to_string(), ..Self::default() }
    }

    /// The same for a document that is not saved yet: what is empty has the value that new documents have.
    #[must_use]
    pub fn of_new(mut self, fields: DocumentFields<'_>) -> Self {
        for field in fields.all() {
            if self.typed.get(&field.key).is_empty() {
                self.typed.set(&field.key, field.initial.clone());
            }
        }
        self
    }

    /// What the button that was pressed asks for.
    #[must_use]
    pub fn intent(&self) -> Intent {
        match self.button.as_str() {
            "publish" => Intent::Publish,
            "review" => Intent::Review,
            _ => Intent::Save,
        }
    }

    /// Whether the user pressed "Find pages".
    #[must_use]
    pub fn finds(&self) -> bool {
        self.button == "find"
    }

    /// The version that it was made from; 0 when the field was damaged.
    #[must_use]
    pub fn base(&self) -> i64 {
        self.base.trim().parse().unwrap_or(0)
    }

    /// The version that it was made from before a clash; 0 when there was none.
    #[must_use]
    pub fn made_from(&self) -> i64 {
        self.made_from.trim().parse().unwrap_or(0)
    }

    /// The page above.
    ///
    /// # Errors
    /// When none was chosen.
    pub fn parent(&self) -> Result<Option<i64>, ValidationErrors> {
        match self.under.as_str() {
            "" | TOP => Ok(None),
            id => id
                .parse()
                .map(Some)
                .map_err(|_| ValidationErrors::one("under", "Choose the page above, or the top level")),
        }
    }

    /// Puts the texts of `theirs`, the version the form was made from, where they were chosen.
    ///
    /// # Errors
    /// When no text was chosen for a field; then nothing has changed.
    pub fn resolve(&mut self, fields: DocumentFields<'_>, theirs: &DocumentInput) -> Result<(), ValidationErrors> {
        let mut invalid = ValidationErrors::default();
        for (key, _) in self.clashes.iter().filter(|(_, keep)| keep.is_none()) {
            if let Some(field) = fields.get(key) {
                invalid.add(&format!("keep_{key}"), format!("Choose which {} to keep", field.name()));
            }
        }
        invalid.finish(|| ())?;
        for (key, _) in self.clashes.iter().filter(|(_, keep)| *keep == Some(Keep::Theirs)) {
            self.typed.set(key, theirs.get(key));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(body: &str) -> DocumentForm {
        crate::web::form::read(body.as_bytes()).unwrap()
    }

    #[test]
    fn fields_choices_and_buttons_are_read() {
        let form = form("title=A&body=x&clash=body&keep_body=theirs&clash=title&keep_title=&base=7&do=publish&x=1&x=2");
        assert_eq!((form.typed.get(keys::TITLE), form.base(), form.intent()), ("A", 7, Intent::Publish));
        assert_eq!(form.clashes, [("body".to_owned(), Some(Keep::Theirs)), ("title".to_owned(), None)]);
    }

    #[test]
    fn a_damaged_place_is_never_the_uppermost_level() {
        assert_eq!(form("under=").parent(), Ok(None));
        assert_eq!(form("under=top").parent(), Ok(None));
        assert_eq!(form("under=7").parent(), Ok(Some(7)));
        assert!(form("under=x").parent().is_err());
    }
}
