//! What the inbox calls the statuses, the folders and the separators of an export.

use crate::model::message::{export::Separator, inbox::MessageFolder, status::MessageStatus};

#[must_use]
pub(super) const fn status(status: MessageStatus) -> &'static str {
    match status {
        MessageStatus::Unread => "Unread",
        MessageStatus::Open => "Open",
        MessageStatus::Answered => "Answered",
        MessageStatus::Spam => "Spam",
        MessageStatus::Archived => "Archived",
    }
}

#[must_use]
pub(super) const fn folder(folder: MessageFolder) -> &'static str {
    match folder {
        MessageFolder::Inbox => "Inbox",
        MessageFolder::Of(of) => status(of),
        MessageFolder::All => "All messages",
    }
}

/// The messages in a folder, as part of a sentence.
#[must_use]
pub(super) const fn messages_in(folder: MessageFolder) -> &'static str {
    match folder {
        MessageFolder::Inbox => "the inbox: unread and open messages",
        MessageFolder::All => "all messages, spam and archived ones included",
        MessageFolder::Of(MessageStatus::Unread) => "unread messages",
        MessageFolder::Of(MessageStatus::Open) => "open messages",
        MessageFolder::Of(MessageStatus::Answered) => "answered messages",
        MessageFolder::Of(MessageStatus::Spam) => "spam",
        MessageFolder::Of(MessageStatus::Archived) => "archived messages",
    }
}

#[must_use]
pub(super) const fn separator(separator: Separator) -> &'static str {
    match separator {
        Separator::Comma => "Comma",
        Separator::Semicolon => "Semicolon (spreadsheets in German, French and others)",
        Separator::Tab => "Tab",
    }
}
