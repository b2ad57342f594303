//! One field of a type of document: how it is entered, where visitors see it, and what it may be. Knows no form and no database.

use serde::{Deserialize, Serialize};

use super::{
    field_table,
    type_key::{check_form_of_key, check_key},
};
use crate::{
    error::ValidationErrors,
    text::{clean, limit},
};

/// Most parts of the rows of a list.
const PARTS_MAX: usize = 8;
/// Most things that can be chosen from.
const OPTIONS_MAX: usize = 100;
const LABEL_MAX: usize = 60;
const HINT_MAX: usize = 400;
const OPTION_MAX: usize = 100;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
pub(super) const fn is_false(value: &bool) -> bool {
    !*value
}

/// How a field is entered, and so what it may hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TypeControl {
    #[default]
    Line,
    Text,
    Markdown,
    Number,
    Date,
    Choice,
    YesNo,
    /// An address on another site.
    Url,
    /// A page or a question of this site.
    Reference,
    /// A picture or a file of the media library.
    Media,
    /// A list of rows with the same parts.
    Rows,
}

/// Where visitors see a field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// At the top, as a key fact.
    #[default]
    Fact,
    /// Below the text, under a heading.
    Section,
    /// Nowhere on the page, only in what machines read.
    Data,
    /// Nowhere: for users of the admin area.
    Internal,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeField {
    /// Its name in forms, files and revisions; it never changes.
    pub key: String,
    pub label: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hint: String,
    #[serde(default)]
    pub control: TypeControl,
    /// Its most characters; none for the usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
    /// Whether a document without it cannot be published.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_required: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_searched: bool,
    #[serde(default)]
    pub shown: Shown,
    /// The form no longer shows it; documents keep their values.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_hidden: bool,
    /// What can be chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// What each row of a list has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Self>,
}

impl TypeControl {
    pub(crate) const ALL: [Self; 11] = [
        Self::Line,
        Self::Text,
        Self::Markdown,
        Self::Number,
        Self::Date,
        Self::Choice,
        Self::YesNo,
        Self::Url,
        Self::Reference,
        Self::Media,
        Self::Rows,
    ];

    /// Its name in files and forms, and how it reads.
    #[must_use]
    pub(crate) const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Line => ("line", "A line"),
            Self::Text => ("text", "Text of several lines"),
            Self::Markdown => ("markdown", "Text with headings, lists and links"),
            Self::Number => ("number", "A number"),
            Self::Date => ("date", "A date"),
            Self::Choice => ("choice", "A choice from a list"),
            Self::YesNo => ("yes_no", "Yes or no"),
            Self::Url => ("url", "A web address"),
            Self::Reference => ("reference", "A page or a question of this site"),
            Self::Media => ("media", "A picture or a file of the media library"),
            Self::Rows => ("rows", "A list of rows with parts"),
        }
    }

    #[must_use]
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|control| control.names().0 == name)
    }

    /// Whether what is typed has a limit of characters that can be set, and the usual one.
    #[must_use]
    pub(crate) const fn limits(self) -> Option<(usize, usize)> {
        match self {
            Self::Line => Some((200, 1_000)),
            Self::Text => Some((2_000, 20_000)),
            Self::Markdown => Some((20_000, field_table::BODY_MAX)),
            _ => None,
        }
    }

    /// Whether it can be a part of a row.
    #[must_use]
    pub(crate) const fn is_for_parts(self) -> bool {
        !matches!(self, Self::Rows | Self::Markdown | Self::Media)
    }
}

impl Shown {
    pub(crate) const ALL: [Self; 4] = [Self::Fact, Self::Section, Self::Data, Self::Internal];

    /// Its name in files and forms, and how it reads.
    #[must_use]
    pub(crate) const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Fact => ("fact", "At the top of the page, as a key fact"),
            Self::Section => ("section", "Below the text, under a heading"),
            Self::Data => ("data", "Only in what machines read"),
            Self::Internal => ("internal", "Only in the admin area"),
        }
    }

    #[must_use]
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shown| shown.names().0 == name)
    }
}

