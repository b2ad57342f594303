//! Changes what is said of a thing in the media library. Visitors see none of it.

use super::{
    adding::MediaWords,
    item::{self, FOCUSES, MediaItem},
};
use crate::{
    error::{Result, ValidationErrors},
    model::{audit_log::AuditEntry, write::Write},
    text::{clean, limit},
};

/// Longest title and longest list of labels, in characters.
pub(crate) const TITLE_MAX: usize = 100;
pub(crate) const LABELS_MAX: usize = 200;

impl MediaWords {
    /// As it is stored.
    #[must_use]
    pub(crate) fn clean(&self) -> Self {
        let labels = self.labels.split([',', '\n']).map(clean::line).filter(|label| !label.is_empty());
        Self {
            title: clean::line(&self.title),
            labels: labels.collect::<Vec<_>>().join(", "),
            focus: self.focus.clone(),
        }
    }

    /// Whether it can be stored.
    /// Errors: one sentence for each of `title`, `labels`, `focus` at fault.
    pub(crate) fn check(&self) -> Result<(), ValidationErrors> {
        let mut errors = ValidationErrors::default();
        if self.title.is_empty() {
            errors.add("title", "Enter a title");
        }
        errors.take("title", limit::characters(&self.title, "the title", TITLE_MAX));
        errors.take("labels", limit::characters(&self.labels, "the labels", LABELS_MAX));
        if FOCUSES.iter().all(|(focus, _)| *focus != self.focus) {
            errors.add("focus", "Choose what has to stay visible");
        }
        errors.finish(|| ())
    }
}

/// Stores what is said of a thing, if it differs.
/// `Validation` on a field at fault.
pub(crate) async fn change(write: &Write, item: &MediaItem, words: &MediaWords) -> Result<()> {
    words.check()?;
    write
        .execute(
            "update media set title = $2, labels = $3, focus = $4, search_text = $5 where id = $1",
            (
                item.id,
                words.title.as_str(),
                words.labels.as_str(),
                words.focus.as_str(),
                item::search_text(&words.title, &words.labels, &item.path),
            ),
        )
        .await?;
    let mut changes = Vec::new();
    if words.title != item.title {
        changes.push(format!("title from “{}” to “{}”", item.title, words.title));
    }
    if words.labels != item.labels {
        changes.push(format!("labels: {}", words.labels));
    }
    if words.focus != item.focus {
        changes.push(format!("focus: {}", words.focus));
    }
    write.record(
        AuditEntry::new("media.change", "media", Some(item.id), words.title.as_str()).detail(changes.join("; ")),
    );
    Ok(())
}

/// Whether the detail of an entry about [`change`] names a field.
#[must_use]
pub(crate) fn names(detail: &str, field: &str) -> bool {
    detail.split("; ").any(|change| change.starts_with(field))
}
