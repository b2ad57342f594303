//! Documents, whatever their kind: what they are made of, how they are saved, and who changed what. Where a document
//! lives is the business of `page` and `faq`; what visitors see of it, of `publishing`.

pub(crate) mod choices;
pub mod content;
pub(crate) mod discard;
pub(crate) mod draft;
pub mod field;
pub mod field_table;
pub mod fields;
pub(crate) mod input;
pub mod keys;
pub mod kind;
pub(crate) mod lineage;
pub(crate) mod merge;
pub(crate) mod open_draft;
pub mod overview;
pub mod owner;
pub(crate) mod placement;
pub(crate) mod presence;
pub mod record;
pub(crate) mod restoring;
pub(crate) mod review;
pub mod revision;
pub mod rules;
pub mod saving;
pub(crate) mod template;
pub(crate) mod with_newest;
