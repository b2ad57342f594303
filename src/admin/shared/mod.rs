//! What several screens of the admin area need: sessions, rights, flash, pagination, forms. Knows no noun.

pub mod admin_context;
pub mod auth_screen;
pub mod confirm_password;
pub mod error_page;
pub mod flash;
pub mod form_labels;
pub mod kept_form;
pub mod kept_page;
pub mod known_device;
pub mod merged_form;
pub mod pagination;
pub mod permission;
pub mod position;
pub mod routes;
pub mod session_end;
pub mod sessions;
pub mod submission;
pub mod user_agent;
