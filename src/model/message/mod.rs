//! Messages of visitors, and what became of them.

pub mod answering;
pub mod drafts;
pub mod expiry;
pub mod export;
pub mod form_token;
pub mod handling;
pub mod inbox;
pub mod letter;
pub mod notes;
pub mod receiving;
pub mod retention;
pub mod signs;
pub mod spam;
pub mod state;
pub mod stored;
pub mod topic;
