//! What every handler is given, and its parts: templates, navigation, limits, checks. Knows no route and no screen.

pub mod app_state;
pub mod audit_check;
pub mod login_attempts;
pub mod nav_cache;
pub mod readiness;
pub mod templates;
