//! Puts the program together: start-up, routes, layers, background work, serving.

pub mod audit;
pub mod background;
pub mod backup;
pub mod data_directory;
pub mod environment;
pub mod first_run;
pub mod lock;
pub mod logging;
mod mounts;
pub mod router;
pub mod rules;
pub mod serve;
pub mod start;
pub mod terminal;
pub mod transfer;
pub mod user;
