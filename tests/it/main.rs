//! One test binary: every check goes over HTTP, with a real database.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, helpers included"
)]
#![allow(clippy::too_many_lines, reason = "a test tells one story from its beginning to its end")]

mod access_log;
mod account;
mod admin_audit_check;
mod admin_audit_log;
mod admin_compare;
mod admin_conflict;
mod admin_dashboard;
mod admin_discard;
mod admin_faq;
mod admin_guard;
mod admin_kept;
mod admin_link_parts;
mod admin_links;
mod admin_merge;
mod admin_message_answers;
mod admin_message_disposal;
mod admin_messages;
mod admin_pages;
mod admin_previews;
mod admin_publication;
mod admin_removal;
mod admin_republish;
mod admin_revisions;
mod admin_search;
mod admin_sentences;
mod admin_settings;
mod admin_trash;
mod admin_trash_undo;
mod browser;
mod clocks;
mod collation;
mod command_line;
mod configuration;
mod connections;
mod contact;
mod copy;
mod costs;
mod credentials;
mod crowds;
mod data_directory;
mod differential;
mod editor;
mod field_table;
mod forger;
mod forms;
mod generated;
mod guard;
mod harness;
mod http;
mod ids;
mod import;
mod imports;
mod language;
mod listener;
mod log;
mod lost_files;
mod markdown;
mod migrations;
mod names;
mod nodes;
mod nodes_killed;
mod nodes_proxied;
mod page_cache;
mod postgres;
mod postgres_faults;
mod program;
mod proxy;
mod public_search;
mod public_versions;
mod publishing_rules;
mod redirects;
mod retention;
mod rights_by_effect;
mod safe_methods;
mod schedules;
mod schema;
mod search;
mod security;
mod security_log;
mod sign_in;
mod sign_in_limits;
mod site_pages;
mod site_paths;
mod sql;
mod sql_postgres;
mod stopping;
mod storage_faults;
mod structure;
mod stuck;
mod submissions;
mod templates;
mod text_limits;
mod transfer;
mod users;
mod visible;
mod wire;
mod words;
mod writer;
