//! Messages of visitors, and what became of them.

pub mod contact_message;
pub mod drafts;
pub mod expiry;
pub mod export;
pub mod form_token;
pub mod handling;
pub mod inbox;
pub mod intake;
pub mod notes;
pub mod record;
pub mod reply;
pub mod retention;
pub mod spam;
pub mod spam_rules;
pub mod spam_signal;
pub mod status;
pub mod topic;
