//! Leaves that turn text into other text. They know neither content, HTTP nor the time.

pub(crate) mod block_diff;
pub(crate) mod block_merge;
pub(crate) mod bounded;
pub mod clean;
pub(crate) mod count;
pub(crate) mod csv_cell;
pub(crate) mod email;
pub(crate) mod excerpt;
pub(crate) mod fold;
pub(crate) mod front_matter;
pub(crate) mod ids;
pub(crate) mod isolate;
pub(crate) mod language;
pub(crate) mod limit;
pub mod link;
pub(crate) mod listing;
pub(crate) mod mailto;
pub mod markdown;
pub(crate) mod media_path;
pub(crate) mod media_targets;
pub(crate) mod merged_text;
pub(crate) mod nesting;
pub(crate) mod pairs;
pub mod slug;
pub(crate) mod tables;
pub mod visible;
