//! The own password.
