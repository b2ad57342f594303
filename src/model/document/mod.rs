//! Documents, whatever their kind: what they are made of, how they are saved, and who changed what. Where a document
//! lives is the business of `page` and `faq`; what visitors see of it, of `publishing`.

pub mod choices;
pub mod content;
pub mod discard;
pub mod field;
pub mod field_table;
pub mod fields;
pub mod input;
pub mod keys;
pub mod kind;
pub mod lineage;
pub mod merge;
pub mod overview;
pub mod placement;
pub mod record;
pub mod restoring;
pub mod revision;
pub mod rules;
pub mod saving;
