//! Plinth: a content management system in one binary. ARCHITECTURE.md describes its layers.

pub mod admin;
pub mod app;
pub(crate) mod backup;
pub mod clock;
pub mod config;
pub(crate) mod crypto;
pub mod db;
pub(crate) mod doctor;
pub mod error;
pub(crate) mod histogram;
pub(crate) mod mail;
pub(crate) mod media_files;
pub mod model;
pub mod next_due;
pub(crate) mod oidc;
pub mod render;
pub mod search;
pub mod site;
pub mod site_version;
pub mod state;
pub mod text;
pub(crate) mod tls;
pub mod web;
pub(crate) mod webhook;
pub(crate) mod work;
