//! What Prometheus reads, on a listener of its own.

pub(super) mod listener;
mod process;
mod text;
mod values;
