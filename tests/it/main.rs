//! One test binary: every check goes through the front door, with a real database.

mod account;
mod admin_faq;
mod admin_journal;
mod admin_messages;
mod admin_pages;
mod admin_settings;
mod admin_trash;
mod browser;
mod contact;
mod guard;
mod harness;
mod page_cache;
mod people;
mod retention;
mod security;
mod sign_in;
mod site_pages;
mod structure;
mod transfer;
