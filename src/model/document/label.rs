//! Keeps the labels of each revision, by which its page is found.

use super::{content::Content, keys};
use crate::{
    error::Result,
    model::write::Write,
    text::{fold::fold, labels},
};

/// Keeps those of a new revision.
pub(super) async fn keep(write: &Write, revision_id: i64, content: &Content) -> Result<()> {
    let value = content.value(keys::LABELS);
    for label in labels::split(&value) {
        write
            .execute(
                "insert into revision_label (revision_id, name, label) values ($1, $2, $3)",
                (revision_id, fold(label), label),
            )
            .await?;
    }
    Ok(())
}
