//! The HTML of public pages, for visitors, previews and old versions alike. Knows no session and no form of the admin area.

pub mod document_control;
pub mod error_page;
pub mod navigation;
pub mod page;
pub mod pagination;
pub mod questions;
pub mod render_input;
pub mod site_view;
