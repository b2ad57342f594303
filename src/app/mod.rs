//! Puts the program together: start-up, routes, layers, background work, serving.

pub mod audit;
pub mod background;
pub mod backup;
pub mod copy;
pub(crate) mod data_directory;
pub mod doctor;
pub mod drill;
pub mod due;
pub mod environment;
pub mod first_run;
pub(crate) mod lock;
mod log_targets;
pub mod logging;
mod mail_content;
pub mod mailing;
mod media_place;
mod metrics;
mod mounts;
mod other_names;
pub mod restore;
mod restore_plan;
mod restored_files;
pub mod router;
pub mod rules;
pub mod scheduled_backup;
pub mod serve;
pub mod start;
#[cfg(test)]
mod template_samples;
pub mod terminal;
pub mod transfer;
pub(crate) mod unfinished;
pub mod user;
pub mod watching;
