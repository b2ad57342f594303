//! Content, people, messages, and their rules, with their SQL. Knows nothing of HTTP, templates or forms' markup.

pub mod actor;
pub mod arrange;
pub mod document;
pub mod faq;
pub mod invitation;
pub mod journal;
pub mod membership;
pub mod message;
pub mod page;
pub mod password;
pub mod person;
pub mod policy;
pub mod publishing;
pub mod redirect;
pub mod revision;
pub mod running_time;
pub mod search_term;
pub mod searchable;
pub mod secret;
pub mod session;
pub mod settings;
pub mod sign_in;
pub mod transfer;
pub mod trash;
pub mod turn;
pub mod write;
