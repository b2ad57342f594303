//! E-mails that wait to be sent, and what became of them. Sends none.

pub(crate) mod daily;
pub(crate) mod list;
pub(crate) mod notices;
pub(crate) mod outbox;
