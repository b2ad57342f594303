//! One document as its files have it, and what the name of a file says of it, whatever its kind.

use std::collections::BTreeSet;

use super::{editorial::Editorial, folder};
use crate::{
    error::{FieldError, ValidationErrors},
    model::document::{content::Content, fields::DocumentFields, input::DocumentInput},
    text::slug,
};

/// A document as one or two files have it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImportedDocument {
    pub live: Option<ImportedRevision>,
    pub draft: Option<ImportedRevision>,
}

impl ImportedDocument {
    /// Its versions, the live one first, and whether visitors see them.
    pub(crate) fn versions(&self) -> impl Iterator<Item = (&ImportedRevision, bool)> {
        let live = self.live.iter().map(|version| (version, true));
        live.chain(self.draft.iter().map(|version| (version, false)))
    }

    /// The file that says the most of it; empty without any.
    pub(super) fn file(&self) -> &str {
        self.versions().next().map_or("", |(version, _)| version.file.as_str())
    }

    /// Its place among its siblings, if a file names one.
    #[must_use]
    pub(crate) fn position(&self) -> Option<i64> {
        self.versions().next().and_then(|(version, _)| version.editorial.position)
    }

    pub(super) fn put(&mut self, draft: bool, version: ImportedRevision) -> Result<(), String> {
        let version_slot = if draft { &mut self.draft } else { &mut self.live };
        if let Some(other) = version_slot {
            return Err(format!("is the same document as {}; take one of them away", other.file));
        }
        *version_slot = Some(version);
        Ok(())
    }
}

/// One version with its place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImportedRevision {
    pub file: String,
    pub editorial: Editorial,
    pub typed: DocumentInput,
    /// Fields of its type whose values were stored while these fields were others, by key.
    pub(super) unfit: BTreeSet<String>,
}

/// The name without its endings, and whether it is a draft.
pub(super) fn stem(file: &str) -> Result<(&str, bool), String> {
    let stem = folder::markdown_stem(file).ok_or("its name does not end in .md")?;
    Ok(stem.strip_suffix(".draft").map_or((stem, false), |stem| (stem, true)))
}

/// Whether a part of a file's path can be a slug.
pub(super) fn check_name(part: &str) -> Result<(), String> {
    match slug::parse(part) {
        Ok(slug) if slug == part => Ok(()),
        _ => Err(format!(
            "“{part}” cannot be part of a path; rename it, with small letters a to z, digits, and single hyphens \
             between them"
        )),
    }
}

/// Whether a version breaks a rule that needs no database.
pub(super) fn check(fields: &DocumentFields, typed: &DocumentInput, unfit: &BTreeSet<String>) -> Result<(), String> {
    Content::parse_stored(fields, typed, unfit).map(drop).map_err(|errors| sentences(&errors))
}

pub(super) fn sentences(errors: &ValidationErrors) -> String {
    let sentences: Vec<_> =
        errors.list.iter().map(|FieldError { field, message, .. }| format!("{field}: {message}")).collect();
    sentences.join("; ")
}
