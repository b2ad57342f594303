//! What both faces need of a request: the state, templates, forms, the signed-in person, the rights of routes,
//! error pages, and the one rendering of a public page that visitors, previews and history share.

pub mod admin_context;
pub mod admin_error;
pub mod audit_check;
pub mod auth_screen;
pub mod confirm;
pub mod diff;
pub mod document_control;
pub mod edits;
pub mod error_page;
pub mod flash;
pub mod form_errors;
pub mod form_labels;
pub mod guard;
pub mod kept_form;
pub mod kept_page;
pub mod known_device;
pub mod links;
pub mod login_attempts;
pub mod nav_cache;
pub mod page_nav;
pub mod page_questions;
pub mod page_view;
pub mod pager;
pub mod position;
pub mod publication_status;
pub mod readiness;
pub mod routes;
pub mod session_end;
pub mod sessions;
pub mod site_view;
pub mod state;
pub mod submission;
pub mod templates;
pub mod user_agent;
