//! The desk: where editors and administrators work. Knows nothing of the public face.

pub mod account;
pub mod dashboard;
pub mod faq;
pub mod faq_categories;
pub mod faq_item_form;
pub mod faq_items;
pub mod faq_preview;
pub mod invitations;
pub mod journal;
pub mod message;
pub mod message_deletion;
pub mod message_export;
pub mod message_screen;
pub mod message_wish;
pub mod messages;
pub mod page;
pub mod page_form;
pub mod page_move;
pub mod page_preview;
pub mod page_removal;
pub mod pages;
pub mod people;
pub mod revisions;
pub mod settings;
pub mod sign_in;
pub mod trash;
