//! Who may do what: every route as every role.
