//! What several screens of the admin area need: sessions, rights, flash, pagination, forms. Knows no noun.

pub(crate) mod admin_context;
pub(crate) mod audit_entry;
pub(crate) mod audit_groups;
pub(crate) mod audit_labels;
pub(crate) mod auth_screen;
pub(crate) mod body_limit;
pub(crate) mod confirm_password;
pub(crate) mod document_kinds;
pub(crate) mod error_page;
pub(crate) mod flash;
pub(crate) mod form_labels;
pub(crate) mod form_outcome;
pub mod kept_form;
pub(crate) mod kept_page;
pub(crate) mod known_device;
pub(crate) mod log_in;
pub(crate) mod merged_form;
pub mod permission;
pub(crate) mod position;
pub(crate) mod retention_notices;
pub mod routes;
pub(crate) mod session_end;
pub(crate) mod session_view;
pub(crate) mod sessions;
pub(crate) mod submission;
pub(crate) mod user_agent;
