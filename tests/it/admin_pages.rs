//! Pages at the desk.
