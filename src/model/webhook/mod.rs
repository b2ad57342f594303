//! Whom administrators have told of what happens, and what waits to be told. Sends nothing.

pub(crate) mod endpoint;
pub(crate) mod event;
pub(crate) mod queue;
