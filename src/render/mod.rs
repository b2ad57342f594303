//! The HTML of public pages, for visitors, previews and old versions alike. Knows no session and no form of the admin area.

pub(crate) mod contact_view;
pub(crate) mod cursor_key;
pub(crate) mod document_control;
pub(crate) mod document_number;
pub(crate) mod drawing;
mod embedded;
pub(crate) mod error_page;
pub(crate) mod machine_head;
pub(crate) mod machine_view;
pub(crate) mod markdown_source;
pub(crate) mod navigation;
pub mod page;
pub(crate) mod page_file;
pub(crate) mod pagination;
pub(crate) mod published_change;
pub(crate) mod questions;
pub(crate) mod render_input;
pub(crate) mod search_results;
pub(crate) mod shown_diff;
pub(crate) mod shown_size;
pub(crate) mod site_paths;
pub(crate) mod site_view;
pub(crate) mod structured_data;
pub(crate) mod table_file;
pub(crate) mod text_diff;
pub(crate) mod typed_fields;
pub(crate) mod version_notice;
