//! What a maintainer is told about the program and the site: one list of checks, for the command `doctor`, the screen “System” and
//! the warnings at the start. Reads only. Knows neither routes nor screens.

mod certificate;
mod content;
mod data;
pub(crate) mod diagnosis;
pub(crate) mod disk;
pub(crate) mod examined;
pub(crate) mod list;
mod settings;
mod upkeep;
