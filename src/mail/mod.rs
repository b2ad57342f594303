//! Sending e-mails through a mail server. Knows no content and no database.

pub(crate) mod composing;
pub(crate) mod fault;
pub(crate) mod mailer;
mod server;
