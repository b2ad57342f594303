//! The contact form as the template draws it, and the thanks for a message.

use serde::Serialize;

use crate::{
    model::message::topic,
    web::form_errors::{FormErrors, SelectOption},
};

/// The contact form as the template draws it.
#[derive(Debug, Serialize)]
pub(crate) struct ContactView {
    pub(crate) form: ContactForm,
    pub(crate) errors: FormErrors,
    pub(crate) topics: Vec<SelectOption>,
    /// The reference of the message that was just sent.
    pub(crate) sent: Option<SentMessage>,
}

impl Default for ContactView {
    /// An empty form, as previews show it.
    fn default() -> Self {
        let choose = SelectOption::new("", "Choose a topic");
        let topics = topic::ALL.into_iter().map(|(name, label)| SelectOption::new(name, label));
        Self {
            form: ContactForm::default(),
            errors: FormErrors::default(),
            topics: std::iter::once(choose).chain(topics).collect(),
            sent: None,
        }
    }
}

/// What a visitor typed. `website` is the honeypot for robots.
#[derive(Debug, Default, Clone, Serialize, serde::Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields of the form")]
pub(crate) struct ContactForm {
    pub topic: String,
    pub name: String,
    pub email: String,
    pub role: String,
    pub country: String,
    pub body: String,
    pub consent: String,
    pub form_token: String,
    pub website: String,
}

/// A message that was received.
#[derive(Debug, Serialize)]
pub(crate) struct SentMessage {
    pub(crate) reference: String,
    /// By which day its sender has an answer; empty when nobody says.
    pub(crate) answer_by: String,
    pub(crate) answer_by_iso: String,
    pub(crate) text: Option<SentText>,
}

/// What its sender typed.
#[derive(Debug, Serialize)]
pub(crate) struct SentText {
    pub(crate) topic: String,
    pub(crate) email: String,
    pub(crate) body: String,
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    ContactView { form, errors, topics, sent }
    ContactForm { topic, name, email, role, country, body, consent, form_token, website }
    SentMessage { reference, answer_by, answer_by_iso, text }
    SentText { topic, email, body }
}
