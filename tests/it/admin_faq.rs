//! Questions at the desk.