impl TypeField {
    /// The same with its texts cleaned, and without what its control does not have.
    #[must_use]
    pub fn clean(mut self) -> Self {
        self.label = clean::line(&self.label);
        self.hint = clean::line(&self.hint);
        self.key = clean::line(&self.key);
        self.limit = self.limit.filter(|_| self.control.limits().is_some());
        self.options = match self.control {
            TypeControl::Choice => {
                self.options.iter().map(|one| clean::line(one)).filter(|one| !one.is_empty()).collect()
            }
            _ => Vec::new(),
        };
        self.parts = match self.control {
            TypeControl::Rows => self.parts.into_iter().map(Self::clean).collect(),
            _ => Vec::new(),
        };
        self
    }

    /// Whether a type can have it.
    /// Errors: one sentence for each fault, named by `key`, `label`, `hint`, `limit`, `options` or `parts`.
    pub fn check(&self) -> Result<(), ValidationErrors> {
        let mut errors = ValidationErrors::default();
        errors.take("key", check_key(&self.key));
        if self.label.is_empty() {
            errors.add("label", "Enter a label");
        }
        errors.take("label", limit::characters(&self.label, "the label", LABEL_MAX));
        errors.take("hint", limit::characters(&self.hint, "the hint", HINT_MAX));
        errors.take("limit", self.check_limit());
        errors.take("options", self.check_options());
        errors.take("parts", self.check_parts());
        errors.finish(|| ())
    }

    fn check_limit(&self) -> Result<(), String> {
        match (self.limit, self.control.limits()) {
            (Some(limit), Some((_, most))) if !(1..=most).contains(&limit) => {
                Err(format!("Enter a limit from 1 to {most}, or leave it empty"))
            }
            _ => Ok(()),
        }
    }

    fn check_options(&self) -> Result<(), String> {
        if self.control != TypeControl::Choice {
            return Ok(());
        }
        if self.options.is_empty() {
            return Err("Enter what can be chosen, a line for each".to_owned());
        }
        if self.options.len() > OPTIONS_MAX {
            return Err(format!("Enter at most {OPTIONS_MAX} lines; there are {}", self.options.len()));
        }
        for (at, option) in self.options.iter().enumerate() {
            limit::characters(option, "each line", OPTION_MAX)?;
            if self.options[..at].contains(option) {
                return Err(format!("“{option}” is there twice"));
            }
        }
        Ok(())
    }

    fn check_parts(&self) -> Result<(), String> {
        if self.control != TypeControl::Rows {
            return Ok(());
        }
        if self.parts.is_empty() {
            return Err("Enter the parts of a row, a line for each".to_owned());
        }
        if self.parts.len() > PARTS_MAX {
            return Err(format!("A row has at most {PARTS_MAX} parts; this one would have {}", self.parts.len()));
        }
        for (at, part) in self.parts.iter().enumerate() {
            if !part.control.is_for_parts() {
                return Err(format!("“{}” cannot be a part of a row", part.control.names().1));
            }
            if self.parts[..at].iter().any(|other| other.key == part.key) {
                return Err(format!("Two parts have the key “{}”", part.key));
            }
            check_form_of_key(&part.key)?;
            if let Err(errors) = part.check_as_part() {
                return Err(format!("{}: {errors}", part.label));
            }
        }
        Ok(())
    }

    fn check_as_part(&self) -> Result<(), String> {
        if self.label.is_empty() {
            return Err("Enter a label".to_owned());
        }
        limit::characters(&self.label, "the label", LABEL_MAX)?;
        limit::characters(&self.hint, "the hint", HINT_MAX)?;
        self.check_limit()?;
        if *self != self.clone().only_of_part() {
            return Err(
                "A part has no place of its own, and is not required, searched or hidden; the list is".to_owned()
            );
        }
        self.check_options()
    }

    /// The same without what only a field has and no part of one.
    #[must_use]
    pub(crate) fn only_of_part(self) -> Self {
        Self { is_required: false, is_searched: false, shown: Shown::default(), is_hidden: false, ..self }
    }
}
