//! What every handler is given, and its parts: templates, navigation, limits, checks. Knows no route and no screen.

pub mod app_state;
pub mod backup_work;
pub(crate) mod comparing;
pub(crate) mod dead_links;
pub(crate) mod draft_site;
pub(crate) mod glossary_cache;
pub mod login_attempts;
pub(crate) mod nav_cache;
pub(crate) mod page_lists;
pub(crate) mod path_counter;
pub(crate) mod readiness;
pub(crate) mod shown_heads;
#[cfg(test)]
pub(crate) mod template_samples;
pub(crate) mod templates;
