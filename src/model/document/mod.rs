//! Documents, whatever their kind: what they are made of, how they are saved, and who changed what. Where a document
//! lives is the business of `page` and `faq`; what visitors see of it, of `publishing`.

pub(crate) mod choices;
pub mod content;
pub(crate) mod discard;
pub mod document_type;
pub(crate) mod draft;
pub mod field;
pub mod field_table;
pub(crate) mod field_values;
pub mod fields;
pub(crate) mod input;
pub mod keys;
pub mod kind;
pub(crate) mod lineage;
pub(crate) mod linked_text;
pub(crate) mod merge;
pub(crate) mod open_draft;
pub mod overview;
pub mod owner;
pub(crate) mod placement;
pub(crate) mod presence;
pub mod record;
pub(crate) mod reserved_keys;
pub(crate) mod restoring;
pub(crate) mod review;
pub mod revision;
pub(crate) mod rows;
pub mod rules;
pub mod saving;
pub(crate) mod template;
pub(crate) mod type_choice;
pub(crate) mod type_difference;
pub mod type_field;
pub(crate) mod type_fields;
pub mod types;
pub(crate) mod with_newest;
