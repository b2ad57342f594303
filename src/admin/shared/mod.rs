//! What several screens of the admin area need: sessions, rights, flash, pagination, forms. Knows no noun.

pub mod admin_context;
pub mod audit_entry;
pub mod audit_groups;
pub mod audit_labels;
pub mod auth_screen;
pub mod body_limit;
pub mod confirm_password;
pub mod document_kinds;
pub mod error_page;
pub mod flash;
pub mod form_labels;
pub mod kept_form;
pub mod kept_page;
pub mod known_device;
pub mod log_in;
pub mod merged_form;
pub mod pagination;
pub mod permission;
pub mod position;
pub mod retention_notices;
pub mod routes;
pub mod session_end;
pub mod session_view;
pub mod sessions;
pub mod submission;
pub mod user_agent;
