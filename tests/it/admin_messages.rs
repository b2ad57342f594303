//! Messages at the desk.
