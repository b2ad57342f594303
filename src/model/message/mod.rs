//! Messages of visitors, and what is done with them.

pub(crate) mod answer_template;
pub mod contact_message;
pub(crate) mod drafts;
pub(crate) mod expiry;
pub(crate) mod export;
pub(crate) mod form_token;
pub(crate) mod handling;
pub mod inbox;
pub(crate) mod intake;
pub mod notes;
pub mod record;
pub mod reply;
pub mod retention;
pub(crate) mod selection;
pub(crate) mod sent_proof;
pub(crate) mod spam;
pub(crate) mod spam_rules;
pub(crate) mod spam_signal;
pub mod status;
pub(crate) mod topic;
