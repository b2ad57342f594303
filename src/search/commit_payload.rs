//! What a commit of an index says of itself, so that the next start knows what it has.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::searchable::AuditLogPosition;

/// What a commit says of itself.
#[derive(Serialize, Deserialize)]
pub(super) struct Payload {
    pub(super) version: u32,
    pub(super) index: String,
    /// How words are cut to stems.
    pub(super) rules: String,
    /// A hash of the searched fields of each type that has some, by its key.
    #[serde(default)]
    pub(super) types: BTreeMap<String, String>,
    pub(super) position: AuditLogPosition,
    /// Deleted messages may still be in the files.
    #[serde(default)]
    pub(super) erase: bool,
}
