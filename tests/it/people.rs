//! People, invitations, the first administrator.
