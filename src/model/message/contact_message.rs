//! What a visitor may send: the contact form, checked and cleaned.

use email_address::{EmailAddress, Options};

use super::topic;
use crate::{
    error::ValidationErrors,
    text::{clean, email, limit},
};

/// Longest name and role, in characters.
const LINE_MAX: usize = 120;
/// Longest e-mail address, in bytes (RFC 5321 with its erratum).
const EMAIL_MAX: usize = 254;
/// Longest name of a country, in characters.
const COUNTRY_MAX: usize = 80;
/// Longest message, in characters.
pub(crate) const MESSAGE_MAX: usize = 5000;

/// The form as it was sent.
#[derive(Debug, Clone, Copy, Default)]
#[allow(missing_docs, reason = "the fields of the form")]
pub struct ContactInput<'a> {
    pub topic: &'a str,
    pub name: &'a str,
    pub email: &'a str,
    pub role: &'a str,
    pub country: &'a str,
    pub body: &'a str,
    pub consent: &'a str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactMessage {
    pub topic: &'static str,
    /// 1 to 120 characters.
    pub name: String,
    pub email: String,
    /// Up to 120 characters.
    pub role: String,
    /// Up to 80 characters.
    pub country: String,
    /// 1 to 5,000 characters; lines end in `\n`.
    pub body: String,
}

impl ContactMessage {
    /// Checks and cleans what was typed.
    /// Errors: sentences for the form, in its order.
    pub fn parse(typed: ContactInput) -> Result<Self, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let topic = topic::parse(typed.topic).unwrap_or_else(|| {
            errors.add("topic", "Choose what your message is about");
            ""
        });
        let name = errors.take("name", parse_required(typed.name, "your name"));
        let email = errors.take("email", parse_email(typed.email));
        let role = errors.take("role", short(typed.role, "your role", LINE_MAX));
        let country = errors.take("country", short(typed.country, "the name of your country", COUNTRY_MAX));
        let body = errors.take("body", body(typed.body));
        if typed.consent != "yes" {
            errors.add("consent", "Tick the box if we may store your message; without it we cannot answer you");
        }
        errors.finish(|| Self { topic, name, email, role, country, body })
    }
}

fn parse_required(text: &str, what: &str) -> Result<String, String> {
    let text = short(text, what, LINE_MAX)?;
    if text.is_empty() { Err(format!("Enter {what}")) } else { Ok(text) }
}

fn short(text: &str, what: &str, max: usize) -> Result<String, String> {
    let text = clean::line(text);
    limit::characters(&text, what, max).map(|()| text)
}

/// Kept as typed, for users to read; its normal form is what is checked.
fn parse_email(text: &str) -> Result<String, String> {
    let text = clean::line(text);
    if text.is_empty() {
        return Err("Enter your e-mail address, so that we can answer you".to_owned());
    }
    if text.len() > EMAIL_MAX {
        return Err(format!("Shorten your e-mail address to {EMAIL_MAX} characters or fewer"));
    }
    let rules = Options::default().with_required_tld().without_domain_literal().without_display_text();
    // Only a quoted address may contain a space, and nobody has one.
    if text.contains(char::is_whitespace) || EmailAddress::parse_with_options(&email::normal(&text), rules).is_err() {
        return Err("Enter your e-mail address in the form name@example.org".to_owned());
    }
    Ok(text)
}

fn body(text: &str) -> Result<String, String> {
    let text = clean::lines(text);
    if text.is_empty() {
        return Err("Enter your question or message".to_owned());
    }
    limit::characters(&text, "your message", MESSAGE_MAX).map(|()| text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn good() -> ContactInput<'static> {
        ContactInput {
            topic: "people",
            name: "Ada Lovelace",
            email: "ada@example.org",
            body: "A question.",
            consent: "yes",
            ..ContactInput::default()
        }
    }

    fn fields(typed: ContactInput) -> Vec<String> {
        ContactMessage::parse(typed).err().unwrap_or_default().list.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn an_empty_form_is_told_everything_that_is_missing() {
        assert_eq!(fields(ContactInput::default()), ["topic", "name", "email", "body", "consent"]);
        assert!(fields(good()).is_empty());
    }

    #[test]
    fn limits_count_characters() {
        let (long, longer) = ("é".repeat(MESSAGE_MAX), "é".repeat(MESSAGE_MAX + 1));
        assert!(fields(ContactInput { body: &long, ..good() }).is_empty());
        assert_eq!(fields(ContactInput { body: &longer, ..good() }), ["body"]);
        let name = "é".repeat(121);
        assert_eq!(
            fields(ContactInput { name: &name, role: &name, country: &name, ..good() }),
            ["name", "role", "country"]
        );
        assert_eq!(fields(ContactInput { topic: "weather", name: " \0 ", ..good() }), ["topic", "name"]);
    }

    #[test]
    fn an_address_must_be_one_that_can_be_answered() {
        for bad in ["ada", "ada@", "@example.org", "ada@localhost", "a b@example.org", "Ada <a@example.org>", "a@[::1]"]
        {
            assert_eq!(fields(ContactInput { email: bad, ..good() }), ["email"], "{bad}");
        }
        for good_one in ["ada+iso@example.org", " ada@mail.example.co.uk ", "ада@пример.рф"] {
            assert!(fields(ContactInput { email: good_one, ..good() }).is_empty(), "{good_one}");
        }
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_clean(body in any::<String>(), name in any::<String>()) {
            if let Ok(message) = ContactMessage::parse(ContactInput { body: &body, name: &name, ..good() }) {
                prop_assert!(!message.name.contains(char::is_control) && !message.name.is_empty());
                prop_assert!(!message.body.contains('\0') && !message.body.contains('\r'));
            }
        }
    }
}
