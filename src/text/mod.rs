//! Leaves that turn text into other text. They know neither content nor HTTP.

pub mod bounded;
pub mod clean;
pub mod count;
pub mod csv_cell;
pub mod email;
pub mod excerpt;
pub mod fold;
pub mod front_matter;
pub mod ids;
pub mod isolate;
pub mod language;
pub mod limit;
pub mod link;
pub mod listing;
pub mod mailto;
pub mod markdown;
pub mod nesting;
pub mod slug;
pub mod tables;
pub mod time;
pub mod token;
pub mod visible;
