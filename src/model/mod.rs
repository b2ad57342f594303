//! Content, people, messages, and their rules, with their SQL. Knows nothing of HTTP, templates or forms' markup.

pub mod actor;
pub mod document;
pub mod faq;
pub mod journal;
pub mod page;
pub mod policy;
pub mod publishing;
pub mod redirect;
pub mod revision;
pub mod secret;
pub mod settings;
pub mod trash;
pub mod write;
