//! An e-mail as it is sent: its headers and parts. Nothing that users or visitors typed reaches a header but through a typed
//! mailbox or as a line of text that is encoded.

use std::time::SystemTime;

use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{HeaderName, HeaderValue},
    },
};

use super::fault::{FaultScope, MailFault};
use crate::text::{clean, email};

/// An e-mail that is to be sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct OutgoingMail {
    /// Its Message-ID, with the angle brackets; the same at each try.
    pub(crate) header_id: String,
    pub(crate) recipient: String,
    /// Name of the recipient; may be empty.
    pub(crate) recipient_name: String,
    /// Where an answer goes if not to the sender; may be empty.
    pub(crate) reply_to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    /// The same as HTML; none when the text says it all.
    pub(crate) html: Option<String>,
    /// The Message-IDs of those before it in the thread, the oldest first.
    pub(crate) thread: Vec<String>,
    /// Where the recipient, or their program for e-mail, has no more of these sent; empty for what they cannot choose.
    pub(crate) unsubscribe: String,
    /// Whether the program wrote it, not a user.
    pub(crate) is_automatic: bool,
}

fn address(text: &str) -> Result<Address, MailFault> {
    email::to_send_to(text)
        .parse()
        .map_err(|_| MailFault::new(FaultScope::Ever, format!("“{}” is no e-mail address.", clean::line(text))))
}

pub(super) fn compose(mail: &OutgoingMail, from: &Mailbox, now: SystemTime) -> Result<Message, MailFault> {
    let name = Some(clean::line(&mail.recipient_name)).filter(|name| !name.is_empty());
    let mut message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(name, address(&mail.recipient)?))
        .date(now)
        .message_id(Some(mail.header_id.clone()))
        .subject(clean::line(&mail.subject));
    if let Ok(reply_to) = address(&mail.reply_to) {
        message = message.reply_to(Mailbox::new(None, reply_to));
    }
    if let Some(last) = mail.thread.last() {
        message = message.in_reply_to(last.clone()).references(mail.thread.join(" "));
    }
    if mail.is_automatic {
        let name = HeaderName::new_from_ascii_str("Auto-Submitted");
        message = message.raw_header(HeaderValue::new(name, "auto-generated".to_owned()));
    }
    if !mail.unsubscribe.is_empty() {
        let name = HeaderName::new_from_ascii_str("List-Unsubscribe");
        message = message.raw_header(HeaderValue::new(name, format!("<{}>", mail.unsubscribe)));
        let name = HeaderName::new_from_ascii_str("List-Unsubscribe-Post");
        message = message.raw_header(HeaderValue::new(name, "List-Unsubscribe=One-Click".to_owned()));
    }
    let text = mail.text.clone();
    let composed = match &mail.html {
        Some(html) => message.multipart(MultiPart::alternative_plain_html(text, html.clone())),
        None => message.singlepart(SinglePart::plain(text)),
    };
    composed.map_err(|error| MailFault::new(FaultScope::Ever, format!("The e-mail cannot be written: {error}.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(mail: &OutgoingMail) -> String {
        let from = "The portal <portal@portal.example>".parse().unwrap();
        let bytes = compose(mail, &from, SystemTime::UNIX_EPOCH).unwrap().formatted();
        String::from_utf8(bytes).unwrap().split("\r\n\r\n").next().unwrap().to_owned()
    }

    #[test]
    fn nothing_that_was_typed_adds_a_header() {
        let evil = "A\r\nBcc: all@visitor.example\r\n\r\nBuy\u{0}\u{85}\u{2028}Bcc: b@visitor.example";
        let mail = OutgoingMail {
            header_id: "<1@portal.example>".to_owned(),
            recipient: "zoe@visitor.example".to_owned(),
            recipient_name: format!("{evil}, other@visitor.example <x@visitor.example>"),
            subject: evil.to_owned(),
            text: evil.to_owned(),
            thread: vec!["<0@portal.example>".to_owned()],
            ..OutgoingMail::default()
        };
        let headers = headers(&mail);
        for line in headers.lines().filter(|line| !line.starts_with([' ', '\t'])) {
            let name = line.split(':').next().unwrap();
            let known = ["From", "To", "Date", "Message-ID", "Subject", "In-Reply-To", "References", "MIME-Version"];
            let is_known = known.contains(&name) || name.starts_with("Content-");
            assert!(is_known, "{line} in\n{headers}");
        }
        assert_eq!(headers.matches("zoe@visitor.example").count(), 1, "{headers}");
        let addresses =
            ["zoe@visitor.example\r\nBcc: x@visitor.example", "a@visitor.example, b@visitor.example", "a", ""];
        for recipient in addresses {
            let mail = OutgoingMail { recipient: recipient.to_owned(), ..mail.clone() };
            let from = "portal@portal.example".parse().unwrap();
            assert_eq!(
                compose(&mail, &from, SystemTime::UNIX_EPOCH).unwrap_err().scope,
                FaultScope::Ever,
                "{recipient:?}"
            );
        }
    }

    #[test]
    fn a_thread_names_all_before_it() {
        let mail = OutgoingMail {
            header_id: "<3@portal.example>".to_owned(),
            recipient: "zoe@visitor.example".to_owned(),
            thread: ["<1@portal.example>", "<2@portal.example>"].map(ToOwned::to_owned).into(),
            is_automatic: true,
            ..OutgoingMail::default()
        };
        let headers = headers(&mail);
        for line in [
            "Message-ID: <3@portal.example>",
            "In-Reply-To: <2@portal.example>",
            "References: <1@portal.example> <2@portal.example>",
            "Auto-Submitted: auto-generated",
            "Date: Thu, 01 Jan 1970 00:00:00 +0000",
        ] {
            assert!(headers.lines().any(|known| known == line), "{line} is not in\n{headers}");
        }
    }
}
