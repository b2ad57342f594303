//! Whether a message counts as spam: the sum of signals, each with points and a reason that users can read. No signal
//! that an honest visitor may cause is enough by itself, except the honeypot. No message is ever dropped.

use super::{contact_message::ContactMessage, form_token::FormAge, spam_rules, spam_signal::SpamSignal};

/// From this score on, a message goes to the spam folder.
pub(crate) const THRESHOLD: i64 = 50;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Assessment {
    signals: Vec<SpamSignal>,
}

impl Assessment {
    /// The signals of the form (the honeypot and the token) and of the text. `origin` is the address of the site: links
    /// to its own pages do not count.
    #[must_use]
    pub(crate) fn of(message: &ContactMessage, honeypot: &str, form_token: FormAge, origin: &str) -> Self {
        let mut signals = spam_rules::of(message, origin);
        signals.extend(honeypot_signal(honeypot));
        signals.extend(age_signal(form_token));
        Self { signals }
    }

    /// Adds a signal that only the database can give.
    pub(crate) fn add(&mut self, signal: SpamSignal) {
        self.signals.push(signal);
    }

    #[must_use]
    pub(crate) fn score(&self) -> i64 {
        self.signals.iter().map(|signal| signal.points).sum()
    }

    /// Whether the message belongs into the spam folder.
    #[must_use]
    pub(crate) fn is_spam(&self) -> bool {
        self.score() >= THRESHOLD
    }

    /// One reason on each line, with its points.
    #[must_use]
    pub(crate) fn reasons(&self) -> String {
        let lines: Vec<_> =
            self.signals.iter().map(|signal| format!("{} ({})", signal.reason, signal.points)).collect();
        lines.join("\n")
    }
}

fn honeypot_signal(honeypot: &str) -> Option<SpamSignal> {
    (!honeypot.is_empty()).then(|| SpamSignal::new(100, "The hidden field that only robots see was filled in"))
}

fn age_signal(form_token: FormAge) -> Option<SpamSignal> {
    match form_token {
        FormAge::Good => None,
        // A browser that fills in forms by itself can be this fast, so one more signal is needed.
        FormAge::Fast => Some(SpamSignal::new(40, "It was sent within three seconds")),
        FormAge::Old => Some(SpamSignal::new(20, "The form was older than a day when it was sent")),
        FormAge::Missing => Some(SpamSignal::new(50, "The form came back without its token")),
        FormAge::Forged => Some(SpamSignal::new(60, "The token of the form was not made by this site")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(body: &str) -> ContactMessage {
        ContactMessage {
            topic: "other",
            name: "Ada".to_owned(),
            email: "ada@example.org".to_owned(),
            role: String::new(),
            country: String::new(),
            body: body.to_owned(),
        }
    }

    fn is_spam(body: &str, honeypot: &str, form_token: FormAge) -> bool {
        Assessment::of(&message(body), honeypot, form_token, "https://portal.example").is_spam()
    }

    #[test]
    fn the_honeypot_and_a_token_that_is_not_ours_are_enough() {
        assert!(is_spam("A question.", "https://spam.example", FormAge::Good));
        assert!(is_spam("A question.", "", FormAge::Missing));
        assert!(is_spam("A question.", "", FormAge::Forged));
    }

    #[test]
    fn an_honest_visitor_gets_through() {
        for form_token in [FormAge::Good, FormAge::Fast, FormAge::Old] {
            assert!(!is_spam("Is ISO/IEC 20000-1:2018 still the valid edition?", "", form_token), "{form_token:?}");
        }
        assert!(is_spam("See http://shop.example for cheap certificates", "", FormAge::Fast));
    }

    #[test]
    fn the_reasons_explain_the_score() {
        let mut assessment = Assessment::of(&message("Hello."), "x", FormAge::Old, "");
        assessment.add(SpamSignal::new(5, "One more"));
        assert_eq!(assessment.score(), 125);
        assert_eq!(assessment.reasons().lines().last(), Some("One more (5)"));
    }
}
