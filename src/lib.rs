//! Plinth: a content management system in one binary. ARCHITECTURE.md tells which storey is for what.

pub mod db;
pub mod error;
pub mod model;
pub mod text;
